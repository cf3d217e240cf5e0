"""Who is cited, what the registry holds and why: in every format."""
