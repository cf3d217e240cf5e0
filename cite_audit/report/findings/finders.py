"""The registry of rules: each code of rules.toml → the function that finds it."""

from __future__ import annotations

from collections.abc import Mapping

from cite_audit.report.findings import (
    archive_rules,
    fact_rules,
    ignore_rules,
    link_rules,
    reading_rules,
    sourcing_rules,
)
from cite_audit.report.findings.subject import Finder, IgnoreFinder

__all__ = ["FINDERS", "IGNORE_FINDERS"]

# what looks at one report
FINDERS: Mapping[str, Finder] = {
    "CA101": link_rules.find_judged_links,
    "CA102": link_rules.find_judged_links,
    "CA103": link_rules.find_judged_links,
    "CA104": link_rules.find_moved_links,
    "CA105": link_rules.find_judged_links,
    "CA106": link_rules.find_judged_links,
    "CA107": link_rules.find_judged_links,
    "CA108": link_rules.find_judged_links,
    "CA109": link_rules.find_judged_links,
    "CA110": link_rules.find_judged_links,
    "CA111": link_rules.find_judged_links,
    "CA112": link_rules.find_judged_links,
    "CA113": link_rules.find_judged_links,
    "CA114": link_rules.find_invalid_links,
    "CA115": link_rules.find_judged_links,
    "CA116": link_rules.find_judged_links,
    "CA117": link_rules.find_judged_links,
    "CA118": link_rules.find_judged_links,
    "CA119": link_rules.find_judged_links,
    "CA120": link_rules.find_new_homes,
    "CA201": archive_rules.find_unarchived_links,
    "CA202": archive_rules.find_lost_sources,
    "CA203": archive_rules.find_bad_captures,
    "CA204": archive_rules.find_far_captures,
    "CA205": archive_rules.find_excluded_links,
    "CA206": archive_rules.find_bad_cited_captures,
    "CA301": reading_rules.find_unreadable_links,
    "CA302": reading_rules.find_repaired_links,
    "CA303": reading_rules.find_suspected_misprints,
    "CA304": reading_rules.find_missing_notes,
    "CA305": reading_rules.find_orphan_notes,
    "CA306": reading_rules.find_empty_notes,
    "CA307": reading_rules.find_lost_links,
    "CA308": reading_rules.find_repeated_links,
    "CA309": reading_rules.find_ambiguous_links,
    "CA310": reading_rules.find_no_sources,
    "CA311": reading_rules.find_unlisted_markers,
    "CA401": sourcing_rules.find_measured_notes,
    "CA402": sourcing_rules.find_measured_notes,
    "CA403": sourcing_rules.find_deduction,
    "CA404": sourcing_rules.find_measured_notes,
    "CA405": sourcing_rules.find_unlisted_sites,
    "CA406": reading_rules.find_sources_on_request,
    "CA407": sourcing_rules.find_deduction,
    "CA501": fact_rules.find_unmentioned_facts,
}
# what looks at the ignores of a finished audit
IGNORE_FINDERS: Mapping[str, IgnoreFinder] = {
    "CA901": ignore_rules.find_expired_ignores,
    "CA902": ignore_rules.find_unused_ignores,
    "CA903": ignore_rules.find_unreasoned_ignores,
}
