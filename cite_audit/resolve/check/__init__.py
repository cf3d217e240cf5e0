"""Checking links: order, retries, hedging, limits and the deadline."""
