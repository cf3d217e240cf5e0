"""The way out: a guarded HTTP client under httpx."""
