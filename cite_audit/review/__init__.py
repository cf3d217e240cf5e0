"""Reviews: where in a report each change and each comment goes, and the decisions that an editor took."""
