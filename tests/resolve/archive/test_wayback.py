"""Every trap of the Wayback Machine, and the outcome it must have."""

from __future__ import annotations

from datetime import date

import pytest

from cite_audit.model import Archived, CitedLink
from tests.loopback.wayback import (
    Answer,
    Asked,
    Capture,
    as_json,
    index_blocked,
    offline,
    page,
    too_many,
    truncated_json,
)
from tests.resolve.archive.conftest import NEAR, Desk

URL = "https://tass.example/politics/1"
GOOD = Capture(URL, "20240114101112")


def titled(title: str) -> bytes:
    return f"<html><head><title>{title}</title></head><body><p>Words.</p></body></html>".encode()


def test_a_capture_near_the_date_is_found_in_two_requests(desk: Desk) -> None:
    desk.wayback.add(GOOD)
    answer = desk.look(URL)
    assert answer.outcome is Archived.ARCHIVED
    assert answer.mementos[0].uri_m == f"{desk.wayback.url}/web/20240114101112/{URL}"
    assert answer.mementos[0].is_good
    assert answer.evidence == ("wayback: captured 2024-01-14, 1 day before the date of citation",)
    assert len(desk.wayback.asked()) == 2


def test_nothing_archived(desk: Desk) -> None:
    answer = desk.look(URL)
    assert answer.outcome is Archived.NOT_ARCHIVED
    assert len(desk.wayback.asked()) == 1


def test_spellings_of_one_page_are_one_question(desk: Desk) -> None:
    desk.wayback.add(GOOD)
    links = [URL, "http://www.tass.example/politics/1", f"{URL}?utm_source=x"]
    answers = desk.answers([CitedLink(url, NEAR) for url in links])
    assert {answer.outcome for answer in answers.values()} == {Archived.ARCHIVED}
    assert set(answers) == set(links)
    assert len(desk.wayback.asked()) == 2


def test_ampersands_and_cyrillic_reach_the_archive_whole(desk: Desk) -> None:
    url = "https://site.example/статья?a=1&b=два#part"
    desk.wayback.add(Capture("https://site.example/статья?a=1&b=два", "20240114101112"))
    assert desk.look(url).outcome is Archived.ARCHIVED
    assert "%D1%81" in desk.wayback.log[0].target
    assert "#" not in desk.wayback.log[0].target


def test_a_capture_before_publication_beats_a_nearer_one_after(desk: Desk) -> None:
    desk.wayback.add(Capture(URL, "20240101000000"))
    desk.wayback.add(Capture(URL, "20240120000000"))
    memento = desk.look(URL).mementos[0]
    assert memento.captured_at.date() == date(2024, 1, 1)


def test_an_archived_404_is_replaced_by_a_good_capture_from_the_index(desk: Desk) -> None:
    desk.wayback.add(Capture(URL, "20240115110000", 404, titled("404 Not Found")))
    desk.wayback.add(Capture(URL, "20231101000000"))
    desk.wayback.add(Capture(URL, "20231001000000", 404))
    answer = desk.look(URL)
    assert answer.outcome is Archived.ARCHIVED
    assert answer.mementos[0].captured_at.date() == date(2023, 11, 1)
    assert answer.mementos[1].quality == ("status-404",)


BAD = {
    "archived 404": (Capture(URL, "20240114101112", 404), "status-404"),
    "archived 410": (Capture(URL, "20240114101112", 410), "status-410"),
    "archived 403": (Capture(URL, "20240114101112", 403), "status-403"),
    "archived 429": (Capture(URL, "20240114101112", 429), "status-429"),
    "archived 503": (Capture(URL, "20240114101112", 503), "status-503"),
    "challenge by title": (Capture(URL, "20240114101112", body=titled("Just a moment...")), "challenge"),
    "challenge by header": (
        Capture(URL, "20240114101112", headers=(("content-type", "text/html"), ("cf-mitigated", "challenge"))),
        "challenge",
    ),
    "soft 404": (Capture(URL, "20240114101112", body=titled("Страница не найдена | ТАСС")), "soft-404"),
    "login page": (
        Capture(URL, "20240114101112", body=titled("Log in to Site") + b"<form><input type=password></form>"),
        "login",
    ),
    "empty page": (Capture(URL, "20240114101112", body=b""), "empty"),
    "redirect to the front page": (
        Capture(URL, "20240114101112", 301, b"", (("location", "https://tass.example/"),)),
        "redirect-to-root",
    ),
    "redirect to another site": (
        Capture(URL, "20240114101112", 302, b"", (("location", "https://casino.example.org/win"),)),
        "other-site",
    ),
    "redirect loop": (Capture(URL, "20240114101112", 302, b"", (("location", URL),)), "redirect-loop"),
    "redirect to nothing": (
        Capture(URL, "20240114101112", 302, b"", (("location", "https://tass.example/never"),)),
        "redirect-unresolved",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_capture_is_no_archived_page(desk: Desk, name: str) -> None:
    capture, word = BAD[name]
    desk.wayback.add(capture)
    desk.wayback.add(Capture("https://tass.example/", "20240114101112"))
    desk.wayback.add(Capture("https://casino.example.org/win", "20240114101112"))
    answer = desk.look(URL)
    assert answer.outcome is Archived.ARCHIVED_BAD
    assert answer.mementos[0].quality[0] == word


def test_a_link_to_a_file_that_was_captured_as_a_page(desk: Desk) -> None:
    desk.wayback.add(Capture("https://a.example/r.pdf", "20240114101112"))
    assert desk.look("https://a.example/r.pdf").mementos[0].quality == ("type-mismatch",)


def test_an_archived_redirect_is_followed_to_its_page(desk: Desk) -> None:
    desk.wayback.add(Capture(URL, "20240114101112", 301, b"", (("location", "/politics/new"),)))
    desk.wayback.add(Capture("https://tass.example/politics/new", "20240114101113"))
    answer = desk.look(URL)
    assert answer.outcome is Archived.ARCHIVED
    assert answer.mementos[0].uri_r == URL
    assert answer.evidence[1] == "the capture is a redirect to https://tass.example/politics/new"


def test_a_capture_that_leads_from_http_to_https_is_the_page_a_moment_later(desk: Desk) -> None:
    cited = URL.replace("https", "http")
    desk.wayback.add(Capture(cited, "20240114101112", 301, b"", (("location", URL),)))
    desk.wayback.add(Capture(URL, "20240114101113"))
    answer = desk.look(cited)
    assert answer.outcome is Archived.ARCHIVED
    assert answer.mementos[0].uri_m.endswith(f"/web/20240114101113/{URL}")
    assert len(answer.evidence) == 1
    assert not desk.wayback.asked("cdx")


@pytest.mark.parametrize("status", [403, 200])
def test_an_excluded_site_is_excluded_also_when_it_says_so_with_200(desk: Desk, status: int) -> None:
    desk.wayback.add(GOOD)
    desk.wayback.excluded["tass.example"] = status
    assert desk.look(URL).outcome is Archived.EXCLUDED


def test_the_index_may_say_that_a_site_is_excluded(desk: Desk) -> None:
    desk.wayback.trouble("playback", page(404, "Nothing here"))
    desk.wayback.trouble("cdx", index_blocked())
    assert desk.look(URL).outcome is Archived.EXCLUDED


UNKNOWN: dict[str, Answer] = {
    "502 page": offline(502),
    "503 page": offline(503),
    "520": Answer(520),
    "429": too_many(),
    "200 without Memento-Datetime": page(200, "Welcome to our hotel Wi-Fi"),
    "connection dropped": Answer(drop=True),
    "401": page(401, "Log in"),
    "redirect to nowhere": Answer(302, headers=(("Location", "http://[half/20240101000000/http://x"),)),
    "redirect to a portal": Answer(302, headers=(("Location", "http://portal.example/login"),)),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_no_answer_is_unknown_and_never_not_archived(desk: Desk, name: str) -> None:
    desk.wayback.trouble("playback", UNKNOWN[name])
    answer = desk.look(URL)
    assert answer.outcome is Archived.UNKNOWN
    assert answer.evidence[0].startswith("wayback: ")
    assert not desk.shelf.get(f"wayback 20240115 {URL}")


def test_an_unknown_is_asked_again_in_the_next_run(desk: Desk) -> None:
    desk.wayback.add(GOOD)
    desk.wayback.trouble("playback", offline(), times=3)
    assert desk.look(URL).outcome is Archived.UNKNOWN
    assert desk.look(URL).outcome is Archived.ARCHIVED


@pytest.mark.parametrize("answer", [page(404, "Nothing here"), Answer(404)])
def test_a_404_that_is_not_the_archives_word_is_believed_only_with_the_index(desk: Desk, answer: Answer) -> None:
    desk.wayback.trouble("playback", answer)
    desk.wayback.trouble("cdx", page(404, "Nothing here either"), times=1)
    assert desk.look(URL).outcome is Archived.UNKNOWN
    assert desk.look(URL).outcome is Archived.NOT_ARCHIVED
    assert len(desk.wayback.asked("cdx")) == 2


def test_playback_and_index_that_disagree_are_unknown(desk: Desk) -> None:
    desk.wayback.add(GOOD)
    desk.wayback.trouble("playback", page(404, "Nothing here"))
    assert desk.look(URL).outcome is Archived.UNKNOWN


INDEX = {
    "malformed JSON": Answer(200, b'[["urlkey","times'),
    "HTML": page(200, "Error"),
    "503": offline(),
    "429": too_many(),
    "a row without time": as_json([["timestamp", "original"], ["yesterday", URL]]),
    "an object": as_json({"error": "no"}),
    "no answer": Answer(drop=True),
    "half an answer": Answer(200, b'[["urlkey","timestamp","original"]]', cut=True),
}


@pytest.mark.parametrize("name", INDEX)
def test_a_bad_capture_stays_unknown_when_the_index_cannot_tell_of_a_better_one(desk: Desk, name: str) -> None:
    desk.wayback.add(Capture(URL, "20240114101112", 404))
    desk.wayback.trouble("cdx", INDEX[name])
    answer = desk.look(URL)
    assert answer.outcome is Archived.UNKNOWN
    assert answer.mementos[0].quality == ("status-404",)
    assert "not known" in answer.evidence[0]


def test_a_revisit_row_is_a_capture(desk: Desk) -> None:
    desk.wayback.add(Capture(URL, "20240114101112", 404))
    desk.wayback.trouble(
        "cdx",
        as_json(
            [
                ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"],
                ["example,tass)/politics/1", "20240201000000", URL, "warc/revisit", "-", "A" * 32, "824"],
                [],
                ["example%2Ctass%29%2F+20240203040507"],
            ]
        ),
    )
    desk.wayback.add(Capture(URL, "20240201000000", revisit=True))
    answer = desk.look(URL)
    assert answer.outcome is Archived.ARCHIVED
    assert answer.mementos[0].captured_at.date() == date(2024, 2, 1)


def test_a_date_in_the_future_is_today(desk: Desk) -> None:
    desk.wayback.add(GOOD)
    assert desk.look(URL, date(2031, 1, 1)).outcome is Archived.ARCHIVED
    assert "/web/20251009090000id_/" in desk.wayback.log[0].target


def test_playback_that_sends_in_circles_is_unknown(desk: Desk) -> None:
    def circle(asked: Asked) -> Answer:
        other = "20240114101112" if "20240115" in asked.target else "20240115120000"
        return Answer(302, headers=(("Location", f"/web/{other}id_/{URL}"),))

    desk.wayback.trouble("playback", circle)
    assert desk.look(URL).outcome is Archived.UNKNOWN


def test_playback_that_sends_to_another_host_is_not_followed(desk: Desk) -> None:
    away = Answer(302, headers=(("Location", f"http://10.0.0.1/elsewhere/20240114101112/{URL}"),))
    desk.wayback.trouble("playback", away)
    assert desk.look(URL).outcome is Archived.UNKNOWN


def test_a_cited_capture_is_looked_up_at_its_own_time(desk: Desk) -> None:
    url = f"https://web.archive.org/web/20240114101112/{URL}"
    desk.wayback.add(Capture(URL, "20240114101112"))
    answer = desk.look(url)
    assert answer.outcome is Archived.ARCHIVED
    assert answer.mementos[0].uri_m == url
    assert answer.mementos[0].uri_r == URL
    assert [asked.target for asked in desk.wayback.asked()] == [f"/web/20240114101112id_/{URL}"]


def test_a_cited_capture_that_shows_an_error_is_bad_though_another_one_is_good(desk: Desk) -> None:
    desk.wayback.add(Capture(URL, "20240114101112", body=titled("Page not found")))
    desk.wayback.add(Capture(URL, "20240113101112"))
    answer = desk.look(f"https://web.archive.org/web/20240114101112/{URL}")
    assert answer.outcome is Archived.ARCHIVED_BAD
    assert answer.mementos[0].uri_m == f"{desk.wayback.url}/web/20240113101112/{URL}"
    assert answer.evidence[1] == "the capture of 2024-01-13 shows the page"


def test_a_cited_time_without_capture_tells_the_day_of_the_one_that_is_shown(desk: Desk) -> None:
    desk.wayback.add(Capture(URL, "20210511101112"))
    answer = desk.look(f"https://web.archive.org/web/20190101000000/{URL}")
    assert answer.outcome is Archived.ARCHIVED
    assert answer.mementos[0].captured_at.year == 2021
    assert answer.evidence == ("the report cites an archived copy, captured 2021-05-11; its address names 2019-01-01",)


@pytest.mark.parametrize("stamp", ["2", "0"])
def test_an_address_with_part_of_a_year_cites_a_copy_of_the_page(desk: Desk, stamp: str) -> None:
    desk.wayback.add(Capture(URL, "20240114101112"))
    assert desk.look(f"https://web.archive.org/web/{stamp}/{URL}").outcome is Archived.ARCHIVED


def test_the_older_good_capture_is_offered_where_all_later_ones_are_bad(desk: Desk) -> None:
    desk.wayback.add(Capture(URL, "20190511101112"))
    for month in range(1, 10):
        desk.wayback.add(Capture(URL, f"20230{month}11101112", body=titled("Page not found")))
    answer = desk.look(URL)
    assert answer.outcome is Archived.ARCHIVED
    assert answer.mementos[0].captured_at.year == 2019
    assert len(desk.wayback.asked("playback")) <= 5
    assert not desk.wayback.asked("cdx")


@pytest.mark.parametrize(
    "url", ["https://archive.ph/AbCd1", "https://perma.cc/85LS-BXV7", "https://ghostarchive.org/archive/x1Y2z"]
)
def test_a_short_address_of_a_copy_needs_no_look_up_either(desk: Desk, url: str) -> None:
    answer = desk.look(url)
    assert answer.outcome is Archived.ARCHIVED
    assert not answer.mementos
    assert not desk.wayback.asked()


@pytest.mark.parametrize("way", ["web/20240101000000*/", "web/*/", "web/", "save/"])
def test_a_calendar_of_copies_is_no_copy_but_the_page_is_looked_up(desk: Desk, way: str) -> None:
    calendar = f"https://web.archive.org/{way}{URL}"
    assert desk.look(calendar).outcome is Archived.NOT_ARCHIVED
    desk.wayback.add(Capture("https://tass.example/2", "20240114101112"))
    links = [f"https://web.archive.org/{way}https://tass.example/2", "https://tass.example/2"]
    answers = desk.answers([CitedLink(link, NEAR) for link in links])
    assert [answers[link].outcome for link in links] == [Archived.ARCHIVED, Archived.ARCHIVED]


def test_two_pages_captured_with_the_same_bytes_show_neither(desk: Desk) -> None:
    shell = titled("Новости") + b"<p>" + b"Nothing that a phrase list knows. " * 60
    for name in ("1", "2", "3"):
        desk.wayback.add(Capture(f"https://tass.example/{name}", "20240114101112", body=shell))
    desk.wayback.add(Capture("https://tass.example/4", "20240114101112", body=shell + b"and more"))
    desk.wayback.add(Capture("https://other.example/1", "20240114101112", body=shell))
    links = [*(f"https://tass.example/{n}" for n in range(1, 5)), "https://other.example/1"]
    for _ in range(2):  # the second time from memory
        answers = desk.answers([CitedLink(url, NEAR) for url in links])
        bad = {url for url, answer in answers.items() if answer.outcome is Archived.ARCHIVED_BAD}
        assert bad == set(links[:3])
        assert answers[links[0]].mementos[0].quality == ("same-as-another",)
        assert answers[links[3]].outcome is answers[links[4]].outcome is Archived.ARCHIVED


MANY = [CitedLink(f"https://news.example/{n}", NEAR) for n in range(40)]


def stock(desk: Desk) -> None:
    for link in MANY[:20]:
        desk.wayback.add(Capture(link.url, "20240114101112"))


def test_many_links_take_one_bulk_request_and_one_playback_each(desk: Desk) -> None:
    stock(desk)
    answers = desk.answers(MANY)
    assert sum(answer.outcome is Archived.ARCHIVED for answer in answers.values()) == 20
    assert sum(answer.outcome is Archived.NOT_ARCHIVED for answer in answers.values()) == 20
    assert len(desk.wayback.asked("bulk")) == 1
    assert len(desk.wayback.asked("playback")) == 40
    assert not desk.wayback.asked("cdx")


BULK = {
    "405": page(405, "No POST"),
    "404": page(404, "Gone"),
    "429": too_many(),
    "502 HTML": offline(502),
    "truncated JSON": truncated_json(),
    "HTML": page(200, "Welcome"),
    "no tags": as_json({"results": [{"url": "x", "archived_snapshots": {}}]}),
    "cut off": Answer(200, b'{"results": []}', cut=True),
    "entries without snapshots": as_json({"results": [{"url": "x", "tag": str(n)} for n in range(40)]}),
    "doubled tags": as_json({"results": [{"tag": "1", "archived_snapshots": {}}] * 3}),
    "hits without status": as_json(
        {
            "results": [
                {"tag": str(n), "archived_snapshots": {"closest": {"timestamp": "20240114101112", "available": True}}}
                for n in range(20)
            ]
        }
    ),
    "a hit that is a 404": as_json(
        {"results": [{"tag": "0", "archived_snapshots": {"closest": {"timestamp": "20230101000000", "status": "404"}}}]}
    ),
    "hits that cannot be read": as_json(
        {
            "results": [
                {"tag": "0", "archived_snapshots": {"closest": {"timestamp": "soon"}}},
                {"tag": "1", "archived_snapshots": []},
            ]
        }
    ),
    "knows nothing": as_json({"results": [{"tag": str(n), "archived_snapshots": {}} for n in range(40)]}),
}


@pytest.mark.parametrize("name", BULK)
def test_without_bulk_availability_the_answers_are_the_same(desk: Desk, name: str) -> None:
    stock(desk)
    desk.wayback.trouble("bulk", BULK[name])
    answers = desk.answers(MANY)
    assert sum(answer.outcome is Archived.ARCHIVED for answer in answers.values()) == 20
    assert sum(answer.outcome is Archived.NOT_ARCHIVED for answer in answers.values()) == 20


def test_a_bulk_endpoint_that_does_not_exist_is_not_asked_again(desk: Desk) -> None:
    desk.wayback.bulk = False
    desk.answers(MANY[:20])
    desk.answers(MANY[20:])
    assert len(desk.wayback.asked("bulk")) == 1


def test_a_bulk_hit_that_playback_denies_is_settled_by_the_index(desk: Desk) -> None:
    claims = {"closest": {"status": "200", "available": True, "timestamp": "20240114101112"}}
    desk.wayback.trouble("bulk", as_json({"results": [{"tag": "0", "archived_snapshots": claims}]}))
    answers = desk.answers(MANY)
    assert answers[MANY[0].url].outcome is Archived.NOT_ARCHIVED
    assert len(desk.wayback.asked("cdx")) == 1


def test_the_second_run_asks_nothing(desk: Desk) -> None:
    stock(desk)
    desk.answers(MANY)
    again = desk.answers(MANY)
    assert desk.exchanges == 0
    assert all(answer.from_cache for answer in again.values())


def test_a_capture_seen_for_one_date_serves_another_it_is_near_to(desk: Desk) -> None:
    desk.wayback.add(GOOD)
    desk.look(URL)
    answer = desk.look(URL, date(2024, 2, 2))
    assert desk.exchanges == 0
    assert answer.evidence == ("wayback: captured 2024-01-14, 19 days before the date of citation",)
    desk.wayback.add(Capture(URL, "20240601000000"))
    assert desk.look(URL, date(2024, 6, 2)).mementos[0].captured_at.date() == date(2024, 6, 1)
    assert desk.look(URL, date(2024, 1, 20)).mementos[0].captured_at.date() == date(2024, 1, 14)
    assert desk.exchanges == 0


def test_not_archived_holds_a_day_and_archived_for_ever(desk: Desk) -> None:
    desk.wayback.add(GOOD)
    desk.look(URL)
    desk.look("https://tass.example/never")
    desk.clock.now += 25 * 3600
    desk.look(URL)
    assert desk.exchanges == 0
    desk.look("https://tass.example/never")
    assert desk.exchanges == 1


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"results": ' + b'{"a":' * 50_000, b'{"results": [{"tag": {}}]}'])
def test_an_answer_nested_for_ever_costs_the_hints_and_no_link(desk: Desk, body: bytes) -> None:
    urls = [f"https://news.example/{number}" for number in range(12)]
    for url in urls:
        desk.wayback.add(Capture(url, "20240114101112"))
    desk.wayback.trouble("availability", Answer(200, body), times=9)
    desk.wayback.trouble("cdx", Answer(200, body), times=99)
    answers = desk.answers([CitedLink(url, NEAR) for url in urls])
    assert {answers[url].outcome for url in urls} == {Archived.ARCHIVED}
