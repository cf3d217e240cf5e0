"""What is inside an archive's, a translator's or a redirector's address."""

from datetime import UTC, datetime

import pytest

from cite_audit.urls import unwrap_url

PAGE = "https://lenta.ru/news/2020/09/02/vseoni/"

ARCHIVES = [
    f"https://web.archive.org/web/20200902101112/{PAGE}",
    f"http://web.archive.org/web/20200902101112id_/{PAGE}",
    f"https://web.archive.org/web/20200902101112if_/{PAGE}",
    "https://web.archive.org/web/20200902101112/https:/lenta.ru/news/2020/09/02/vseoni/",
    f"https://web.archive.org/web/{PAGE}",
    f"https://web.archive.org/web/*/{PAGE}",
    f"https://web.archive.org/web/2020*/{PAGE}",
    f"https://web.archive.org/save/{PAGE}",
    f"https://archive.is/20200902101112/{PAGE}",
    f"https://archive.ph/2020.09.02-101112/{PAGE}",
    f"https://archive.is/o/bXy2Z/{PAGE}",
    f"https://archive.today/newest/{PAGE}",
    f"https://archive.md/{PAGE}",
    "https://archive.fo/?run=1&url=https%3A%2F%2Flenta.ru%2Fnews%2F2020%2F09%2F02%2Fvseoni%2F",
    f"https://arquivo.pt/wayback/20200902101112/{PAGE}",
    f"https://arquivo.pt/noFrame/replay/20200902101112mp_/{PAGE}",
    f"https://webarchive.nationalarchives.gov.uk/ukgwa/20200902101112/{PAGE}",
    f"https://webarchive.nationalarchives.gov.uk/+/{PAGE}",
    f"https://wayback.archive-it.org/1068/20200902101112/{PAGE}",
    f"https://webarchive.loc.gov/all/20200902101112/{PAGE}",
    f"https://timetravel.mementoweb.org/memento/20200902101112/{PAGE}",
    f"https://www.webarchive.org.uk/wayback/archive/20200902101112mp_/{PAGE}",
    "https://www.webcitation.org/query?url=https://lenta.ru/news/2020/09/02/vseoni/&date=2020-09-02",
]


@pytest.mark.parametrize("address", ARCHIVES)
def test_an_archived_copy_leads_to_the_page_it_copies(address: str) -> None:
    found = unwrap_url(address)
    assert found is not None
    assert (found.url, found.via) == (PAGE, "archive")


OTHERS = [
    ("https://www.google.com/url?sa=t&q=https://lenta.ru/a%3Fb%3D1&usg=AOv", "https://lenta.ru/a?b=1", "redirector"),
    ("https://www.google.co.uk/url?url=https%3A%2F%2Flenta.ru%2Fa", "https://lenta.ru/a", "redirector"),
    ("https://l.facebook.com/l.php?u=https%3A%2F%2Flenta.ru%2Fa&h=AT0", "https://lenta.ru/a", "redirector"),
    ("https://lm.facebook.com/l.php?u=https%253A%252F%252Flenta.ru%252Fa", "https://lenta.ru/a", "redirector"),
    ("https://vk.com/away.php?to=https%3A%2F%2Flenta.ru%2Fa", "https://lenta.ru/a", "redirector"),
    ("https://away.vk.com/away.php?to=http%3A%2F%2Flenta.ru", "http://lenta.ru", "redirector"),
    ("https://www.youtube.com/redirect?q=https%3A%2F%2Flenta.ru%2Fa&v=1", "https://lenta.ru/a", "redirector"),
    ("https://t.me/iv?url=https%3A%2F%2Flenta.ru%2Fa&rhash=1", "https://lenta.ru/a", "redirector"),
    (
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Flenta.ru%2Fa&data=1",
        "https://lenta.ru/a",
        "redirector",
    ),
    ("https://urldefense.com/v3/__https://lenta.ru/a__;!!abc$", "https://lenta.ru/a", "redirector"),
    ("https://www.google.com/amp/s/lenta.ru/amp/a", "https://lenta.ru/amp/a", "amp"),
    (
        "https://lenta-ru.cdn.ampproject.org/v/s/lenta.ru/amp/a?amp_js_v=0.1",
        "https://lenta.ru/amp/a?amp_js_v=0.1",
        "amp",
    ),
    ("https://cdn.ampproject.org/c/lenta.ru/a", "http://lenta.ru/a", "amp"),
    ("https://lenta-ru.turbopages.org/lenta.ru/s/news/a/", "https://lenta.ru/news/a/", "amp"),
    ("https://yandex.ru/turbo/lenta.ru/s/news/a/", "https://lenta.ru/news/a/", "amp"),
    ("https://yandex.ru/turbo?text=https%3A%2F%2Flenta.ru%2Fa", "https://lenta.ru/a", "amp"),
    ("https://lenta-ru.translate.goog/news/a/?_x_tr_sl=ru&_x_tr_tl=en", "https://lenta.ru/news/a/", "translate"),
    ("https://www-nasha--niva-by.translate.goog/a?b=1&_x_tr_sl=be", "https://www.nasha-niva.by/a?b=1", "translate"),
    ("https://lenta-ru.translate.goog/?_x_tr_sch=http&_x_tr_sl=ru", "http://lenta.ru/", "translate"),
    (
        "https://translate.google.com/translate?sl=ru&tl=en&u=https%3A%2F%2Flenta.ru%2Fa",
        "https://lenta.ru/a",
        "translate",
    ),
    ("https://translate.google.ru/translate?u=lenta.ru/a", "http://lenta.ru/a", "translate"),
    ("https://translate.yandex.com/translate?url=https://lenta.ru/a&lang=ru-en", "https://lenta.ru/a", "translate"),
    (
        "https://webcache.googleusercontent.com/search?q=cache:AbC1-dEfGhIJ:https://lenta.ru/a+&cd=1&hl=en",
        "https://lenta.ru/a",
        "cache",
    ),
]


@pytest.mark.parametrize(("address", "inner", "via"), OTHERS)
def test_redirectors_translators_and_caches_are_seen_through(address: str, inner: str, via: str) -> None:
    found = unwrap_url(address)
    assert found is not None
    assert (found.url, found.via) == (inner, via)


@pytest.mark.parametrize(
    "address",
    [
        PAGE,
        "https://archive.ph/AbC12",
        "https://perma.cc/AB12-CD34",
        "https://archive.org/details/some-book",
        "https://www.google.com/search?q=https://lenta.ru",
        "https://www.facebook.com/lenta.ru/posts/1",
        "https://vk.com/lentaru?w=wall-67991642_1",
        "https://t.me/nexta_live/1",
        "https://yandex.ru/news/story/x",
        "https://example.com/?url=https://lenta.ru/",
        "https://notarchive.is/https://lenta.ru/",
        "http://[::1",
        "mailto:a@b.c",
        "",
    ],
)
def test_other_addresses_wrap_nothing(address: str) -> None:
    assert unwrap_url(address) is None


@pytest.mark.parametrize(
    ("digits", "time"),
    [
        ("20200902101112", datetime(2020, 9, 2, 10, 11, 12, tzinfo=UTC)),
        ("202009", datetime(2020, 9, 1, tzinfo=UTC)),
        ("2020", datetime(2020, 1, 1, tzinfo=UTC)),
        ("20209999", None),
    ],
)
def test_the_capture_time_is_read_from_the_address(digits: str, time: datetime | None) -> None:
    found = unwrap_url(f"https://web.archive.org/web/{digits}/{PAGE}")
    assert found is not None
    assert found.captured_at == time
