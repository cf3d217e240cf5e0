# ruff: noqa: E501  sources of one line
r"""LaTeX: what TeX would print, its notes, its bibliography; nothing is expanded, included or run."""

from __future__ import annotations

from pathlib import Path

import pytest

from cite_audit.model import Report
from cite_audit.parse import read_report
from cite_audit.parse.readers import choose_reader

BIB = r"""
@online{diaz, author = {Diaz, Ruth and {Port Office}}, title = {{Harbour} D\'ebat}, url = {https://a.example.org/x\_y},
  urldate = {2024-05-03}, date = {2023}}
@misc{log, howpublished = "\url{https://b.example.org/log?a=1\&b=2}", note = {Archived at \url{https://copy.example.org/1}}}
@article{kim, doi = {10.1000/182}, title = "Ships"}
"""


def latex(body: str, preamble: str = "") -> Report:
    source = f"\\documentclass{{article}}\n{preamble}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"
    return read_report("paper.tex", source.encode())


def links_by_note(report: Report) -> dict[int, list[str]]:
    return {note.number: [link.url for link in note.links] for note in report.notes}


@pytest.mark.parametrize(
    ("printed", "url"),
    [
        (r"\url{https://a.example.org/x_y%20z#part}", "https://a.example.org/x_y%20z#part"),
        (r"\url{https://a.example.org/x\_y\%20z\#part\&b}", "https://a.example.org/x_y%20z#part&b"),
        (r"\url{https://a.example.org/\~{}lee/\textasciitilde ann}", "https://a.example.org/~lee/~ann"),
        (r"\url|https://a.example.org/x{1}|", "https://a.example.org/x{1}"),
        ("\\url{https://a.example.org/x/\n  y}", "https://a.example.org/x/y"),
        (r"\href{https://a.example.org/x\#y}{the \emph{log}}", "https://a.example.org/x#y"),
        (r"\href[pdfnewwindow]{https://a.example.org/x}{log}", "https://a.example.org/x"),
        (r"https://a.example.org/x\_y--z", "https://a.example.org/x_y--z"),
        (r"\url{hxxps://a[.]example[.]org/x}", "https://a.example.org/x"),
        (r"\path{https://a.example.org/x}", "https://a.example.org/x"),
    ],
)
def test_an_address_is_read_as_tex_prints_it(printed: str, url: str) -> None:
    report = latex(f"Said.\\footnote{{Lee, {printed}.}}")
    assert links_by_note(report) == {1: [url]}
    assert report.citations[0].location.line == 4


def test_marks_texts_and_notes_in_notes_keep_their_numbers() -> None:
    report = latex(
        r"A.\footnotemark{} B.\footnote{Two, \url{https://b.example.org}.\footnote{Three, \url{https://c.example.org}}}"
        r"\footnotetext[1]{One, \url{https://a.example.org}} C.\footnote[7]{Seven: \url{https://d.example.org}}"
    )
    hosts = {1: "a", 2: "b", 3: "c", 7: "d"}
    assert links_by_note(report) == {number: [f"https://{host}.example.org"] for number, host in hosts.items()}
    assert [marker.number for marker in report.markers] == [1, 2, 7, 3]
    assert (report.missing_notes, report.orphan_notes) == ((), ())


def test_what_is_not_printed_is_not_cited() -> None:
    hidden = r"\url{https://hidden.example.org/x}"
    report = latex(
        f"% {hidden}\n\\begin{{comment}}\n{hidden}\n\\end{{comment}}\n\\iffalse {hidden} \\fi\n"
        f"\\begin{{verbatim}}{hidden}\\end{{verbatim}}\n\\verb|{hidden}| 50\\% off\\footnote{{\\url{{https://a.example.org}}}}",
        preamble=f"\\newcommand{{\\x}}[1]{{{hidden}}}",
    )
    assert [one.link.url for one in report.citations] == ["https://a.example.org"]


def test_the_masthead_is_that_of_maketitle() -> None:
    report = latex(
        r"\maketitle Said.",
        r"\title{On \textbf{Ships}\\ and Ports}\author{Ann L\'opez\thanks{Port} \and Bo {\L}uk\\University of X}\date{3 March 2024}",
    )
    assert (report.title, report.authors) == ("On Ships and Ports", ("Ann López", "Bo Łuk"))
    assert str(report.published) == "2024-03-03"


def test_works_are_the_notes_where_there_are_no_others() -> None:
    report = latex(
        r"Closed~\cite{kim,lee}. Denied \citep[p.~4]{lee}."
        "\n\\begin{thebibliography}{9}\n\\bibitem{kim} Kim, \\url{https://a.example.org}.\n\n"
        "\\bibitem[Lee 2020]{lee} Lee, \\url{https://b.example.org}.\n\\end{thebibliography}"
    )
    assert links_by_note(report) == {1: ["https://a.example.org"], 2: ["https://b.example.org"]}
    assert [marker.number for marker in report.markers] == [1, 2, 2]


@pytest.mark.parametrize("declared", [r"\bibliography{refs}", r"\addbibresource{refs.bib}"])
def test_the_bib_file_beside_a_report_is_its_bibliography(tmp_path: Path, declared: str) -> None:
    (tmp_path / "refs.bib").write_text(BIB, "utf-8")
    paper = tmp_path / "paper.tex"
    paper.write_text(
        f"\\documentclass{{article}}\\begin{{document}}A \\cite{{log}}.\nB \\parencite{{diaz}}.\n{declared}\\end{{document}}"
    )
    report = read_report(str(paper))
    assert links_by_note(report) == {1: ["https://b.example.org/log?a=1&b=2"], 2: ["https://a.example.org/x_y"]}
    assert [(one.note, one.location.line) for one in report.citations] == [(1, 1), (2, 2)]


def test_a_footcite_is_a_footnote(tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text(BIB, "utf-8")
    paper = tmp_path / "paper.tex"
    paper.write_text(
        r"\documentclass{article}\addbibresource{refs.bib}\begin{document}A.\footcite[4]{kim}\end{document}"
    )
    assert links_by_note(read_report(str(paper))) == {1: ["https://doi.org/10.1000/182"]}


@pytest.mark.parametrize("name", ["../refs", "/etc/refs", "sub/refs", "..\\refs", "link"])
def test_no_file_elsewhere_is_read(tmp_path: Path, name: str) -> None:
    for place in (tmp_path / "refs.bib", tmp_path / "in" / "sub" / "refs.bib"):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(BIB, "utf-8")
    (tmp_path / "in" / "link.bib").symlink_to(tmp_path / "refs.bib")
    paper = tmp_path / "in" / "paper.tex"
    paper.write_text(
        f"\\documentclass{{article}}\\begin{{document}}\\input{{../refs.bib}}\\include{{../refs}}A \\cite{{diaz}} "
        f"https://x.example.org/1\n\\bibliography{{{name}}}\\end{{document}}"
    )
    assert [one.link.url for one in read_report(str(paper)).citations] == ["https://x.example.org/1"]


def test_latex_is_known_by_its_content_under_any_name() -> None:
    assert choose_reader(b"% a draft\n\n\\documentclass{article}\n", "report.txt").FORMAT.name == "latex"


BAITS = ("{", "}", r"\footnote{", r"\url{", r"\href{a}{", r"\begin{a}", "$", r"\cite{a}", "%", r"\verb|", r"\'", "\\", "[",
         r"\footnote[", r"\begin{verbatim}", r"\iffalse ", r"\url{{", r"\title{", r"\bibitem{a}", "\n\n", r"\def\a{")  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("bait", BAITS)
def test_deep_and_open_constructs_come_to_an_end(bait: str) -> None:
    body = "\\documentclass{book}\\begin{document}https://a.example.org/x\n"
    report = read_report("b.tex", (body + bait * (60_000 // len(bait))).encode())
    assert [one.link.url for one in report.citations] == ["https://a.example.org/x"]


def test_a_bibliography_by_itself() -> None:
    report = read_report("refs.bib", BIB.encode())
    assert links_by_note(report) == {
        1: ["https://a.example.org/x_y"], 2: ["https://b.example.org/log?a=1&b=2"], 3: ["https://doi.org/10.1000/182"]
    }  # fmt: skip
    assert report.citations[0].work.title == "Harbour Débat"
    assert report.citations[0].work.authors == ("Ruth Diaz", "Port Office")
    assert [one.location.line for one in report.citations] == [2, 4, 5]
    assert choose_reader(BIB.encode(), "refs.txt").FORMAT.name == "bibtex"


def test_notes_made_by_the_reports_own_macros() -> None:
    preamble = (
        "\\newcommand{\\fn}[1]{\\footnote{#1}}\n\\newcommand\\src[2]{\\footnote{#1, \\url{#2}}}\n"
        "\\def\\web#1{\\footnote{See \\url{#1}.}}\n\\newcommand{\\fact}[1]{\\emph{#1}}"
    )
    report = latex(
        r"A.\fn{Log, \url{https://a.example.org/1}.} B.\src{Log}{https://b.example.org/2} C.\web{https://c.example.org/3}"
        r" \fact{D}.\footnote{Ibid.}",
        preamble,
    )
    assert links_by_note(report) == {
        1: ["https://a.example.org/1"],
        2: ["https://b.example.org/2"],
        3: ["https://c.example.org/3"],
        4: [],
    }
    assert [marker.number for marker in report.markers] == [1, 2, 3, 4]


def test_thanks_take_no_number_of_the_footnotes() -> None:
    masthead = r"\title{Port log\thanks{Paid by the port.}}\author{Ann Lee\thanks{Of Delft.} \and Bo Kim}"
    report = latex(rf"{masthead}\maketitle A.\footnote{{\url{{https://a.example.org/1}}}}")
    assert (report.title, report.authors) == ("Port log", ("Ann Lee", "Bo Kim"))
    assert links_by_note(report) == {1: ["https://a.example.org/1"]}


def test_links_in_thanks_are_citations_of_their_own() -> None:
    masthead = r"\title{Port log\thanks{Paid by \url{https://fund.example.org/12}.}}\author{Ann Lee\thanks{\href{https://delft.example.org/}{Delft}}}"
    report = latex(r"\maketitle A.\footnote{\url{https://a.example.org/1}}", masthead)
    assert links_by_note(report) == {1: ["https://a.example.org/1"]}
    assert [citation.link.url for citation in report.citations if citation.note is None] == [
        "https://fund.example.org/12",
        "https://delft.example.org/",
    ]


def test_the_notes_of_docutils() -> None:
    """rst2latex writes macros of its own, with the note's and the mark's names and the number."""
    report = latex(
        r"A.\DUfootnotemark{mark-1}{f1}{1} B.\DUfootnotemark{mark-2}{f2}{2}"
        "\n\n"
        r"\DUfootnotetext{f1}{mark-1}{1}{See \url{https://a.example.org/1}.}"
        "\n"
        r"\DUfootnotetext{f2}{mark-2}{2}{%"
        "\nIbid.\n}"
    )
    assert links_by_note(report) == {1: ["https://a.example.org/1"], 2: []}
    assert [marker.number for marker in report.markers] == [1, 2]
    assert not report.orphan_notes
