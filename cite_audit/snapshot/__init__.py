"""Captures of cited pages: to the Wayback Machine and to disk, with a journal, verification and a manifest."""
