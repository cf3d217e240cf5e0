"""ODT: text with real footnotes and endnotes."""
