"""Captures of cited pages: to the Wayback Machine and to disk, journalled, verified, told in a manifest."""
