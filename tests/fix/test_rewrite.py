"""Mending reports: the right bytes change and no others, the result reads back as meant, and a second time is idle."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cite_audit.errors import UsageError
from cite_audit.fix import FixOptions, RewriteResult, plan_edits, rewrite_report
from cite_audit.model import (
    Applicability,
    Archived,
    Finding,
    FindingState,
    Fix,
    Grade,
    Health,
    Location,
    NewHome,
    Reason,
    Report,
    Severity,
    Verdict,
)
from cite_audit.parse import read_report
from cite_audit.report.findings.evaluation import evaluate_report
from tests.cli.running import run
from tests.parse.readers import making
from tests.report.audits import NOW, memento, verdict

FIXTURES = Path(__file__).parents[2] / "fixtures"
GONE = "https://www.gov.example.com/plans/2021_final.pdf"
LIVE = "https://news.example.org/story?id=1&lang=en"
COPY = memento(GONE).uri_m
LIVE_COPY = memento(LIVE).uri_m
SAFE = FixOptions()

MARKDOWN = f"""# Grid resilience

June 2, 2021

A claim.[^1] Another.[^2] A third.[^3]

[^1]: <{GONE}>; “as stated”, *ibid.* — naïve\ttext
[^2]: [{GONE.replace("_", chr(92) + "_")}]({GONE}) and [the story]({LIVE}).
[^3]: hxxps://www[.]gov[.]example[.]com/plans/2021_final.pdf, p. 7; {LIVE}
"""

TEXT = f"""Grid resilience

June 2, 2021

A claim.[1] Another.[2]

1 {GONE}
2 hxxps://www[.]gov[.]example[.]com/plans/2021_final.pdf; {LIVE}
"""

PAGE = f"""<!DOCTYPE html>
<html><head><title>Grid</title><meta name="date" content="2021-06-02"></head><body>
<p>A claim.<sup>1</sup> And <a class=x href='{LIVE.replace("&", "&amp;")}'>a&nbsp;story</a>.</p>
<ol><li id="fn1"><a href="{GONE}">{GONE}</a>  &mdash; and {LIVE.replace("&", "&#38;")}</li></ol>
</body></html>
"""


def audited(
    path: str, data: bytes, verdicts: Mapping[str, Verdict] | None = None
) -> tuple[Report, Mapping[str, Verdict]]:
    report = read_report(path, data)
    known = dict(verdicts or {GONE: verdict(GONE, Health.BROKEN, Reason.NOT_FOUND, status=404), LIVE: verdict(LIVE)})
    return report, {c.link.url: known.get(c.link.url, verdict(c.link.url)) for c in report.citations}


def mended(
    path: str, data: bytes, options: FixOptions = SAFE, verdicts: Mapping[str, Verdict] | None = None
) -> RewriteResult:
    report, known = audited(path, data, verdicts)
    findings = evaluate_report(report, known, {}, Grade(True), NOW)
    return rewrite_report(
        data, report, plan_edits(report, findings, known, options), options, lambda new: read_report(path, new)
    )


def links(path: str, data: bytes) -> list[tuple[int | None, str]]:
    return [(c.note, c.link.url) for c in read_report(path, data).citations]


@pytest.mark.parametrize(("path", "source"), [("a.md", MARKDOWN), ("a.txt", TEXT), ("a.html", PAGE)])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_dead_links_become_their_copies_and_every_other_byte_stays(
    path: str, source: str, newline: str, encoding: str
) -> None:
    data = source.replace("\n", newline).encode(encoding)
    result = mended(path, data)
    assert result.skipped == ()
    was, now = data.decode(encoding), result.data.decode(encoding)
    for spelling in (GONE.replace("_", r"\_"), GONE, "hxxps://www[.]gov[.]example[.]com/plans/2021_final.pdf"):
        was = was.replace(spelling, "@")
    for spelling in (COPY.replace("_", r"\_"), COPY):
        now = now.replace(spelling, "@")
    assert was == now
    assert [note for note, url in links(path, data) if url == GONE] == [
        note for note, url in links(path, result.data) if url == COPY
    ]


@pytest.mark.parametrize(("path", "source"), [("a.md", MARKDOWN), ("a.txt", TEXT), ("a.html", PAGE)])
@pytest.mark.parametrize(
    "options",
    [
        SAFE,
        FixOptions(style="[.]"),
        FixOptions(style="plain"),
        *(FixOptions(archive_style=s) for s in ("robust", "paren", "note")),
    ],
    ids=str,
)
def test_mending_twice_changes_nothing(path: str, source: str, options: FixOptions) -> None:
    once = mended(path, source.encode(), options)
    twice = mended(path, once.data, options)
    assert twice.data == once.data
    assert twice.changes == ()


@pytest.mark.parametrize("encoding", ["cp1252", "cp1250", "latin-1"])
def test_an_address_that_the_encoding_lacks_is_left_alone_and_the_others_are_mended(encoding: str) -> None:
    # µ becomes the Greek letter in a host (UTS 46), which no Western encoding has
    text = "A.[^1] Größe é ü ä.[^2]\n\n[^1]: hxxps://µ.example.com/x\n[^2]: hxxps://b[.]example[.]com/y\n"
    result = mended("a.md", text.encode(encoding, "ignore"), FixOptions(style="plain"))
    assert b"[^2]: https://b.example.com/y" in result.data
    (skipped,) = result.skipped
    assert skipped.note == 1
    assert "the report's encoding" in skipped.why


def test_nothing_unsure_is_touched_without_being_asked() -> None:
    moved = {GONE: verdict(GONE, Health.ALIVE, Reason.MOVED_PERMANENTLY, moved_to="https://new.example.com/p")}
    assert mended("a.md", MARKDOWN.encode(), verdicts=moved).data == MARKDOWN.encode()
    asked = mended("a.md", MARKDOWN.encode(), FixOptions(unsafe=True), moved)
    assert b"<https://new.example.com/p>" in asked.data


def test_a_new_home_is_written_on_request_where_no_copy_is_a_sure_fix() -> None:
    home = NewHome("https://new.example.com/p", found_by="listing", title="A page", likeness=0.9)
    sure = verdict(GONE, Health.BROKEN, Reason.GONE, suggestions=(home,))
    far = verdict(GONE, Health.BROKEN, Reason.GONE, days=900, suggestions=(home,))
    lost = verdict(GONE, Health.BROKEN, Reason.GONE, archived=Archived.NOT_ARCHIVED, suggestions=(home,))
    for known in (far, lost):
        assert mended("a.md", MARKDOWN.encode(), verdicts={GONE: known}).data == MARKDOWN.encode()
        assert (
            b"<https://new.example.com/p>"
            in mended("a.md", MARKDOWN.encode(), FixOptions(unsafe=True), {GONE: known}).data
        )
    assert b"web.archive.org" in mended("a.md", MARKDOWN.encode(), FixOptions(unsafe=True), {GONE: sure}).data


def test_a_link_that_could_not_be_judged_is_never_replaced() -> None:
    for reason in (Reason.BLOCKED, Reason.TIMEOUT, Reason.SERVER_ERROR):
        unsure = {GONE: verdict(GONE, Health.UNKNOWN, reason)}
        assert mended("a.md", MARKDOWN.encode(), FixOptions(unsafe=True), unsure).data == MARKDOWN.encode()


def test_a_bad_or_missing_copy_replaces_nothing() -> None:
    bad = verdict(GONE, Health.BROKEN, Reason.GONE, archived=Archived.ARCHIVED_BAD, quality=("archived 404",))
    none = verdict(GONE, Health.BROKEN, Reason.GONE, archived=Archived.NOT_ARCHIVED)
    for known in (bad, none):
        assert mended("a.md", MARKDOWN.encode(), FixOptions(unsafe=True), {GONE: known}).data == MARKDOWN.encode()


def test_ignored_findings_mend_nothing() -> None:
    from dataclasses import replace

    report, known = audited("a.md", MARKDOWN.encode())
    findings = tuple(
        replace(f, state=FindingState.IGNORED) for f in evaluate_report(report, known, {}, Grade(True), NOW)
    )
    assert list(plan_edits(report, findings, known, SAFE)) == []


def test_a_split_link_is_printed_in_one_piece_in_its_own_dialect() -> None:
    path = "reports/november-concessions-2020-11-30.md"
    data = (FIXTURES / path).read_bytes()
    result = mended(path, data)
    assert [c.why for c in result.changes] == ["CA302 link-mended"] * 2
    assert b"<https://news.tut dot by/economics/709626.html?utm_campaign=" in result.data
    assert links(path, data) == links(path, result.data)
    assert not any(c.link.repairs for c in read_report(path, result.data).citations)


@pytest.mark.parametrize("style", ["[.]", "(.)", "((.))", "dot", "hxxp", "plain"])
@pytest.mark.parametrize("name", ["same-report.md", "same-report.txt", "same-report.html"])
def test_every_link_can_be_printed_in_one_style_and_still_reads_the_same(name: str, style: str) -> None:
    data = (FIXTURES / name).read_bytes()
    result = mended(name, data, FixOptions(style=style), {})
    assert links(name, result.data) == links(name, data)
    assert result.changes


FRAMED = """# Minsk

June 2, 2021

A claim.[1] Another.[2]

[1] [https://t\\(.\\)me/nexta/1](https://t(.)me/nexta/1); [https://t\\(.\\)me/nexta/1](https://t(.)me/nexta/1)
[2] [https://www.mid dot ru/asset\\_publisher/x](https://www.mid dot ru/asset_publisher/x)
"""


@pytest.mark.parametrize("path", ["a.txt", "a.md"])
@pytest.mark.parametrize(
    "options",
    [
        FixOptions(style="((.))"),
        FixOptions(style="[.]"),
        FixOptions(archive_style="note"),
        FixOptions(archive_style="paren"),
    ],
)
def test_frames_of_markdown_and_dialects_with_parentheses_hold(path: str, options: FixOptions) -> None:
    result = mended(path, FRAMED.encode(), options, {})
    assert result.skipped == ()
    assert result.changes
    kept = [place for place in links(path, result.data) if "web.archive.org" not in place[1]]
    assert kept == links(path, FRAMED.encode())
    assert mended(path, result.data, options, {}).changes == ()


def test_copies_beside_live_links() -> None:
    robust = mended("a.md", MARKDOWN.encode(), FixOptions(archive_style="robust")).data.decode()
    assert f"[the story]({LIVE}) ([archived 2021-06-14]({LIVE_COPY}))." in robust
    paren = mended("a.txt", TEXT.encode(), FixOptions(archive_style="paren")).data.decode()
    assert f"{LIVE} (archived 2021-06-14: {LIVE_COPY})\n" in paren
    page = mended("a.html", PAGE.encode(), FixOptions(archive_style="robust")).data.decode()
    assert 'data-versiondate="2021-06-14"' in page
    assert re.search(r'a&nbsp;story</a> \(<a href="[^"]*">archived 2021-06-14</a>\)\.', page)


def test_what_would_not_read_back_is_left_and_said() -> None:
    odd = "https://web.archive.org/web/20210614083005/https://www.gov.example.com/a b>"
    known = verdict(GONE, Health.BROKEN, Reason.GONE)
    from dataclasses import replace

    spoilt = replace(known, mementos=(replace(known.mementos[0], uri_m=odd),))
    result = mended("a.md", MARKDOWN.encode(), SAFE, {GONE: spoilt})
    assert result.data == MARKDOWN.encode()
    assert {left.why for left in result.skipped} == {"would not read back as the link that was meant"}


def test_formats_that_cannot_be_edited_are_left_whole() -> None:
    data = (FIXTURES / "same-report.eml").read_bytes()
    result = mended("same-report.eml", data, FixOptions(style="[.]"), {})
    assert result.data == data
    assert all("are not edited" in left.why for left in result.skipped)


def test_a_format_that_cannot_be_edited_is_said_so_once(tmp_path: Path) -> None:
    name = "same-report.eml"
    (tmp_path / name).write_bytes((FIXTURES / name).read_bytes())
    done = run(tmp_path, "fix", "--diff", "--defang", "[.]", name)
    told = rf"{name}: 0 links would be mended, \d\d left alone: mail files are not edited\n"
    assert re.match(told, done.stderr), done.stderr
    assert done.stderr.count("not edited") == 1


def test_unknown_styles_are_refused() -> None:
    report, known = audited("a.md", MARKDOWN.encode())
    for options in (FixOptions(style="{}"), FixOptions(archive_style="below")):
        with pytest.raises(UsageError):
            list(plan_edits(report, (), known, options))


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {entry.filename: package.read(entry) for entry in package.infolist()}


def replacing(path: str, target: str) -> tuple[bytes, RewriteResult]:
    data = (FIXTURES / path).read_bytes()
    return data, mended(
        path, data, SAFE, {target: verdict(target, Health.BROKEN, Reason.NOT_FOUND, status=404, days=-1)}
    )


@pytest.mark.parametrize("path", ["same-report.docx", "same-report-writer.docx"])
@pytest.mark.parametrize(
    "target",
    [
        "http://kremlin.ru/events/president/news",  # defanged text in a footnote
        "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=uriserv:OJ.L_.2022.152.01.0045.01.ENG&toc=OJ:L:2022:152:TOC",
        "https://en.wikipedia.org/wiki/BRELL",  # a hyperlink behind other words or its own
    ],
)
def test_a_docx_changes_in_the_runs_and_targets_of_the_link_alone(path: str, target: str) -> None:
    data = (FIXTURES / path).read_bytes()
    report, known = audited(path, data, {target: verdict(target, Health.BROKEN, Reason.NOT_FOUND, status=404)})
    options = FixOptions(unsafe=True)
    findings = evaluate_report(report, known, {}, Grade(True), NOW)
    result = rewrite_report(
        data, report, plan_edits(report, findings, known, options), options, lambda new: read_report(path, new)
    )
    copy = known[target].mementos[0].uri_m
    assert result.skipped == ()
    assert (copy in {url for _, url in links(path, result.data)}) is True
    assert target not in {url for _, url in links(path, result.data)}
    before, after = parts(data), parts(result.data)
    assert list(before) == list(after)
    changed = {name for name in before if before[name] != after[name]}
    assert changed
    assert all(re.match(r"word/(_rels/)?(document|footnotes|endnotes)", name) for name in changed)
    for name in changed:
        ElementTree.fromstring(after[name])
        tags = [re.findall(rb"<[^>]*>", part) for part in (before[name], after[name])]
        assert len(tags[0]) == len(tags[1])


def test_a_docx_link_spread_over_runs_keeps_its_runs() -> None:
    data = (FIXTURES / "same-report.docx").read_bytes()
    whole = '<w:t xml:space="preserve">http://kremlin((.))ru/events/president/news ; hxxps://tass[.]com/economy</w:t>'
    bold = '</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">'
    split = f"<w:t>http://krem{bold}lin((.))ru/events/president/news ; hxxps://tass[.]com/economy</w:t>"
    content = parts(data)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, part in content.items():
            text = part.replace(whole.encode(), split.encode())
            assert name != "word/footnotes.xml" or text != part
            package.writestr(name, text)
    result = mended("a.docx", out.getvalue(), FixOptions(style="plain"), {})
    notes = parts(result.data)["word/footnotes.xml"].decode()
    assert "<w:t>http://kremlin.ru/events/president/news</w:t></w:r><w:r><w:rPr><w:b/></w:rPr>" in notes
    assert " ; https://tass.com/economy</w:t>" in notes
    assert links("a.docx", result.data) == links("a.docx", data)


def test_a_docx_mended_twice_stays() -> None:
    data = (FIXTURES / "same-report.docx").read_bytes()
    for options in (FixOptions(style="[.]"), FixOptions(archive_style="paren")):
        once = mended("a.docx", data, options, {})
        assert once.changes
        assert mended("a.docx", once.data, options, {}).changes == ()


def test_a_docx_of_many_notes_is_mended_in_time() -> None:
    urls = {number: f"https://news{number % 40}.example.com/2024/story-{number}" for number in range(1, 601)}
    link = '<w:hyperlink r:id="l{}">{}</w:hyperlink>'
    data = making.docx(
        "".join(making.paragraph("Rebuilt.", making.reference("footnote", number)) for number in urls),
        {number: making.paragraph("Ministry, ", link.format(number, making.run(url))) for number, url in urls.items()},
        links={f"l{number}": url for number, url in urls.items()},
    )
    started = time.process_time()
    result = mended("many.docx", data, FixOptions(style="[.]"), {})
    assert time.process_time() - started < 10  # a second; it was half a minute while every paragraph met every wish
    assert len(result.changes) == 600
    assert links("many.docx", result.data) == links("many.docx", data)


def test_rival_repairs_are_left_to_a_person() -> None:
    """One fix that is sure enough is made; of two nobody can say which is meant, not even with --unsafe."""
    report, known = audited("r.md", MARKDOWN.encode())
    rivals = (Fix(Applicability.SAFE, COPY), Fix(Applicability.UNSAFE, LIVE_COPY))

    def replacements(options: FixOptions, fixes: tuple[Fix, ...]) -> set[str]:
        place = Location("r.md", 7)
        finding = Finding(
            "CA301", "suspect", severity=Severity.WARNING, message="", location=place, note=1, url=GONE, fixes=fixes
        )
        return {edit.url for edit in plan_edits(report, [finding], known, options)}

    assert replacements(SAFE, rivals) == {COPY}
    assert replacements(FixOptions(unsafe=True), rivals[:1]) == {COPY}
    assert replacements(FixOptions(unsafe=True), rivals) == set()
