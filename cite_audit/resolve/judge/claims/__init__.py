"""What of a sentence stands on the page that it cites: names by sound, numbers and days by value."""
