"""The facts of a report's sentences: quotations, numbers, days and names, as a page that is cited for them may mention."""
