"""What a page holds: its bytes as text, its HTML, its visible text, and how alike two texts are."""
