"""The step of post/action.yml: one comment on a pull request, or one issue, that is written anew at each run.

Ours is known by its first line and by its author being a bot, so that nobody's own comment is written over. Standard
library only; everything it is told comes from the environment.
"""

from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any

MARK = "<!-- cite-audit -->"
PAGE_SIZE, MAX_PAGES = 100, 50
TIMEOUT = 30  # seconds


class Repository:
    """One repository behind GitHub's REST interface."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        api = environment.get("GITHUB_API_URL", "https://api.github.com")
        self._base = f"{api}/repos/{environment['GITHUB_REPOSITORY']}"
        self._token = environment["GITHUB_TOKEN"]

    def call(self, method: str, path: str, content: object = None) -> Any:
        """The answer of one request. Raises urllib.error.URLError."""
        request = urllib.request.Request(  # noqa: S310 - the address that the runner gave
            self._base + path,
            method=method,
            data=None if content is None else json.dumps(content).encode(),
            headers={
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310
            return json.load(response)

    def find_ours(self, path: str, **wanted: object) -> dict[str, Any] | None:
        """The first entry of a list that we wrote and that has these values."""
        for entry in self._list(path):
            is_ours = entry["user"]["type"] == "Bot" and (entry["body"] or "").startswith(MARK)
            if is_ours and all(entry.get(name) == value for name, value in wanted.items()):
                return entry
        return None

    def _list(self, path: str) -> Iterator[dict[str, Any]]:
        for page in range(1, MAX_PAGES + 1):
            entries = self.call("GET", f"{path}{'&' if '?' in path else '?'}per_page={PAGE_SIZE}&page={page}")
            yield from entries
            if len(entries) < PAGE_SIZE:
                return


def keep_comment(repository: Repository, number: int, text: str, *, has_problems: bool) -> str:
    """Write the comment; one is begun only where there are problems. What was done."""
    comment = repository.find_ours(f"/issues/{number}/comments")
    if comment is not None:
        repository.call("PATCH", f"/issues/comments/{comment['id']}", {"body": text})
        return "the comment was brought up to date"
    if not has_problems:
        return "nothing to say"
    repository.call("POST", f"/issues/{number}/comments", {"body": text})
    return "a comment was written"


def keep_issue(repository: Repository, title: str, text: str, *, has_problems: bool) -> str:
    """Open the issue, write it anew, or close it where there are no problems any more. What was done."""
    issue = repository.find_ours("/issues?state=open", title=title, pull_request=None)
    if issue is None and not has_problems:
        return "nothing to say"
    if issue is None:
        repository.call("POST", "/issues", {"title": title, "body": text})
        return "an issue was opened"
    changes = {"body": text} if has_problems else {"body": text, "state": "closed"}
    repository.call("PATCH", f"/issues/{issue['number']}", changes)
    return "the issue was brought up to date" if has_problems else "the issue was closed"


def main(environment: Mapping[str, str]) -> int:
    """Post what the environment says; 1 where the service refuses."""
    text = environment["TEXT"]
    text = text if text.startswith(MARK) else f"{MARK}\n{text}"
    has_problems = environment["PROBLEMS"].strip() not in ("", "0")
    repository = Repository(environment)
    try:
        if number := environment.get("PULL_REQUEST", ""):
            done = keep_comment(repository, int(number), text, has_problems=has_problems)
        else:
            done = keep_issue(repository, environment["ISSUE_TITLE"], text, has_problems=has_problems)
    except urllib.error.URLError as error:
        sys.stdout.write(f"::error title=cite-audit::nothing was posted: {error}\n")
        return 1
    sys.stdout.write(f"cite-audit: {done}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(os.environ))
