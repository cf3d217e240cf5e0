"""An audit becomes advice: sources, grade, findings, documents. Pure."""
