"""From the facts of a source to the group it is graded in, and the role it has where nothing else is known."""

from __future__ import annotations

from enum import StrEnum

from cite_audit.model import SourceGroup


class SourceControl(StrEnum):
    """Who controls a source, as our tables say it; a user's table may hold other words."""

    PRIVATE = "private"
    NONPROFIT = "nonprofit"
    PUBLIC_SERVICE = "public_service"
    EXILE = "exile"
    INDIVIDUAL = "individual"
    GOVERNMENT = "government"
    IGO = "igo"
    STATE_RUN = "state_run"
    STATE_AFFILIATED = "state_affiliated"
    PRIVATE_ALIGNED = "private_aligned"
    COVERT_STATE = "covert_state"
    ARMED_GROUP = "armed_group"
    PLATFORM = "platform"
    UNKNOWN = "unknown"


class SourceMedium(StrEnum):
    """What a source is, as our tables say it; a user's table may hold other words."""

    NEWS_AGENCY = "news_agency"
    NEWS_OUTLET = "news_outlet"
    BROADCASTER = "broadcaster"
    MESSAGING_PLATFORM = "messaging_platform"
    SOCIAL_PLATFORM = "social_platform"
    VIDEO_PLATFORM = "video_platform"
    BLOG_PLATFORM = "blog_platform"
    THINK_TANK = "think_tank"
    NGO = "ngo"
    ACADEMIC = "academic"
    DATABASE = "database"
    WIKI = "wiki"
    WEB_ARCHIVE = "web_archive"
    GOVERNMENT = "government"
    INTERGOVERNMENTAL = "intergovernmental"
    AGGREGATOR = "aggregator"
    DOCUMENT_HOST = "document_host"
    SHORTENER = "shortener"
    ORGANIZATION = "organization"
    POLITICAL_PARTY = "political_party"  # or a politician who speaks for no office
    DIPLOMATIC_MISSION = "diplomatic_mission"  # or a diplomat
    UNKNOWN = "unknown"


class RowConfidence(StrEnum):
    """How sure a row of the registry is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


WESTERN_BLOC = "western"  # of `data/blocs.csv`
OTHER_BLOC = "other"  # of a country that stands in none
MEDIA = frozenset(SourceMedium) - {SourceMedium.UNKNOWN}
CONTROLS = frozenset(SourceControl) - {SourceControl.UNKNOWN}
NEWS = frozenset({SourceMedium.NEWS_AGENCY, SourceMedium.NEWS_OUTLET, SourceMedium.BROADCASTER})
PLATFORMS = frozenset(
    {
        SourceMedium.MESSAGING_PLATFORM,
        SourceMedium.SOCIAL_PLATFORM,
        SourceMedium.VIDEO_PLATFORM,
        SourceMedium.BLOG_PLATFORM,
    }
)
RESEARCH = frozenset({SourceMedium.THINK_TANK, SourceMedium.NGO, SourceMedium.ACADEMIC})
REFERENCE = frozenset({SourceMedium.DATABASE, SourceMedium.WIKI, SourceMedium.WEB_ARCHIVE})
OPEN_PRESS = frozenset(
    {
        SourceControl.PRIVATE,
        SourceControl.NONPROFIT,
        SourceControl.PUBLIC_SERVICE,
        SourceControl.EXILE,
        SourceControl.INDIVIDUAL,
    }
)

# group → what every output calls it; the order is that of the lists
GROUPS: dict[str, str] = {
    SourceGroup.SELF: "own publisher",
    SourceGroup.OFFICIAL: "official bodies",
    SourceGroup.STATE_MEDIA: "state media",
    SourceGroup.COVERT: "covert outlets",
    SourceGroup.ARMED_GROUP: "parties to a conflict",
    SourceGroup.PARTY: "political parties, politicians",
    SourceGroup.TELEGRAM_SOCIAL: "Telegram, social media",
    SourceGroup.WESTERN_OUTLET: "Western outlets",
    SourceGroup.INDEPENDENT_REGIONAL: "independent regional outlets",
    SourceGroup.REGIME_ALIGNED_PRIVATE: "regime-aligned private outlets",
    SourceGroup.RESEARCH_NGO: "research, NGOs",
    SourceGroup.AGGREGATOR: "aggregators",
    SourceGroup.REFERENCE: "reference works",
    SourceGroup.UNKNOWN: "not in any list",
}

TYPOLOGY = frozenset({"SC", "CaPu", "CaPr", "ISFM", "ISF", "ISM", "IP"})
_STATE_RUN_OR_AFFILIATED: frozenset[str] = frozenset({SourceControl.STATE_RUN, SourceControl.STATE_AFFILIATED})

# taxonomy → (controls that are state media, typology codes that are too)
TAXONOMIES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    # the question is editorial control: public broadcasters and foreign services with independent desks are not
    "smm": (_STATE_RUN_OR_AFFILIATED, frozenset()),
    # the question is money as well: whoever a government pays directly is, wherever that government sits
    "strict": (_STATE_RUN_OR_AFFILIATED, frozenset({"ISFM", "ISF", "CaPr"})),
    # the question is ownership and command: only what the state itself runs
    "lenient": (frozenset({SourceControl.STATE_RUN}), frozenset()),
}


class SourceRole(StrEnum):
    """What a citation is used for."""

    SELF = "self"
    OFFICIAL_STATEMENT = "official_statement"
    PARTY_STATEMENT = "party_statement"  # what a party or a politician says
    STATE_MEDIA_REPORT = "state_media_report"
    SOCIAL_REPORT = "social_report"
    PRESS_REPORT = "press_report"
    ANALYSIS = "analysis"
    AGGREGATOR = "aggregator"
    REFERENCE = "reference"
    UNKNOWN = "unknown"
    FOOTAGE = "footage"  # the original post of a photograph or video
    GEOLOCATION = "geolocation"  # where and when footage was taken, worked out and shown
    NEEDS_REVIEW = "needs_review"  # of a state outlet, where the sentence does not tell whose words it gives


# group → the role of its sources where the sentence does not decide
ROLES: dict[str, SourceRole] = {
    SourceGroup.SELF: SourceRole.SELF,
    SourceGroup.OFFICIAL: SourceRole.OFFICIAL_STATEMENT,
    SourceGroup.STATE_MEDIA: SourceRole.STATE_MEDIA_REPORT,
    SourceGroup.COVERT: SourceRole.STATE_MEDIA_REPORT,
    SourceGroup.ARMED_GROUP: SourceRole.SOCIAL_REPORT,
    SourceGroup.PARTY: SourceRole.PARTY_STATEMENT,
    SourceGroup.TELEGRAM_SOCIAL: SourceRole.SOCIAL_REPORT,
    SourceGroup.WESTERN_OUTLET: SourceRole.PRESS_REPORT,
    SourceGroup.INDEPENDENT_REGIONAL: SourceRole.PRESS_REPORT,
    SourceGroup.REGIME_ALIGNED_PRIVATE: SourceRole.PRESS_REPORT,
    SourceGroup.RESEARCH_NGO: SourceRole.ANALYSIS,
    SourceGroup.AGGREGATOR: SourceRole.AGGREGATOR,
    SourceGroup.REFERENCE: SourceRole.REFERENCE,
    SourceGroup.UNKNOWN: SourceRole.UNKNOWN,
}


# who controls a source decides its group; where that says nothing, what it is
_GROUPS_OF_CONTROLS: dict[str, SourceGroup] = {
    SourceControl.GOVERNMENT: SourceGroup.OFFICIAL,
    SourceControl.IGO: SourceGroup.OFFICIAL,
    SourceControl.COVERT_STATE: SourceGroup.COVERT,
    SourceControl.ARMED_GROUP: SourceGroup.ARMED_GROUP,
}
_GROUPS_OF_MEDIA: dict[str, SourceGroup] = {
    **dict.fromkeys(PLATFORMS, SourceGroup.TELEGRAM_SOCIAL),
    **dict.fromkeys(RESEARCH, SourceGroup.RESEARCH_NGO),
    SourceMedium.POLITICAL_PARTY: SourceGroup.PARTY,
    SourceMedium.AGGREGATOR: SourceGroup.AGGREGATOR,
    **dict.fromkeys(REFERENCE, SourceGroup.REFERENCE),
}


def choose_group(*, medium: str, control: str, bloc: str, typology: str, confidence: str, taxonomy: str) -> SourceGroup:
    """The group of a source that is not the report's own publisher: the first rule that fits, in this order."""
    state_controls, state_typologies = TAXONOMIES[taxonomy]
    group = _GROUPS_OF_CONTROLS.get(control)
    if group != SourceGroup.OFFICIAL and (control in state_controls or typology in state_typologies):
        return SourceGroup.STATE_MEDIA
    if group is None and medium in NEWS:
        return _choose_press_group(control, bloc, confidence)
    return group or _GROUPS_OF_MEDIA.get(medium, SourceGroup.UNKNOWN)


def _choose_press_group(control: str, bloc: str, confidence: str) -> SourceGroup:
    if control in (SourceControl.PRIVATE_ALIGNED, SourceControl.STATE_AFFILIATED, SourceControl.STATE_RUN):
        return SourceGroup.REGIME_ALIGNED_PRIVATE
    if control not in OPEN_PRESS or (control == SourceControl.PRIVATE and confidence == RowConfidence.LOW):
        return SourceGroup.UNKNOWN  # a newsroom whose owner is not established is not called free
    return SourceGroup.WESTERN_OUTLET if bloc == WESTERN_BLOC else SourceGroup.INDEPENDENT_REGIONAL
