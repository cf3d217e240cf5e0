"""Signs: what detectors look for on a look, matched against the tables."""
