"""Links in text: defang dialects, scanning, rejoining, and the record of every repair."""
