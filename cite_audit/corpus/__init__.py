"""The same audit over many reports: a Parquet dataset made stage by stage, on one process or a Dask cluster.

Needs the extra `cluster`. Nothing here judges: reading, looking, archives, verdicts, findings and grades are those of
`cite_audit.pipeline`; this room decides what is done when and where, and what of it stands on disk.
"""
