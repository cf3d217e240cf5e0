"""The output formats of an audit, one module each."""
