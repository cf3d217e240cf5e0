"""Settings of a run: their fields, the files and variables they come from, and which source may set which."""
