"""Detectors: what a look shows, one kind of page a module."""
