"""Settings from files and variables: the nearest file, the order of precedence, and what a typo gets told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cite_audit.config.files import load_settings
from cite_audit.config.keys import KEYS
from cite_audit.config.search import search_for
from cite_audit.errors import ConfigError


def write(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return str(path)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    return tmp_path / "repo"


def test_the_nearest_file_upward_counts(repository: Path) -> None:
    write(repository / "pyproject.toml", '[tool.cite-audit]\nfail-on = "warning"\n')
    near = write(repository / "reports" / "2026" / "cite-audit.toml", 'fail-on = "never"\n')
    report = write(repository / "reports" / "2026" / "march.md", "")
    assert load_settings([report], environ={}).file == near
    assert load_settings([str(repository / "reports")], environ={}).settings.policy.fail_on == "warning"


def test_a_pyproject_without_our_table_is_passed_over(repository: Path) -> None:
    write(repository / "a" / "pyproject.toml", "[project]\nname = 'x'\n")
    wanted = write(repository / "cite-audit.toml", "")
    assert search_for([str(repository / "a")]).file == Path(wanted)


def test_the_search_ends_at_the_root_of_the_repository(repository: Path) -> None:
    write(repository.parent / "cite-audit.toml", 'fail-on = "never"\n')
    assert search_for([str(repository)]).file is None


def test_variables_win_over_the_file_and_say_so(repository: Path) -> None:
    report = write(repository / "a.md", "")
    write(repository / "cite-audit.toml", '# ours\nfail-on = "warning"\n[network]\n\ntimeout = 5\n')
    loaded = load_settings([report], environ={"CITE_AUDIT_NETWORK_TIMEOUT": "90s"})
    assert loaded.settings.policy.fail_on == "warning"
    assert loaded.settings.network.timeout == 90.0
    assert loaded.origins["fail-on"].endswith("cite-audit.toml:2")
    assert loaded.origins["network.timeout"] == "CITE_AUDIT_NETWORK_TIMEOUT"
    assert "network.jobs" not in loaded.origins


def test_origins_name_the_line_inside_the_right_table(repository: Path) -> None:
    write(
        repository / "pyproject.toml", '[project]\nname = "x"\n[tool.cite-audit]\n[tool.cite-audit.network]\njobs = 3\n'
    )
    loaded = load_settings([str(repository)], environ={})
    assert loaded.settings.network.jobs == 3
    assert loaded.origins["network.jobs"].endswith("pyproject.toml:5")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('fial-on = "error"', "1: unknown key 'fial-on'; did you mean 'fail-on'?"),
        ("[network]\ntimout = 3", "2: unknown key 'network.timout'; did you mean 'network.timeout'?"),
        ("[netwrk]\ntimeout = 3", "did you mean 'network'"),
        ('[network]\njobs = "many"', "network.jobs: 'many' is not a whole number"),
        ("offline = 3", "offline: 3 is not true or false"),
        ('[[ignore]]\nurl = "https://a.example/"', "an ignore needs a reason"),
        ('[[ignore]]\nreason = "x"', "an ignore needs one of"),
        ('[[ignore]]\nreason = "x"\ndomian = "a.example"', "did you mean 'domain'?"),
        ('[[ignore]]\nreason = "x"\ndomain = "a.example"\nuntil = "soon"', "is not a date"),
        ("fail-on =", "Invalid value"),
        ('severity = "error"', "1: severity is a table: write [severity]"),
        ("network = 5", "1: network is a table: write [network]"),
        ('[ignore]\nreason = "x"', "1: ignore is a list of tables: write [[ignore]]"),
        ("ignore = [5]", "1: ignore is a list of tables"),
        ('store = "~no-such-user/s"', "1: store: '~no-such-user/s' is in no known user's home"),
        ('store = ["a"]', "1: store: ['a'] is not a text"),
        ("fail-on = 2027-01-01", "fail-on: datetime.date(2027, 1, 1) is not a text"),
        ("[archiving]\narchives = [1]", "2: archiving.archives: [1] is not a list of texts"),
        (
            '[network.connect-to]\n"*:80" = "localhost:9"',
            """network.connect-to: {'*:80': 'localhost:9'} is not a table of "HOST:PORT" = "ADDRESS:PORT\"""",
        ),
        ("[network]\nretries = -1", "2: network.retries: -1 is not a whole number from 0 to 100"),
        ("[network]\njobs = 0", "network.jobs: 0 is not a whole number from 1"),
        ("[network]\njobs = 2.7", "network.jobs: 2.7 is not a whole number"),
        (
            "[network]\ntimeout = -1",
            "network.timeout: -1 is not a number or a time such as 30s, 12h or 7d, at least 0.1",
        ),
        ("[network]\ndeadline = nan", "network.deadline: nan is not"),
        ("max-age = inf", "max-age: inf is not"),
        ("max-age = true", "max-age: True is not"),
        ("[grading]\nroles = {a = 1.5}", "grading.roles: {'a': 1.5} is not a table of texts"),
        ('[grading]\nweights = {social_only = ["a"]}', "is not a table of lists of numbers"),
        ('[[ignore]]\nreason = "x"\nrule = 5', "1: rule: 5 is neither a text nor a list of texts"),
        ('[[ignore]]\nreason = "x"\nrule = ["CA101", 5]', "1: rule: ['CA101', 5] is neither"),
        ('[[ignore]]\nreason = "x"\nrule = "CA4O2"', "1: rule: there is no rule 'CA4O2'; did you mean CA402?"),
        ('[[ignore]]\nreason = "x"\nrule = "CA7"', "1: rule: there is no rule 'CA7'"),
        ('[[ignore]]\nreason = "x"\nurl = 5', "1: url: 5 is not a text"),
        ('[[ignore]]\nreason = "x"\nnote = "3"', "1: note: '3' is not a whole number"),
        ('[[ignore]]\nreason = "x"\ndomain = "a.example"\nuntil = 5', "1: until: 5 is not a date"),
        ('[[ignore]]\nreason = "x"\ndomain = "a.example"\nuntil = 2027-01-01T00:00:00', "is not a date"),
    ],
)
def test_a_mistake_is_an_error_that_helps(repository: Path, text: str, told: str) -> None:
    path = write(repository / "cite-audit.toml", text)
    with pytest.raises(ConfigError) as error:
        load_settings([str(repository)], environ={})
    assert path in str(error.value)
    assert told in str(error.value)


def test_ignores_and_severities_are_read(repository: Path) -> None:
    text = '[severity]\nCA103 = "error"\n\n[[ignore]]\nrule = "CA101"\ndomain = "a.example"\nreason = "we have it"\n'
    write(repository / "cite-audit.toml", text + "until = 2027-01-31\n")
    policy = load_settings([str(repository)], environ={}).settings.policy
    assert policy.severities == {"CA103": "error"}
    assert policy.ignores[0].rules == ("CA101",)
    assert policy.ignores[0].until == date(2027, 1, 31)
    assert policy.ignores[0].origin[1] == 4


def test_a_baseline_is_found_beside_its_file(repository: Path) -> None:
    write(repository / "cite-audit.toml", 'baseline = "known.json"\n')
    policy = load_settings([write(repository / "deep" / "a.md", "")], environ={}).settings.policy
    assert Path(policy.baseline) == repository / "known.json"


def test_every_path_in_a_file_is_relative_to_it(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = write(
        repository / "own.toml",
        'baseline = "known.json"\nstore = "cache/store.sqlite"\n[network]\nca-bundle = "ca.pem"\n'
        '[archiving]\narchives = "warc:warcs, wayback"\n[grading]\noverlays = ["/mine.csv", "ours.csv"]\n',
    )
    (repository / "deep").mkdir()
    monkeypatch.chdir(repository / "deep")
    settings = load_settings([], trusted=own, environ={"CITE_AUDIT_NETWORK_CA_BUNDLE": "here.pem"}).settings
    assert settings.policy.baseline == str(repository / "known.json")
    assert settings.store == str(repository / "cache" / "store.sqlite")
    assert settings.archiving.archives == (f"warc:{repository / 'warcs'}", "wayback")
    assert settings.grading.overlays == ("/mine.csv", str(repository / "ours.csv"))
    assert settings.network.ca_bundle == "here.pem"


def test_ignores_nearer_to_one_report_hold_for_the_reports_below(repository: Path) -> None:
    write(repository / "cite-audit.toml", "")
    write(repository / "a" / ".cite-audit.toml", '[[ignore]]\nrule = "CA101"\nreason = "x"\n')
    reports = [write(repository / "a" / "1.md", ""), write(repository / "b" / "2.md", "")]
    (ignore,) = load_settings(reports, environ={}).settings.policy.ignores
    assert ignore.report.endswith("a/*")


def test_a_file_can_be_named_or_refused(repository: Path) -> None:
    write(repository / "cite-audit.toml", 'fail-on = "never"\n')
    other = write(repository / "other.toml", 'fail-on = "note"\n')
    assert load_settings([str(repository)], config=other, environ={}).settings.policy.fail_on == "note"
    assert load_settings([str(repository)], no_config=True, environ={}).settings.policy.fail_on == "error"
    with pytest.raises(ConfigError):
        load_settings(config=str(repository / "none.toml"), environ={})


def test_every_field_of_the_settings_has_a_key() -> None:
    assert {"fail-on", "max-age", "network.timeout", "archiving.archives", "grading.publisher"} <= set(KEYS)


def test_the_sample_in_the_docs_is_accepted(repository: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text("utf-8")
    write(repository / "cite-audit.toml", page.split("```toml\n")[1].split("```")[0])
    settings = load_settings([str(repository)], environ={}).settings
    assert settings.max_age == 7 * 86400
    assert len(settings.policy.ignores) == 1
