"""Who an address belongs to."""

from datetime import date
from pathlib import Path

import pytest

from cite_audit.errors import ConfigError, UsageError
from cite_audit.report.sources import GROUPS, classify, registry_version

SEPTEMBER = date(2020, 9, 2)

# as an editor of a report of September 2020 would sort them
SORTED = [
    ("http://kremlin.ru/events/president/news/63966", "official", "RU"),
    ("https://www.mid.ru/ru/foreign_policy/news/-/asset_publisher/x", "official", "RU"),
    ("https://www.mil.by/ru/news/100500/", "official", "BY"),
    ("https://cis.minsk.by/news/1", "official", "BY"),
    ("https://www.state.gov/report.pdf", "official", "US"),
    ("https://мид.рф/", "official", "RU"),
    ("https://diplomatie.gouv.fr/a", "official", "FR"),
    ("https://www.idf.il/en/", "official", "IL"),
    ("https://tass.ru/politika/1", "state_media", "RU"),
    ("https://eng.belta.by/president/view/1", "state_media", "BY"),
    ("https://rg.ru/2020/09/02/a.html", "state_media", "RU"),
    ("https://iz.ru/1", "state_media", "RU"),
    ("https://t.me/tass_agency/1", "state_media", "RU"),
    ("https://t.me/kpszsu/1", "official", "UA"),
    ("https://t.me/nexta_live/3000", "telegram_social", "PL"),
    ("https://t.me/s/NEXTA_tv/3", "telegram_social", "PL"),
    ("https://t.me/some_unknown_channel/3", "telegram_social", ""),
    ("https://twitter.com/Den_2042/status/1", "telegram_social", ""),
    ("https://www.youtube.com/watch?v=Bg2hfda3nOE", "telegram_social", "US"),
    ("https://www.reuters.com/article/x", "western_outlet", "GB"),
    ("https://www.bbc.com/news/1", "western_outlet", "GB"),
    ("https://www.rferl.org/a/1.html", "western_outlet", "US"),
    ("https://news.tut.by/economics/1.html", "independent_regional", "BY"),
    ("https://meduza.io/news/1", "independent_regional", "LV"),
    ("https://nv.ua/1", "independent_regional", "UA"),
    ("https://belsat.eu/news/1", "independent_regional", "PL"),
    ("https://chinadigitaltimes.net/2020/09/a/", "independent_regional", "US"),
    ("https://www.kommersant.ru/doc/1", "regime_aligned_private", "RU"),
    ("https://www.interfax.ru/1", "regime_aligned_private", "RU"),
    ("https://news.mail.ru/politics/1/", "aggregator", "RU"),
    ("https://www.csis.org/a", "research_ngo", "US"),
    ("https://ru.wikipedia.org/wiki/X", "reference", "US"),
    ("https://www.uawire.org/a", "unknown", "UA"),
    ("https://no-such-site-anywhere.example/a", "unknown", ""),
    ("https://www.chp.org.tr/haberler/1", "party", "TR"),
    ("https://er.ru/activity/news/1", "party", "RU"),
    ("https://x.com/gantzbe/status/1", "party", "IL"),
    ("https://x.com/ChinaMission2UN/status/1", "official", "CN"),
    ("https://de.usembassy.gov/a", "official", "US"),
]


def test_diplomats_are_told_from_other_officials_and_a_loyal_party_from_no_side() -> None:
    assert classify("https://x.com/russiaun/status/1").medium == "diplomatic_mission"
    assert classify("https://www.mid.ru/a").medium != "diplomatic_mission"
    assert classify("https://er.ru/a").side == classify("https://tass.ru/1").side == "RU"
    assert classify("https://yabloko.ru/a").side == ""


@pytest.mark.parametrize(("url", "group", "country"), SORTED)
def test_a_source_is_sorted_as_an_editor_would(url: str, group: str, country: str) -> None:
    source = classify(url, SEPTEMBER, "understandingwar.org")
    assert (source.group, source.country) == (group, country)


@pytest.mark.parametrize(
    ("url", "day", "group"),
    [
        ("https://lenta.ru/news/1", date(2013, 5, 1), "independent_regional"),
        ("https://lenta.ru/news/1", date(2016, 5, 1), "regime_aligned_private"),
        ("https://lenta.ru/news/1", date(2020, 9, 2), "state_media"),
        ("https://lenta.ru/news/1", None, "state_media"),
        ("https://vedomosti.ru/1", date(2019, 1, 1), "independent_regional"),
        ("https://vedomosti.ru/1", date(2020, 9, 2), "regime_aligned_private"),
        ("https://mail.ru/1", date(2022, 9, 2), "state_media"),
        ("https://tvrain.ru/1", date(2020, 9, 2), "independent_regional"),
    ],
)
def test_the_day_of_the_report_chooses_the_label(url: str, day: date | None, group: str) -> None:
    assert classify(url, day).group == group


def test_what_a_wrapped_address_leads_to_is_classified() -> None:
    archived = classify("https://web.archive.org/web/20130501000000id_/https://lenta.ru/news/1", date(2013, 5, 2))
    assert (archived.id, archived.group, archived.via) == ("lenta-ru", "independent_regional", "archive")
    assert classify("https://tass-ru.translate.goog/politika/1?_x_tr_sl=ru", SEPTEMBER).group == "state_media"
    nested = classify("https://archive.ph/2020/https://t.me/s/tass_agency/1", SEPTEMBER)
    assert (nested.group, nested.via, nested.channel) == ("state_media", "archive", "tass_agency")


def test_a_newsrooms_own_shortener_is_the_newsroom() -> None:
    own, anyones = classify("https://reut.rs/3abc"), classify("https://bit.ly/3abc")
    assert (own.id, own.group) == ("reuters", "western_outlet")
    assert anyones.group == "unknown"


def test_a_state_agency_on_a_government_suffix_is_an_agency(tmp_path: Path) -> None:
    ministry = classify("https://www.moi.gov.sa/a")
    assert (ministry.group, ministry.control) == ("official", "government")
    table = tmp_path / "mine.csv"
    table.write_text("key,id,medium,control\nxyz.gov.sa,xyz,news_agency,state_run\n")
    agency = classify("https://xyz.gov.sa/a", overlays=(str(table),))
    assert (agency.group, agency.country) == ("state_media", "SA")


def test_the_reports_own_publisher_has_several_hosts() -> None:
    for url in ("https://www.iswresearch.org/2020/09/a.html", "http://www.understandingwar.org/a"):
        assert classify(url, SEPTEMBER, "understandingwar.org").group == "self"
        assert classify(url, SEPTEMBER, "www.iswresearch.org").group == "self"
        assert classify(url, SEPTEMBER).group == "research_ngo"
    named = classify("https://www.iswresearch.org/a", SEPTEMBER, "Institute for the Study of War")
    assert (named.group, classify("https://csis.org/a", SEPTEMBER, "isw").group) == ("self", "research_ngo")
    assert classify("https://blog.my-little-tank.example/a", SEPTEMBER, "my-little-tank.example").group == "self"


def test_hosts_and_channels_of_one_newsroom_are_one_publisher() -> None:
    urls = ["https://tass.ru/1", "https://tass.com/1", "https://t.me/tass_agency/1"]
    assert len({classify(url).publisher for url in urls}) == 1
    assert classify("https://t.me/nexta_tv/1").publisher == classify("https://t.me/nexta_live/1").publisher
    assert classify("https://lenta.ru/1").publisher != classify("https://gazeta.ru/1").publisher
    strangers = [classify(f"https://{name}.example.co.uk/1").publisher for name in ("a", "b")]
    assert strangers == ["example.co.uk"] * 2


def test_public_broadcasters_are_state_media_only_where_money_alone_counts() -> None:
    for taxonomy, group in (("smm", "western_outlet"), ("strict", "state_media"), ("lenient", "western_outlet")):
        assert classify("https://www.rferl.org/a", taxonomy=taxonomy).group == group
    assert classify("https://www.bbc.com/news", taxonomy="strict").group == "western_outlet"
    assert classify("https://iz.ru/1", taxonomy="lenient").group == "regime_aligned_private"
    assert classify("https://tass.ru/1", taxonomy="lenient").group == "state_media"
    with pytest.raises(UsageError, match="smm, strict, lenient"):
        classify("https://tass.ru", taxonomy="mine")


def test_a_users_table_wins_field_by_field(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text(
        "key,control,basis\nhttps://www.Kommersant.ru/,private,our own judgement\nnew.example,nonprofit,\n"
    )
    ours = classify("https://kommersant.ru/doc/1", SEPTEMBER)
    mine = classify("https://kommersant.ru/doc/1", SEPTEMBER, overlays=(str(table),))
    assert (ours.control, mine.control) == ("private_aligned", "private")
    assert (mine.id, mine.name, mine.medium, mine.country) == (ours.id, ours.name, ours.medium, ours.country)
    assert f"{table}:2" in mine.basis
    assert registry_version((str(table),)) != registry_version()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"name,control\nx,y\n", "key"), (b"key\n\xff\xfe\n", "UTF-8"), (None, "cannot be read")],
)
def test_a_table_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, complaint: str) -> None:
    table = tmp_path / "mine.csv"
    if content is not None:
        table.write_bytes(content)
    with pytest.raises(ConfigError, match=complaint) as caught:
        classify("https://tass.ru", overlays=(str(table),))
    assert str(table) in str(caught.value)


@pytest.mark.parametrize(
    "url", ["", "mailto:a@b.c", "http://[::1", "https://", "not an address", "https://192.168.0.1/a"]
)
def test_what_is_no_site_is_unknown(url: str) -> None:
    source = classify(url, SEPTEMBER, "understandingwar.org")
    assert source.group == "unknown"
    assert source.group in GROUPS
