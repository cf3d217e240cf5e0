"""Title, authors and date at the head of a report."""

from __future__ import annotations

from datetime import date

import pytest

from cite_audit.parse import read_report
from cite_audit.parse.dates import find_date
from cite_audit.parse.front_matter import read_front_matter, settle_masthead
from cite_audit.parse.masthead_words import split_names
from cite_audit.parse.readers.base import Metadata


@pytest.mark.parametrize(
    "text",
    [
        "September 2, 2020, 5:00 EDT",
        "Sept 2, 2020",
        "2 September 2020",
        "2nd of September, 2020",
        "2020-09-02",
        "02.09.2020",
        "2020/9/2",
        "2 сентября 2020 г.",
        "2 вересня 2020",
        "2 września 2020",
        "2. September 2020",
        "2 septembre 2020",
        "2 de septiembre de 2020",
        "2020年9月2日",
        "Wednesday, September 2, 2020",
        "Updated: Sep. 2, 2020",
        "2020-09-02T05:00:00Z",
        "2 верасня 2020",
        "2 Eylül 2020",
        "2-го сентября 2020",
        "2020년 9월 2일",
    ],
)
def test_a_date_in_many_forms_and_languages(text: str) -> None:
    assert find_date(text) == date(2020, 9, 2)


@pytest.mark.parametrize("text", ["", "in 2020", "31.02.2020", "September", "12/2020", "v. 1.2.3"])
def test_no_date_where_there_is_none(text: str) -> None:
    assert find_date(text) is None


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By George Barros", ["George Barros"]),
        ("George Barros", ["George Barros"]),
        ("Authors: Oksana Kuzan, Borys Grachov", ["Oksana Kuzan", "Borys Grachov"]),
        (
            "Riley Bailey, Karolina Hird, and Frederick W. Kagan",
            ["Riley Bailey", "Karolina Hird", "Frederick W. Kagan"],
        ),
        ("**By Mason Clark and Kateryna Stepanenko**", ["Mason Clark", "Kateryna Stepanenko"]),
        ("Автор: Иван Петров", ["Иван Петров"]),
        ("By Ann de Vries with Bob Stone", ["Ann de Vries", "Bob Stone"]),
        ("بقلم ليلى حداد وسامي نصر", ["ليلى حداد", "سامي نصر"]),
        ("بقلم أحمد علي وليد حسن", ["أحمد علي وليد حسن"]),
        ("מאת מיכל לוי ודוד כהן", ["מיכל לוי", "דוד כהן"]),
        ("Av Kari Olsen og Per Hansen", ["Kari Olsen", "Per Hansen"]),
    ],
)
def test_the_line_that_names_the_authors(line: str, names: list[str]) -> None:
    head = read_front_matter(
        f"\n\nThe Title of This Report\n\nMay 5, 2021\n\n{line}\n\nThe text begins here. It goes on for some time.\n"
    )
    assert (head.title, head.published, head.authors) == ("The Title of This Report", date(2021, 5, 5), names)


def test_a_name_that_goes_on_over_the_line() -> None:
    assert read_front_matter("The Mill\n\nBy Ann Lee, Bo\nKim\n\n3 May 2021").authors == ["Ann Lee", "Bo Kim"]
    assert read_front_matter("The Mill\n\nBy Ann Lee, Reuters\n\nSummary\n").authors == ["Ann Lee", "Reuters"]


def test_a_title_with_its_date_and_a_dateline_after_it() -> None:
    head = read_front_matter("Iran Update Special Report, March 14, 2026\n\nMar 15, 2026 - ISW Press\n\nText.")
    assert (head.title, head.published) == ("Iran Update Special Report, March 14, 2026", date(2026, 3, 15))
    assert read_front_matter("Iran Update Special Report, March 14, 2026\n\nText of it.").published == date(2026, 3, 14)


def test_notes_alone_have_no_title() -> None:
    assert read_front_matter("[1] https://a.com/x; March 3, 2026").title == ""


def test_names_are_cut_at_commas_and_conjunctions() -> None:
    assert split_names("A. One, B. Two & C. Three (editor)") == ["A. One", "B. Two", "C. Three"]


def test_front_matter_says_more_than_the_text() -> None:
    text = (
        '---\ntitle: "The Real Title"\nauthors:\n  - Jane Doe\n  - John Roe\ndate: 2024-05-06\n'
        "publisher: site.org\nlang: en\n---\n\n# Another\n\nText https://a.com/x\n"
    )
    report = read_report("r.md", text.encode())
    assert (report.title, report.authors, report.published) == (
        "The Real Title",
        ("Jane Doe", "John Roe"),
        date(2024, 5, 6),
    )
    assert (report.publisher, report.language) == ("site.org", "en")


def test_what_the_caller_says_wins() -> None:
    report = read_report("r.txt", b"Title\n\nMay 5, 2021\n\nText", published=date(2000, 1, 1), publisher="x.org")
    assert (report.published, report.publisher) == (date(2000, 1, 1), "x.org")


def test_the_first_of_a_month_in_french() -> None:
    assert find_date("Lyon, le 1er mars 2022") == date(2022, 3, 1)


def test_a_name_beside_the_date() -> None:
    head = read_front_matter("# A Title\n\nAnn Lee | Monday, 14 Sep 2020\n\nText.\n")
    assert (head.authors, head.published) == (["Ann Lee"], date(2020, 9, 14))


def test_block_and_quoted_scalars_of_front_matter() -> None:
    folded = "---\ntitle: >\n  A folded\n  title\nauthor: 'Ann O''Hara'\ndate: 2020-09-14\n---\nText.\n"
    report = read_report("r.md", folded.encode())
    assert (report.title, report.authors, report.published) == ("A folded title", ("Ann O'Hara",), date(2020, 9, 14))


def test_a_date_with_slashes_counts_where_it_is_clear() -> None:
    assert find_date("09/14/2020") == find_date("14/09/2020") == date(2020, 9, 14)
    assert find_date("09/10/2020") is None


@pytest.mark.parametrize("name", ["r.md", "r.txt"])
def test_the_head_that_a_fetcher_of_pages_writes(name: str) -> None:
    text = (
        "Title: A Report\n\nURL Source: https://www.site.example/a\n\nPublished Time: 2026-03-05T22:10:00Z\n\n"
        "Markdown Content:\n# A Report\n\nAnn Lee\n\nSaid.[1]\n\n[1] https://a.com/1\n"
    )
    report = read_report(name, text.encode())
    assert (report.title, report.published, report.publisher) == ("A Report", date(2026, 3, 5), "site.example")
    assert report.authors == ("Ann Lee",)
    assert [one.link.url for one in report.citations] == ["https://a.com/1"]


@pytest.mark.parametrize(
    "line", ["Special Report", "Brief Report | 3 March 2026", "Institute of Tests", "Press Release"]
)
def test_what_a_head_says_in_capitals_is_not_always_a_name(line: str) -> None:
    assert read_front_matter(f"# A Title\n\n{line}\n\nAnn Lee\n\nText.\n").authors == ["Ann Lee"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("verfasst von / submitted by\n\nAnna Schmidt BSc.", ["Anna Schmidt"]),
        ("作者：王小明、李四", ["王小明", "李四"]),
        (
            "Выполнил:\n\nстудент группы 12\n\nПетров Иван Сергеевич\n\nПроверил:\n\nСидоров Олег",
            ["Петров Иван Сергеевич"],
        ),
        ("Виконала: Олена Коваль", ["Олена Коваль"]),
        ("Por Ana Souza e Rui Costa", ["Ana Souza", "Rui Costa"]),
        ("Étudiante : Marie DURAND", ["Marie DURAND"]),
        ("Yazan: Ayşe Yılmaz", ["Ayşe Yılmaz"]),
        ("Szerző: Nagy Éva", ["Nagy Éva"]),
        ("Lieutenant Colonel Ann B. Lee, U.S. Army, Retired", ["Ann B. Lee"]),
        ("Prof. Dr. Eva Braun, PhD", ["Eva Braun"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("By Ann Lee, Senior Fellow", ["Ann Lee"]),
    ],
)
def test_bylines_of_many_languages(line: str, names: list[str]) -> None:
    assert read_front_matter(f"A Quiet Harbour\n\n{line}\n\nText of it.\n").authors == names


@pytest.mark.parametrize(
    "line",
    [
        "SÃO PAULO",
        "Mozilla Corporation",
        "Executive Summary",
        "HarbourWatch’s Global Reach",
        "About Licence",
        "Por que isso?",
    ],
)
def test_places_bodies_and_headings_are_no_authors(line: str) -> None:
    assert read_front_matter(f"A Quiet Harbour\n\n{line}\n\nText of it.\n").authors == []


@pytest.mark.parametrize(
    ("cover", "title"),
    [
        (
            "MASTERARBEIT / THESIS\n\nTitel der Masterarbeit / Title of the thesis\n\n„Geld und Gewinn“",
            "Geld und Gewinn",
        ),
        (
            "Министерство образования\n\nРЕФЕРАТ\n\nТема:\n\n«Скважины\n\nводозабора «Север» города»",
            "Скважины водозабора «Север» города",
        ),
        ("Policy brief\n\nA Quiet Harbour\n\nAnn Lee", "A Quiet Harbour"),
        ("Policy brief\n\nThe port was closed on Monday.", "Policy brief"),
        ("题目：安静的港口\n\n作者：王小明", "安静的港口"),
    ],
)
def test_the_title_of_a_cover(cover: str, title: str) -> None:
    assert read_front_matter(f"{cover}\n\nText of it.\n").title == title


def test_a_version_with_its_date_is_a_dateline() -> None:
    head = read_front_matter("A Worm (a.k.a. Flame)\n\nv1.05 (May 31, 2022) – it changes all the time\n\nText.\n")
    assert head.published == date(2022, 5, 31)


@pytest.mark.parametrize(
    ("declared", "printed", "authors"),
    [
        ("Ann Lee; Bo Kim", "", ("Ann Lee", "Bo Kim")),
        ("Ann Lee, Bo Kim", "", ("Ann Lee", "Bo Kim")),
        ("García López, Ana María", "By Ana María García López", ("García López, Ana María",)),
        ("Lee, Ann", "", ("Lee, Ann",)),
        ("Port Office, Delft", "", ("Port Office, Delft",)),
    ],
)
def test_several_authors_that_are_declared_as_one(declared: str, printed: str, authors: tuple[str, ...]) -> None:
    assert settle_masthead(Metadata(authors=(declared,)), f"Port log\n{printed}\n")[1] == authors


def test_a_quoted_title_that_is_folded_over_lines() -> None:
    head = '---\ntitle: "Port log: fuel and\n  silence"\nauthor: Ann Lee\n---\n\nText.\n'
    assert read_report("r.md", head.encode()).title == "Port log: fuel and silence"


@pytest.mark.parametrize("name", ["李明", "김민수", "佐藤健一"])
def test_a_lone_east_asian_name_beside_a_date(name: str) -> None:
    head = read_front_matter(f"港口的沉默\n\n{name}\n\n2021-03-15\n")
    assert (head.title, head.authors) == ("港口的沉默", [name])
    assert not read_front_matter(f"港口的沉默\n\n{name}\n\n李家的码头关闭了，没有人问为什么。\n").authors


@pytest.mark.parametrize("word", ["摘要", "前言", "北京", "马上就要关闭的港口"])
def test_other_east_asian_words_beside_a_date_are_no_names(word: str) -> None:
    assert not read_front_matter(f"港口的沉默\n\n{word}\n\n2021-03-15\n").authors


@pytest.mark.parametrize(
    ("lines", "names", "day"),
    [
        ("**Ann Lee, Bo Kim, and Cy Roe** · 3rd March 2024 · 5 min read", ["Ann Lee", "Bo Kim", "Cy Roe"], 3),
        ("Written by Ann Lee | Edited by Bo Kim | Posted on March 3rd, 2024", ["Ann Lee"], 3),
        ("By Ann Lee, 3 March 2024", ["Ann Lee"], 3),
        ("Von Anna See und Bruno Kai, 3. März 2024", ["Anna See", "Bruno Kai"], 3),
        ("Par Anne Lac, le 3 mars 2024", ["Anne Lac"], 3),
        ("Publié le 3 mars 2024 à 10h00 – Mis à jour le 4 mars 2024 à 12h00", [], 3),
        ("Publicado el 3 de marzo del 2024 por Ana Lagos", ["Ana Lagos"], 3),
        ("Tó Anna\n2024. március 3.", ["Tó Anna"], 3),
        ("Ana Jezero\n3. ožujka 2024.", ["Ana Jezero"], 3),
        ("Ona Ežeraitė\n2024 m. kovo 3 d.", ["Ona Ežeraitė"], 3),
        ("بقلم: سلمى حداد\n3 آذار 2024", ["سلمى حداد"], 3),
        ("文・山田花子\n令和6年3月3日", ["山田花子"], 3),
        ("作者：王小明 李大力\n发布时间：2024-03-03 10:00", ["王小明", "李大力"], 3),
        ("記者王小明／台北報導\n2024年03月03日", ["王小明"], 3),
        ("홍길동 기자\n2024.03.03 10:00 입력", ["홍길동"], 3),
        ("FROM: Ann Lee\nDATE: March 3, 2024", ["Ann Lee"], 3),
        ("Ann Lee\n\nThe storm came on 3 March 2024.", ["Ann Lee"], None),
    ],
)
def test_names_and_the_date_of_a_masthead(lines: str, names: list[str], day: int | None) -> None:
    head = read_front_matter(f"The Quiet Harbour\n\n{lines}\n\nThe text begins here. It goes on for some time.\n")
    assert (head.title, head.authors) == ("The Quiet Harbour", names)
    assert head.published == (date(2024, 3, day) if day else None)


def test_a_title_below_the_kind_of_document_holds_the_date_of_an_event() -> None:
    head = read_front_matter("REPORT\n\nA Quiet Harbour: The Closure of 12 May 2021\n\nPublished: 2024-03-03\n")
    assert (head.title, head.published) == ("A Quiet Harbour: The Closure of 12 May 2021", date(2024, 3, 3))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和元年5月1日", date(2019, 5, 1)),
        ("民國113年3月3日", date(2024, 3, 3)),
        ("3 تشرين الثاني 2023", date(2023, 11, 3)),
        ("31 Aout 2019", date(2019, 8, 31)),
    ],
)
def test_years_of_eras_and_other_names_of_months(text: str, day: date) -> None:
    assert find_date(text) == day
