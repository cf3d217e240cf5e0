"""The HTML page of an audit: first screen, cards to decide on, the grade, and all notes in order."""
