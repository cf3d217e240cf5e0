"""What a link's own answer says of its copies, beside the archives that were asked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cite_audit.config.settings import Settings
from cite_audit.model import Archived, Health, Hop, Probe, Reason, Verdict
from cite_audit.progress import SilentObserver
from cite_audit.resolve.check.base import ArchiveAnswer
from cite_audit.resolve.check.memento_lookup import MementoLookup
from cite_audit.resolve.http.client import Client
from cite_audit.store import open_store

NOW = datetime(2026, 3, 1, tzinfo=UTC)
URL = "http://www.ministry.test/report-12"


@pytest.mark.parametrize(
    ("target", "archived"),
    [
        (f"https://webarchive.nationalarchives.gov.uk/ukgwa/20140613220103/{URL}", Archived.ARCHIVED),
        (f"https://vefsafn.is/is/20140613220103/{URL}", Archived.ARCHIVED),
        ("https://www.ministry.test/new/report-12", Archived.NOT_ARCHIVED),
        ("https://webarchive.nationalarchives.gov.uk/", Archived.NOT_ARCHIVED),
    ],
)
def test_a_page_whose_site_leads_to_a_web_archive_is_archived(target: str, archived: Archived) -> None:
    settings = Settings()
    store = open_store(None)
    lookup = MementoLookup(
        settings=settings,
        fetcher=Client(settings.network),
        cache=store.key_value_store("archive"),
        limits=store.key_value_store("archive"),
        observer=SilentObserver(),
        now=NOW,
        answers={URL: ArchiveAnswer(URL, Archived.NOT_ARCHIVED)},
    )
    probe = Probe(URL, NOW, status=200, final_url=target, hops=(Hop(URL, 301, target),))
    verdict = Verdict(URL, Health.ALIVE, Reason.REDIRECTED, confidence=0.9, probe=probe)
    assert lookup.add_archive_answer(verdict).archived is archived
