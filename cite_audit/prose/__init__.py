"""Numbers and days in running text of many languages: the same reading of a report's sentence and of a page."""
