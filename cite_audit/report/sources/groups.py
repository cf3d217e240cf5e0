"""From the facts of a source to the group it is graded in, and the role it has where nothing else is known."""

from __future__ import annotations

NEWS = frozenset({"news_agency", "news_outlet", "broadcaster"})
PLATFORMS = frozenset({"messaging_platform", "social_platform", "video_platform", "blog_platform"})
RESEARCH = frozenset({"think_tank", "ngo", "academic"})
REFERENCE = frozenset({"database", "wiki", "web_archive"})
OPEN_PRESS = frozenset({"private", "nonprofit", "public_service", "exile", "individual"})

# group → what every output calls it; the order is that of the lists
GROUPS: dict[str, str] = {
    "self": "own publisher",
    "official": "official bodies",
    "state_media": "state media",
    "covert": "covert outlets",
    "armed_group": "parties to a conflict",
    "telegram_social": "Telegram, social media",
    "western_outlet": "Western outlets",
    "independent_regional": "independent regional outlets",
    "regime_aligned_private": "regime-aligned private outlets",
    "research_ngo": "research, NGOs",
    "aggregator": "aggregators",
    "reference": "reference works",
    "unknown": "not in any list",
}

_OTHER_MEDIA = ("government", "intergovernmental", "aggregator", "document_host", "shortener", "organization")
MEDIA = frozenset(_OTHER_MEDIA) | NEWS | PLATFORMS | RESEARCH | REFERENCE
CONTROLS = OPEN_PRESS | {
    "government",
    "igo",
    "state_run",
    "state_affiliated",
    "private_aligned",
    "covert_state",
    "armed_group",
    "platform",
}
TYPOLOGY = frozenset({"SC", "CaPu", "CaPr", "ISFM", "ISF", "ISM", "IP"})

# taxonomy → (controls that are state media, typology codes that are too)
TAXONOMIES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    # the question is editorial control: public broadcasters and foreign services with independent desks are not
    "smm": (frozenset({"state_run", "state_affiliated"}), frozenset()),
    # the question is money as well: whoever a government pays directly is, wherever that government sits
    "strict": (frozenset({"state_run", "state_affiliated"}), frozenset({"ISFM", "ISF", "CaPr"})),
    # the question is ownership and command: only what the state itself runs
    "lenient": (frozenset({"state_run"}), frozenset()),
}

ROLES: dict[str, str] = {
    "self": "self",
    "official": "official_statement",
    "state_media": "state_media_report",
    "covert": "state_media_report",
    "armed_group": "social_report",
    "telegram_social": "social_report",
    "western_outlet": "press_report",
    "independent_regional": "press_report",
    "regime_aligned_private": "press_report",
    "research_ngo": "analysis",
    "aggregator": "aggregator",
    "reference": "reference",
    "unknown": "unknown",
}


def choose_group(medium: str, control: str, bloc: str, typology: str, confidence: str, taxonomy: str) -> str:
    """The group of a source that is not the report's own publisher: the first rule that fits, in this order."""
    state, codes = TAXONOMIES[taxonomy]
    if control in ("government", "igo"):
        return "official"
    if control in state or typology in codes:
        return "state_media"
    if control == "covert_state":
        return "covert"
    if control == "armed_group":
        return "armed_group"
    if medium in PLATFORMS:
        return "telegram_social"
    if medium in NEWS:
        return _choose_press_group(control, bloc, confidence)
    if medium in RESEARCH:
        return "research_ngo"
    if medium == "aggregator":
        return "aggregator"
    return "reference" if medium in REFERENCE else "unknown"


def _choose_press_group(control: str, bloc: str, confidence: str) -> str:
    if control in ("private_aligned", "state_affiliated", "state_run"):
        return "regime_aligned_private"
    if control not in OPEN_PRESS or (control == "private" and confidence == "low"):
        return "unknown"  # a newsroom whose owner is not established is not called free
    return "western_outlet" if bloc == "western" else "independent_regional"
