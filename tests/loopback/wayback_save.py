"""The loopback Wayback Machine's Save Page Now (SPN2): jobs, their states, refusals, quotas."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qs

from tests.loopback.wayback_answers import Answer, Asked, Capture, as_json, page, too_many


class Archive(Protocol):
    def add(self, capture: Capture) -> None: ...


@dataclass
class Script:
    """What saving one address does. `refusal`: status_ext given at once; `error`: status_ext given by the job.

    `polls`: how often the job is pending first. `stored`: what gets captured (None: a plain page of that address);
    `silent`: the job says success and nothing is captured; `message` goes with an accepted job; `no_job`: without id.
    """

    refusal: str = ""
    error: str = ""
    polls: int = 1
    stored: Capture | None = None
    original_url: str = ""
    silent: bool = False
    message: str = ""
    no_job: bool = False


@dataclass
class _Job:
    url: str
    script: Script
    asked: int = 0
    started: float = 0.0
    done: dict[str, object] | None = None


@dataclass
class SavePageNow:
    """`keys`: access:secret pairs that are known; `anonymous`: whether saving without one is allowed.

    With `capture_seconds`, limits are real: a capture takes so long, `per_minute` starts and `sessions` at once are
    let through, and of anonymous captures `anonymous_daily` a day.
    """

    archive: Archive
    keys: set[str] = field(default_factory=lambda: {"access:secret"})
    anonymous: bool = True
    available: int = 6
    daily: int = 0
    daily_limit: int = 30_000
    scripts: dict[str, Script] = field(default_factory=dict)
    jobs: dict[str, _Job] = field(default_factory=dict)
    stamp: str = "20251009080000"
    capture_seconds: float = 0.0
    per_minute: int = 7
    sessions: int = 12
    anonymous_daily: int = 200
    starts: list[float] = field(default_factory=list)
    refused: int = 0

    def answer(self, asked: Asked) -> Answer:
        """One request to /save or below it."""
        path = asked.target.partition("?")[0]
        if path == "/save/status/user":
            used = {"available": self.available, "processing": 0, "daily_captures": self.daily}
            return as_json({**used, "daily_captures_limit": self.daily_limit})
        if path == "/save/status/system":
            return as_json({"status": "ok", "recent_captures": 1, "queues": {}})
        if path.startswith("/save/status"):
            return self._status(asked, path)
        authorization = asked.headers.get("authorization", "")
        if authorization and authorization.removeprefix("LOW ") not in self.keys:
            return as_json({"message": "You need to be logged in to use Save Page Now."}, 401)
        if not authorization and not self.anonymous:
            return as_json({"message": "You need to be logged in to use Save Page Now."}, 401)
        if self.capture_seconds and (refusal := self._find_limit(asked.at, html=not authorization)):
            self.refused += 1
            return refusal
        return self._start(parse_qs(asked.body.decode())["url"][0], asked.at, html=not authorization)

    def saved(self, url: str) -> int:
        """How many jobs were started for an address."""
        return sum(1 for job in self.jobs.values() if job.url == url)

    def _find_limit(self, now: float, *, html: bool) -> Answer | None:
        if html and len(self.starts) >= self.anonymous_daily:
            words = f"You have reached your daily not-logged-in captures limit of ({self.anonymous_daily},) webpages."
            return page(200, words)
        if sum(1 for start in self.starts if now - start < 60) >= self.per_minute:
            return too_many()
        if (
            sum(1 for job in self.jobs.values() if not job.done and now < job.started + self._length(job))
            >= self.sessions
        ):
            words = "You have already reached the limit of active Save Page Now sessions. Please wait for a minute."
            return page(200, words) if html else as_json({"message": words})
        return None

    def _length(self, job: _Job) -> float:
        """Seconds that a job takes, with the wait that its message tells."""
        waited = re.search(r"will start in ~(\d+) minute", job.script.message)
        return self.capture_seconds + (60.0 * int(waited[1]) if waited else 0.0)

    def _start(self, url: str, now: float, *, html: bool) -> Answer:
        script = self.scripts.get(url, Script())
        if script.refusal:
            said = f"refused: {script.refusal}"
            return as_json({"url": url, "status": "error", "status_ext": script.refusal, "message": said})
        name = f"spn2-{len(self.jobs):040x}"
        self.jobs[name] = _Job(url, script, started=now)
        self.starts.append(now)
        self.daily += 1
        if html:
            return Answer(200, f'<html><script>spn.watchJob("{name}", "/_static/", 6000);</script></html>'.encode())
        content: dict[str, object] = {"url": url, "job_id": None if script.no_job else name}
        if script.message:
            content["message"] = script.message
        return as_json(content)

    def _status(self, asked: Asked, path: str) -> Answer:
        if asked.method == "POST":
            names = parse_qs(asked.body.decode()).get("job_ids", [""])[0].split(",")
            return as_json([self._state(name, asked.at) for name in names])
        name = path.rpartition("/")[2]
        return as_json(self._state(name, asked.at)) if name in self.jobs else page(404, "No such job")

    def _state(self, name: str, now: float) -> dict[str, object]:
        job = self.jobs.get(name)
        if job is None:
            return {"status": "error", "status_ext": "error:job-not-found", "job_id": name, "message": "unknown job"}
        job.asked += 1
        is_running = now < job.started + self._length(job) if self.capture_seconds else job.asked <= job.script.polls
        if is_running:
            return {"status": "pending", "job_id": name, "resources": []}
        job.done = job.done or self._finish(name, job)
        return job.done

    def _finish(self, name: str, job: _Job) -> dict[str, object]:
        if job.script.error:
            said = {"status": "error", "status_ext": job.script.error, "message": f"failed: {job.script.error}"}
            return {**said, "job_id": name, "resources": []}
        capture = job.script.stored or Capture(job.url, self.stamp, source="spn2-loopback.warc.gz")
        if not job.script.silent:
            self.archive.add(capture)
        return {
            "status": "success",
            "job_id": name,
            "original_url": job.script.original_url or capture.url,
            "timestamp": capture.timestamp,
            "duration_sec": 16.0,
            "http_status": capture.status,
            "resources": [],
        }
