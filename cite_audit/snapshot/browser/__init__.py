"""Captures by a browser: the user's Chromium, shut in behind a proxy of ours that records what it asks."""
