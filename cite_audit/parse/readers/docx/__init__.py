"""DOCX: text with real footnotes and endnotes."""
