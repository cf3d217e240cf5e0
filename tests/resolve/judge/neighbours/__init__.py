"""Tests of the neighbours of an address."""
