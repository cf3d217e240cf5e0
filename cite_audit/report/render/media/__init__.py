"""What each medium needs so that foreign text stays text: the only escapers and cell writers."""
