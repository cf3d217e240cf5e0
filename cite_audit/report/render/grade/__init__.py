"""A grade shown: text for editors, documents for programs and pages."""
