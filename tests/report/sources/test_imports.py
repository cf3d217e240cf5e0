"""Other people's data sets become tables of ours (the records here are made up)."""

import json
from pathlib import Path

import pytest

from cite_audit.errors import UsageError
from cite_audit.report.render import RenderOptions
from cite_audit.report.render.sources.registry_rows import render_rows
from cite_audit.report.sources import classify
from cite_audit.report.sources.imports import convert_dataset
from cite_audit.report.sources.registry import RegistryRow
from cite_audit.report.sources.registry_check import find_table_problems

COLUMNS = "Region,Country,Media company,Main assets,URL,Typology,Status,Notes"
MATRIX = f"""{COLUMNS},Twitter,Facebook,Instagram,Youtube,TikTok,Telegram
Asia,Laos,Made Up Press,Made Up News Agency,https://madeup.example/en/,SC,,,https://twitter.com/madeup,,,,,madeup_la
Asia,Laos,Made Up Press,Made Up TV,,SC,,,,,,,,
Europe,Poland,Merged Media,Merged Daily,http://www.merged.example,CaPu,,Merged from Project,,,,,,
Europe,Norway,Free Air,Free Radio,https://free.example/,ISFM,,,botty,,,,,
Europe,Norway,Free Air,Free Radio 2,https://free2.example/,ISFM,,,botty,,,,,
Europe,Norway,Free Air,Free Radio 3,https://free3.example/,ISFM,,,botty,,,,,
"""


def test_the_state_media_matrix_gives_control_country_and_channels(tmp_path: Path) -> None:
    name, rows = convert_dataset(MATRIX)
    found = {row.key: row for row in rows}
    assert name == "State Media Matrix"
    assert set(found) == {
        "madeup.example",
        "merged.example",
        "free.example",
        "free2.example",
        "free3.example",
        "x.com/madeup",
        "t.me/madeup_la",
    }
    assert (found["madeup.example"].control, found["madeup.example"].country) == ("state_run", "LA")
    assert found["merged.example"].confidence == "low"
    assert list(find_table_problems(rows)) == []
    table = tmp_path / "matrix.csv"
    table.write_text(render_rows(rows, RenderOptions()))
    groups = [
        classify(u, overlays=(str(table),)).group
        for u in ("https://madeup.example/a", "https://t.me/madeup_la/1", "https://free.example")
    ]
    assert groups == ["state_media", "state_media", "western_outlet"]


def test_ratings_stay_words_and_change_no_group(tmp_path: Path) -> None:
    name, rows = convert_dataset("Domain,Site Rank,Name,MBFC Fact,MBFC Bias,Score\nwww.tass.ru,1,TASS,L,FN,0.1\n")
    assert (name, rows[0].key, rows[0].control) == ("Iffy Index", "tass.ru", "")
    assert "factual reporting L" in rows[0].basis
    table = tmp_path / "iffy.csv"
    table.write_text(render_rows(rows, RenderOptions()))
    assert classify("https://tass.ru/1", overlays=(str(table),)).group == "state_media"


def test_media_bias_fact_check_in_both_layouts() -> None:
    line = "madeup.example,USA,left,HIGH,MOSTLY FREE,Newspaper,Medium,high credibility"
    header = "source,country,bias,factual_reporting,press_freedom,media_type,popularity,mbfc_credibility_rating"
    _, rows = convert_dataset(f"{header}\n{line}\n")
    assert (rows[0].medium, rows[0].country, rows[0].control) == ("news_outlet", "US", "")
    entry = {
        "bias": "left",
        "credibility": "high-credibility",
        "domain": "madeup.example",
        "name": "M",
        "reporting": "high",
    }
    _, rows = convert_dataset(json.dumps([entry]))
    assert "factual reporting high" in rows[0].basis


def test_wikipedias_list_keeps_paths() -> None:
    urls = '"[""www.madeup.example/en"", ""twitter.com/x""]"'
    header = "id,name,status,status_n,wiki_url,urls,urls_n,info"
    text = f'{header}\n1,Made Up,"[""No consensus""]",1,w,{urls},2,prose\n'
    name, rows = convert_dataset(text)
    assert name == "Wikipedia perennial sources"
    assert [(row.key, row.basis) for row in rows] == [
        ("madeup.example/en", "Wikipedia, perennial sources: no consensus")
    ]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "[{]", "{}"])
def test_an_unknown_layout_says_which_are_known(text: str) -> None:
    with pytest.raises(UsageError, match=r"layout|neither CSV nor JSON"):
        convert_dataset(text)


def test_a_name_that_looks_like_a_formula_comes_back_from_a_table_as_it_was(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text(
        render_rows([RegistryRow("plus.example", "plus", "+972 Magazine", "news_outlet")], RenderOptions())
    )
    assert "'+972 Magazine" in table.read_text()
    assert classify("https://plus.example/1", overlays=(str(table),)).name == "+972 Magazine"
