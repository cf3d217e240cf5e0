"""The facts of a report's sentences: quotations, numbers, days and names."""
