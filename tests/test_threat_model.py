"""SECURITY.md as tests: who is trusted with what. The names read like its table; one row, one test or more."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from cite_audit.config.files import load_settings
from cite_audit.config.keys import KEYS, TABLES, name_variable
from cite_audit.config.search import search_for
from cite_audit.config.settings import Network, Policy, Settings
from cite_audit.errors import ConfigError, UsageError
from cite_audit.resolve.http.client import Client
from cite_audit.resolve.http.proxy import Proxy, proxy_from_setting
from cite_audit.snapshot.credentials import ArchiveKeys, keep_back
from cite_audit.snapshot.save_page_now import build_quota_request
from tests.cli.running import REPORT, run
from tests.loopback.serving import Serving
from tests.loopback.wayback_answers import Answer

ROOT = Path(__file__).parents[1]
SECRET = "hush-hush"

# key → a value, as TOML, that means something
SAMPLES = {
    "network.timeout": "30",
    "network.jobs": "3",
    "network.per-host": "1",
    "network.host-interval": "5",
    "network.polite": "true",
    "network.retries": "0",
    "network.backoff": "9",
    "network.silence": "9",
    "network.deadline": '"2h"',
    "network.allow-addresses": '["10.0.0.0/8"]',
    "network.connect-to": '{"*:443" = "127.0.0.1:9"}',
    "network.proxy": '"http://127.0.0.1:9"',
    "network.ca-bundle": '"ca.pem"',
    "network.platforms": "false",
    "network.without-platforms": '["youtube"]',
    "network.patience": '"9d"',
    "network.canaries": '["127.0.0.1:9"]',
    "archiving.archives": '["memento:https://archive.example"]',
    "archiving.operator": '"A library <archive@library.example>"',
    "archiving.wayback": '"https://archive.example"',
    "archiving.availability": '"https://archive.example"',
    "archiving.budget": '"5m"',
    "archiving.drift": "true",
    "archiving.new-homes": "false",
    "archiving.never-seen": "false",
    "grading.publisher": '"a.example"',
    "grading.taxonomy": '"strict"',
    "grading.preset": '"strict"',
    "grading.overlays": '["mine.csv"]',
    "grading.weights": "{social_only = [20, 0.0, 0.4]}",
    "grading.roles": '{"note 1" = "official_statement"}',
    "fail-on": '"warning"',
    "fail-grade": '"C"',
    "max-unknown": '"10%"',
    "exit-zero": "true",
    "allow-empty": "true",
    "baseline": '"known.json"',
    "offline": "true",
    "archive": "false",
    "store": '"s.sqlite"',
    "max-age": '"7d"',
    "indicators": "true",
    "facts": "false",
}
# what the issue calls power: addresses, places to write, switches of the guard
POWERS = {
    "network.allow-addresses",
    "network.connect-to",
    "network.proxy",
    "network.ca-bundle",
    "network.canaries",
    "archiving.archives",
    "archiving.operator",
    "archiving.wayback",
    "archiving.availability",
    "store",
    "indicators",
}


def write(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return str(path)


def setting(key: str, value: str) -> str:
    section, _, name = key.rpartition(".")
    return (f"[{section}]\n" if section else "") + f"{name} = {value}\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    write(tmp_path / "repo" / "r.md", REPORT)
    return tmp_path / "repo"


# A configuration file that was found ------------------------------------------------------------------------------


def test_every_setting_says_whether_a_found_file_may_set_it() -> None:
    assert set(SAMPLES) == set(KEYS)
    assert {key for key in KEYS if KEYS[key].facts.found is None} == POWERS
    assert all(table.facts.found for table in TABLES.values())
    assert {one.name for one in fields(Policy)} <= {setting.name for setting in (*KEYS.values(), *TABLES.values())}


@pytest.mark.parametrize("name", ["cite-audit.toml", ".cite-audit.toml", "pyproject.toml"])
@pytest.mark.parametrize("key", sorted(POWERS))
def test_a_found_file_is_refused_an_address_a_place_to_write_or_a_guards_switch(
    key: str, name: str, repository: Path
) -> None:
    text = setting(key, SAMPLES[key])
    if name == "pyproject.toml":
        text = text.replace("[", "[tool.cite-audit.", 1) if "." in key else f"[tool.cite-audit]\n{text}"
    path = write(repository / name, text)
    with pytest.raises(ConfigError) as error:
        load_settings([str(repository / "r.md")], environ={})
    assert key in str(error.value)
    assert f"--trusted-config {path}" in str(error.value)
    assert name_variable(key) in str(error.value)


@pytest.mark.parametrize("key", sorted(set(SAMPLES) - POWERS))
def test_a_found_file_is_trusted_with_how_its_own_tree_is_judged(key: str, repository: Path) -> None:
    write(repository / "cite-audit.toml", setting(key, SAMPLES[key]))
    assert key in load_settings([str(repository)], environ={}).origins


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("network.per-host", "0"),
        ("network.per-host", "3"),
        ("network.host-interval", "0"),
        ("network.host-interval", "0.09"),
        ("network.jobs", "129"),
        ("network.retries", "3"),
        ("network.backoff", "0.9"),
        ("network.silence", "2.4"),
        ("network.patience", '"2d"'),
        ("network.timeout", "121"),
        ("network.timeout", '"90d"'),
    ],
)
def test_a_found_file_makes_no_run_less_polite_nor_endless(key: str, value: str, repository: Path) -> None:
    path = write(repository / "cite-audit.toml", setting(key, value))
    with pytest.raises(ConfigError, match=rf"{key}: in a file that was found it is at (least|most)"):
        load_settings([str(repository)], environ={})
    assert key in load_settings([], trusted=path, no_config=True, environ={}).origins


@pytest.mark.parametrize(
    "place",
    [
        "../mine.csv",
        "sub/../../mine.csv",
        "/etc/passwd",
        "~/mine.csv",
        "out/mine.csv",
        "link.csv",
        ".git/x",
        "a\\u0000b",
    ],
)
@pytest.mark.parametrize("key", ["baseline", "grading.overlays"])
def test_a_found_file_names_no_file_outside_its_own_folder(key: str, place: str, repository: Path) -> None:
    write(repository.parent / "elsewhere" / "mine.csv", "key\n")
    (repository / "out").symlink_to(repository.parent / "elsewhere")
    (repository / "link.csv").symlink_to(repository.parent / "elsewhere" / "mine.csv")
    write(repository / "cite-audit.toml", setting(key, f'"{place}"'))
    with pytest.raises(ConfigError, match="only files of its own folder"):
        load_settings([str(repository)], environ={})


def test_a_file_named_by_config_has_the_rights_of_a_found_one(repository: Path) -> None:
    other = write(repository.parent / "other.toml", setting("archiving.wayback", SAMPLES["archiving.wayback"]))
    with pytest.raises(ConfigError, match=r"archiving\.wayback"):
        load_settings([str(repository)], config=other, environ={})


def test_a_nearer_file_that_gives_only_ignores_is_refused_the_same(repository: Path) -> None:
    write(repository / "cite-audit.toml", "")
    write(repository / "a" / "cite-audit.toml", 'store = "s.sqlite"\n')
    reports = [write(repository / "a" / "1.md", ""), write(repository / "b" / "2.md", "")]
    with pytest.raises(ConfigError, match="store"):
        load_settings(reports, environ={})


def test_a_refused_run_ends_with_2_asks_nothing_and_writes_nothing(repository: Path) -> None:
    asked: list[str] = []

    def respond(method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        asked.append(target)
        return Answer(200, b"{}")

    with Serving(respond) as server:
        text = f'store = "planted/s.sqlite"\n[archiving]\nwayback = "http://{server.netloc}/wb"\n'
        text += '[network]\nallow-addresses = ["127.0.0.0/8"]\n'
        write(repository / "cite-audit.toml", text)
        for command in (["audit"], ["snapshot", "--to", "wayback"], ["fix"], ["baseline", "update"]):
            done = run(
                repository,
                *command,
                "r.md",
                CITE_AUDIT_OFFLINE="false",
                IA_ACCESS_KEY_ID="a",
                IA_SECRET_ACCESS_KEY=SECRET,
            )
            assert (done.returncode, done.stderr.count("\n")) == (2, 1)
            assert all(key in done.stderr for key in ("store", "archiving.wayback", "network.allow-addresses"))
    assert not asked
    assert not (repository / "planted").exists()


# Where a file is found ----------------------------------------------------------------------------------------------


def test_a_file_above_a_report_outside_a_repository_is_not_looked_for(tmp_path: Path) -> None:
    write(tmp_path / "cite-audit.toml", 'fail-on = "never"\n')
    report = write(tmp_path / "deep" / "r.md", "")
    assert search_for([report]).file is None
    assert search_for([report, write(tmp_path / "other" / "r.md", "")]).file is None
    near = write(tmp_path / "deep" / "cite-audit.toml", "")
    assert search_for([report]).file == Path(near)


def test_a_file_above_the_repositorys_top_is_not_looked_for(repository: Path) -> None:
    write(repository.parent / "cite-audit.toml", 'fail-on = "never"\n')
    assert search_for([str(repository / "r.md")]).file is None


@pytest.mark.parametrize("inside", [True, False])
def test_a_file_that_is_a_link_out_of_the_tree_is_not_read_and_that_is_said(inside: bool, tmp_path: Path) -> None:
    if inside:
        (tmp_path / "a" / ".git").mkdir(parents=True)
    report = write(tmp_path / "a" / "r.md", REPORT)
    write(tmp_path / "secret.toml", 'fail-on = "never"\n')
    (tmp_path / "a" / "cite-audit.toml").symlink_to(tmp_path / "secret.toml")
    loaded = load_settings([report], environ={})
    assert loaded.settings.policy.fail_on == "error"
    assert "not read: it is a link that leads out" in loaded.remarks[0]
    assert "not read" in run(tmp_path / "a", "audit", "r.md").stderr


def _given_away(path: Path) -> None:
    """Make a file another user's; only root can."""
    try:
        os.chown(path, 65534, 65534, follow_symlinks=False)
    except (OSError, AttributeError):
        pytest.skip("needs a user who may give files away")


def test_a_file_of_another_user_outside_a_repository_is_not_read_and_that_is_said(tmp_path: Path) -> None:
    report = write(tmp_path / "r.md", REPORT)
    _given_away(Path(write(tmp_path / "cite-audit.toml", 'fail-on = "never"\n')))
    loaded = load_settings([report], environ={})
    assert loaded.settings.policy.fail_on == "error"
    assert "cite-audit.toml: not read: it belongs to another user" in loaded.remarks[0]
    assert "belongs to another user" in run(tmp_path, "audit", "r.md").stderr


def test_a_repository_that_another_user_put_above_is_none(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path / "cite-audit.toml", 'fail-on = "never"\n')
    report = write(tmp_path / "mine" / "r.md", "")
    assert search_for([report]).file
    _given_away(tmp_path / ".git")
    assert search_for([report]).file is None


# What the user says -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", sorted(SAMPLES))
def test_a_trusted_file_may_set_everything(key: str, tmp_path: Path) -> None:
    own = write(tmp_path / "own.toml", setting(key, SAMPLES[key]))
    assert key in load_settings([], trusted=own, no_config=True, environ={}).origins


@pytest.mark.parametrize("key", sorted(set(SAMPLES) - {"grading.weights"}))  # lists of numbers have no short form
def test_a_variable_may_set_everything(key: str) -> None:
    written = re.sub(r"""[]["{}]""", "", SAMPLES[key]).replace(" = ", "=")
    assert key in load_settings([], no_config=True, environ={name_variable(key): written}).origins


@pytest.mark.parametrize("variable", ["XDG_CONFIG_HOME", "HOME"])
def test_the_users_own_folder_may_set_everything(variable: str, repository: Path, tmp_path: Path) -> None:
    below = tmp_path / "own" / (".config" if variable == "HOME" else "")
    write(below / "cite-audit" / "config.toml", '[network]\nproxy = "http://127.0.0.1:9"\n')
    environ = {variable: str(tmp_path / "own")}
    assert load_settings([str(repository)], environ=environ).settings.network.proxy == "http://127.0.0.1:9"
    assert not load_settings([str(repository)], no_config=True, environ=environ).settings.network.proxy


def test_a_relative_folder_of_the_user_is_none(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(repository / "cite-audit" / "config.toml", '[network]\nproxy = "http://127.0.0.1:9"\n')
    monkeypatch.chdir(repository)
    assert not load_settings([str(repository)], environ={"XDG_CONFIG_HOME": "."}).settings.network.proxy


def test_what_the_user_says_wins_over_what_was_found(repository: Path, tmp_path: Path) -> None:
    write(repository / "cite-audit.toml", 'offline = false\nfail-on = "never"\n[severity]\nCA101 = "off"\n')
    write(tmp_path / "own" / "cite-audit" / "config.toml", 'offline = true\nfail-on = "warning"\n')
    named = write(tmp_path / "named.toml", 'fail-on = "note"\n[severity]\nCA101 = "error"\n')
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "own")}
    settings = load_settings([str(repository)], environ=environ).settings
    assert (settings.offline, settings.policy.fail_on, settings.policy.severities) == (
        True,
        "warning",
        {"CA101": "off"},
    )
    settings = load_settings([str(repository)], trusted=named, environ=environ).settings
    assert (settings.offline, settings.policy.fail_on, settings.policy.severities) == (True, "note", {"CA101": "error"})
    environ["CITE_AUDIT_FAIL_ON"] = "error"
    assert load_settings([str(repository)], trusted=named, environ=environ).settings.policy.fail_on == "error"


def test_action_hooks_and_recipes_name_no_trusted_file() -> None:
    names = ("action.yml", "post/action.yml", "ci/github.sh", "ci/github_post.py", ".pre-commit-hooks.yaml")
    recipes = sorted(path for path in (ROOT / "docs/ci").rglob("*.*") if path.stem != "self-hosted")
    for text in (path.read_text("utf-8") for path in (*(ROOT / name for name in names), *recipes)):
        assert not re.search(r"trusted.config|CITE_AUDIT_|XDG_CONFIG_HOME", text, re.I)


def test_no_reports_name_is_an_option_to_a_hook_or_the_action() -> None:
    for hook in (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8").split("- id: ")[1:]:
        assert 'args: ["--"]' in hook
    assert '-- "${reports[@]}"' in (ROOT / "ci" / "github.sh").read_text("utf-8")


# Keys and passwords ---------------------------------------------------------------------------------------------------

PROXY = Proxy("127.0.0.1", 8080)


@pytest.mark.parametrize(
    ("base", "routes", "proxy", "sent"),
    [
        (Settings().archiving.wayback, {}, None, True),
        ("https://web.archive.org", {}, PROXY, True),  # end to end, within CONNECT
        ("https://archive.example", {}, None, True),
        ("http://web.archive.org", {}, None, False),
        ("http://archive.example", {}, None, False),
        ("http://127.0.0.1.archive.example", {}, None, False),
        ("http://127.0.0.1@archive.example", {}, None, False),
        ("http://localhost:80", {}, None, False),
        ("http://10.0.0.1", {}, None, False),
        ("ftp://127.0.0.1", {}, None, False),
        ("http://127.0.0.1:81", {}, None, True),
        ("http://[::1]:81", {}, None, True),
        ("http://127.0.0.1:81", {}, PROXY, False),
        ("http://127.0.0.1:81", {"127.0.0.1:81": "10.0.0.1:81"}, None, False),
        ("http://127.0.0.1:81", {"127.0.0.1:81": "[::1]:81"}, None, True),
    ],
)
def test_keys_go_over_https_or_stay_on_this_machine(
    base: str, routes: dict[str, str], proxy: Proxy | None, sent: bool
) -> None:
    assert (keep_back(base, routes, proxy, is_named=True) == "") is sent


@pytest.mark.parametrize(
    ("base", "sent"),
    [
        ("https://web.archive.org", True),
        ("https://WEB.archive.org/", True),
        ("https://web.archive.org.example", False),
        ("https://web.archive.org@archive.example", False),
        ("https://web.archive.org:8443", False),
        ("https://archive.example", False),
        ("http://127.0.0.1:81", False),
        ("http://web.archive.org", False),
    ],
)
def test_keys_go_to_no_archive_that_only_a_file_names(base: str, sent: bool) -> None:
    assert (keep_back(base, {}, None, is_named=False) == "") is sent


@pytest.fixture
def heard() -> Iterator[tuple[str, list[str]]]:
    """A server's address, and the authorization of every request it got; what is asked of its /save leads elsewhere."""
    fields: list[str] = []

    def respond(method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        fields.append(f"{target.partition('?')[0]} {headers.get('authorization', '-')}")
        if method == "POST":
            return Answer(401, b"{}")
        if target.startswith("/save"):
            return Answer(307, b"", (("Location", f"http://{server.netloc}/elsewhere"),))
        return Answer(200, b"{}")

    with Serving(respond) as server:
        yield server.netloc, fields


def test_keys_are_not_sent_in_the_clear_and_that_is_said(repository: Path, heard: tuple[str, list[str]]) -> None:
    pytest.importorskip("wacz")
    place, fields = heard
    flags = ["--to", "wayback", "--wayback", "http://archive.example", "--connect-to", f"*:80={place}"]
    flags += ["--allow-address", "127.0.0.0/8", "--archive-budget", "5"]
    done = run(
        repository,
        "snapshot",
        "r.md",
        *flags,
        CITE_AUDIT_OFFLINE="false",
        IA_ACCESS_KEY_ID="a",
        IA_SECRET_ACCESS_KEY=SECRET,
    )
    assert "no keys are sent to archive.example" in done.stdout + done.stderr
    assert fields
    assert not [field for field in fields if not field.endswith(" -")]


@pytest.mark.parametrize("way", ["file", "flag", "variable"])
def test_a_trusted_file_says_where_is_saved_and_not_whose_the_keys_are(
    way: str, repository: Path, heard: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, fields = heard
    trusted = repository.parent / "trusted.toml"
    trusted.write_text(
        f'[archiving]\nwayback = "http://{place}"\n[network]\nallow-addresses = ["127.0.0.0/8"]\n', "utf-8"
    )
    flags = ["--to", "wayback", "--trusted-config", str(trusted), "--archive-budget", "5"]
    flags += ["--wayback", f"http://{place}"] if way == "flag" else []
    if way == "variable":
        monkeypatch.setenv("CITE_AUDIT_ARCHIVING_WAYBACK", f"http://{place}")
    monkeypatch.setenv("IA_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("IA_SECRET_ACCESS_KEY", SECRET)
    done = run(repository, "snapshot", "r.md", *flags, CITE_AUDIT_OFFLINE="false")
    assert fields
    assert any(SECRET in field for field in fields) is (way != "file")
    assert ("no keys are sent to 127.0.0.1, which a file names" in done.stdout + done.stderr) is (way == "file")


def test_keys_do_not_follow_a_redirect(heard: tuple[str, list[str]]) -> None:
    place, fields = heard

    async def ask() -> int:
        async with Client(Network(allow_addresses=("127.0.0.0/8",))) as client:
            return (await client.fetch(build_quota_request(f"http://{place}", ArchiveKeys("a", SECRET), 0))).status

    assert asyncio.run(ask()) == 307
    assert fields == [f"/save/status/user LOW a:{SECRET}"]


@pytest.mark.parametrize(
    "address",
    [
        f"http://user:{SECRET}@127.0.0.1:9",
        f"http://user:{SECRET}@127.0.0.1:port",
        f"http://user:{SECRET}/x@127.0.0.1:9",
        f"http://user:a@{SECRET}@127.0.0.1:port",
        f"user:{SECRET}@127.0.0.1:port",
        f"socks5://user:{SECRET}@127.0.0.1:9",
        f"user:a://{SECRET}@127.0.0.1:port",
    ],
)
def test_a_proxys_password_is_never_shown(address: str, repository: Path) -> None:
    assert SECRET not in repr(Network(proxy=address))
    shown = ""
    try:
        shown = repr(proxy_from_setting(address))
    except UsageError as error:
        shown = str(error)
    assert SECRET not in shown
    for done in (
        run(repository, "config", CITE_AUDIT_NETWORK_PROXY=address),
        run(repository, "audit", "r.md", "--deadline", "1", CITE_AUDIT_NETWORK_PROXY=address, CITE_AUDIT_OFFLINE="no"),
    ):
        assert SECRET not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def test_a_password_in_a_file_is_not_shown_by_its_error(repository: Path) -> None:
    assert KEYS["network.proxy"].is_private
    for value in (f'"http://u:{SECRET}@h"', f'["u:{SECRET}@h"]'):
        write(repository / "cite-audit.toml", setting("network.proxy", value))
        with pytest.raises(ConfigError) as error:
            load_settings([str(repository)], environ={})
        assert SECRET not in str(error.value)


def test_a_password_in_an_address_is_not_shown_by_a_message() -> None:
    error = UsageError(f"https://user:{SECRET}@archive.example/x cannot be read; nor ftp://a:{SECRET}@b")
    assert str(error) == "https://user:…@archive.example/x cannot be read; nor ftp://a:…@b"
    assert str(UsageError("https://a.example:80/@name: gone")) == "https://a.example:80/@name: gone"


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and owners of files")
