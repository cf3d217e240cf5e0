"""What changed between runs: in every format."""
