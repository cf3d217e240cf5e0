"""A known newsroom's name under an ending that clones use is a suspicion, shown as one."""

import pytest

from cite_audit.report.sources import classify
from cite_audit.report.sources.lookalikes import find_lookalike_row


@pytest.mark.parametrize("host", ["leparisien.fans", "www.welt.pm", "news.reuters.live", "spiegel.beauty"])
def test_a_cloned_name_under_another_ending_is_suspected(host: str) -> None:
    source = classify(f"https://{host}/a")
    assert (source.group, source.confidence) == ("covert", "low")
    assert "look-alike of" in source.name
    assert "suspicion" in source.basis


@pytest.mark.parametrize("host", ["pravda-xx.com", "topnews.sumy.ua"])
def test_the_spelling_of_a_network_is_suspected(host: str) -> None:
    source = classify(f"https://{host}/a")
    assert (source.group, source.confidence) == ("covert", "low")
    assert "one of news-pravda.com's?" in source.name


@pytest.mark.parametrize("host", ["spiegal.today", "spiegell.work", "sueddeutshe.life"])
def test_one_wrong_letter_is_suspected_too(host: str) -> None:
    row = find_lookalike_row(host)
    assert row is not None
    assert row.confidence == "low"


@pytest.mark.parametrize(
    "host",
    [
        "spiegel.de",  # listed
        "spiegel.example",  # no ending of clones
        "belt.today",  # five letters, one wrong: an ordinary word
        "splegal.today",  # two wrong letters
        "shop.work",
        "pravda-news.com",
        "pravda.com",
        "life",
        "co.com",
    ],
)
def test_other_hosts_are_not_suspected(host: str) -> None:
    assert find_lookalike_row(host) is None or host == "spiegel.de"
    assert classify(f"https://{host}/a").group != "covert"


def test_a_row_of_the_registry_beats_the_suspicion() -> None:
    assert classify("https://bild.ws/a").confidence == "high"
