"""The only way to the network: a guarded HTTP client on a transport of httpx."""
