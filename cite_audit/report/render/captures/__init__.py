"""A captures folder: its copies, and whether they are as they were written; in every format."""
