"""Who is cited: from an address to its source, by a registry that anyone can read and overrule."""

from cite_audit.report.sources.classify import classify, registry_version
from cite_audit.report.sources.groups import GROUPS, TAXONOMIES

__all__ = ["GROUPS", "TAXONOMIES", "classify", "registry_version"]
