"""What `sources check` finds over several tables."""

from cite_audit.report.sources.registry import RegistryRow, load_registry
from cite_audit.report.sources.registry_conflicts import find_registry_problems, read_cited_keys


def made_row(
    key: str, id: str = "", control: str = "", country: str = "", file: str = "a.csv", **periods: str
) -> RegistryRow:
    return RegistryRow(key, id=id, control=control, country=country, file=file, line=2, **periods)


def problems_of(*rows: RegistryRow, cited: str = "") -> list[str]:
    return [problem.message for _, problem in find_registry_problems(rows, read_cited_keys(cited))]


def test_our_own_tables_do_not_contradict_each_other() -> None:
    assert list(find_registry_problems(load_registry().iterate_rows())) == []


def test_a_key_in_two_tables_is_told_once() -> None:
    assert problems_of(made_row("a.example"), made_row("a.example", file="b.csv")) == [
        "a.example stands in a.csv:2 already"
    ]


def test_periods_of_a_key_may_stand_in_two_tables() -> None:
    assert problems_of(made_row("a.example"), made_row("a.example", file="b.csv", valid_from="2020")) == []


def test_one_id_with_another_control_in_another_country_is_two_sources() -> None:
    told = problems_of(
        made_row("a.example", "voice", "private", "FR"), made_row("b.example", "voice", "state_run", "KH")
    )
    assert told == ["voice is state_run, KH here and private, FR in a.csv:2"]


def test_a_newsroom_may_have_bureaus_and_a_state_channel() -> None:
    first = made_row("a.example", "voice", "private", "FR")
    assert problems_of(first, made_row("b.example", "voice", "private", "BE")) == []
    assert problems_of(first, made_row("c.example", "voice", "state_run", "FR")) == []


def test_a_change_of_hands_is_no_contradiction() -> None:
    rows = [
        made_row("a.example", "voice", "private", "FR", valid_to="2020"),
        made_row("b.example", "voice", "exile", "LT", valid_from="2020"),
    ]
    assert problems_of(*rows) == []


def test_rows_that_no_cited_address_meets_are_told() -> None:
    rows = [
        made_row("a.example"),
        made_row("t.me/somebody"),
        made_row("t.me/nobody"),
        made_row("b.example/blog"),
        made_row("c.example"),
        made_row(".gov.example"),
    ]
    cited = "https://www.a.example/1, https://news.a.example/2 t.me/s/Somebody/77 and b.example/blog/2020/1"
    assert problems_of(*rows, cited=cited) == ["t.me/nobody is never cited", "c.example is never cited"]
