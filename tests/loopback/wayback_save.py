"""The loopback Wayback Machine's Save Page Now (SPN2): jobs, their states, refusals, quotas."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qs

from tests.loopback.wayback_answers import Answer, Asked, Capture, as_json, page


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
    done: dict[str, object] | None = None


@dataclass
class SavePageNow:
    """`keys`: access:secret pairs that are known; `anonymous`: whether saving without one is allowed."""

    archive: Archive
    keys: set[str] = field(default_factory=lambda: {"access:secret"})
    anonymous: bool = True
    available: int = 6
    daily: int = 0
    daily_limit: int = 30_000
    scripts: dict[str, Script] = field(default_factory=dict)
    jobs: dict[str, _Job] = field(default_factory=dict)
    stamp: str = "20251009080000"

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
        return self._start(parse_qs(asked.body.decode())["url"][0], html=not authorization)

    def saved(self, url: str) -> int:
        """How many jobs were started for an address."""
        return sum(1 for job in self.jobs.values() if job.url == url)

    def _start(self, url: str, *, html: bool) -> Answer:
        script = self.scripts.get(url, Script())
        if script.refusal:
            said = f"refused: {script.refusal}"
            return as_json({"url": url, "status": "error", "status_ext": script.refusal, "message": said})
        name = f"spn2-{len(self.jobs):040x}"
        self.jobs[name] = _Job(url, script)
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
            return as_json([self._state(name) for name in names])
        name = path.rpartition("/")[2]
        return as_json(self._state(name)) if name in self.jobs else page(404, "No such job")

    def _state(self, name: str) -> dict[str, object]:
        job = self.jobs.get(name)
        if job is None:
            return {"status": "error", "status_ext": "error:job-not-found", "job_id": name, "message": "unknown job"}
        job.asked += 1
        if job.asked <= job.script.polls:
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
