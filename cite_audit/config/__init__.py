"""Settings of a run: their fields, the files and variables they come from, and who may set what."""
