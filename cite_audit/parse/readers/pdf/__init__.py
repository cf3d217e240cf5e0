"""PDF: runs from a process of its own, then lines, footnotes and links."""
