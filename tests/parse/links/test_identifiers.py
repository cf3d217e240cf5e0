"""Works cited by an identifier alone get the address of its registry."""

from __future__ import annotations

import pytest

from cite_audit.parse import read_report


@pytest.mark.parametrize(
    ("note", "url", "scheme"),
    [
        ("J. Ex. 12, DOI: 10.1016/\nj.jex.2020.01.001.", "https://doi.org/10.1016/j.jex.2020.01.001", "doi"),
        ("J. Ex. 12, doi:10.1016/j.jex.2020.01.001.", "https://doi.org/10.1016/j.jex.2020.01.001", "doi"),
        ("accessed via: DOI 10.1234/abc.def.", "https://doi.org/10.1234/abc.def", "doi"),
        ("arXiv:2202.01037v2 [cs.CY].", "https://arxiv.org/abs/2202.01037v2", "arxiv"),
        ("hdl:20.500.12345/678.", "https://hdl.handle.net/20.500.12345/678", "hdl"),
        ("Lancet, PMID: 31978945.", "https://pubmed.ncbi.nlm.nih.gov/31978945/", "pmid"),
        ("https://doi.org/10.1016/x1 (doi:10.1016/x1).", "https://doi.org/10.1016/x1", ""),
        ("https://a.example.org/b, PMID: 31978945.", "https://a.example.org/b", ""),
    ],
)
def test_an_identifier_is_a_citation_once(note: str, url: str, scheme: str) -> None:
    report = read_report("r.md", f"# T\n\nSaid.[1] Denied.[2]\n\n[1] {note}\n\n[2] https://a.example.org/\n".encode())
    (link,) = report.notes[0].links
    assert (link.url, link.identifier) == (url, scheme)


def test_a_doi_behind_whose_words_an_escaped_address_stands_is_cited_once() -> None:
    page = b"<p>Lee, doi:<a href='https://doi.org/10.1000%2F182'>10.1000/182</a>.</p>"
    assert [one.link.url for one in read_report("r.html", page).citations] == ["https://doi.org/10.1000%2F182"]


def test_a_doi_on_the_line_below_its_label() -> None:
    report = read_report("r.txt", b"Port log\n\nNotes\n\n[1] Ships. DOI:\n10.1234/vmp.2019.33.\n")
    assert [link.url for link in report.notes[0].links] == ["https://doi.org/10.1234/vmp.2019.33"]
