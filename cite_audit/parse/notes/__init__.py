"""Notes and markers: labels, lists, pairing, and what a note says besides its links."""
