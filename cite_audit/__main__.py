"""`python -m cite_audit`."""

from cite_audit.cli import main

main()
