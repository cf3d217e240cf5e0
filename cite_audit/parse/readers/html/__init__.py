"""HTML and XHTML: the tree, the main content, the metadata and the notes of a page."""
