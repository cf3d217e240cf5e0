"""Captures: manifest, Robust Links, bibliography; in every format."""
