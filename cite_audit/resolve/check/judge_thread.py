"""Judging beside the event loop: a page of half a megabyte may take a second, and no time-out must wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from typing import TypeVar

from cite_audit.model import Verdict
from cite_audit.resolve.judge import judge
from cite_audit.resolve.judge.look import Evidence, LookRequest

_Result = TypeVar("_Result")
# Of all bodies: judged in 1.5 ms, made to be slow in 30; to change threads costs half of one.
MAX_INLINE_BYTES = 32_000


async def judge_evidence(evidence: Evidence) -> Verdict | LookRequest:
    """What `judge` says; long pages are judged in a thread, one after the other."""
    if sum(len(look.probe.body) for look in evidence.looks) <= MAX_INLINE_BYTES:
        return judge(evidence)
    return await run_in_judge_thread(partial(judge, evidence))


async def run_in_judge_thread(work: Callable[[], _Result]) -> _Result:
    """What pure work on foreign bytes gives, where it may take more than some ms."""
    return await asyncio.get_running_loop().run_in_executor(judge_thread(), work)


@lru_cache(maxsize=1)
def judge_thread() -> ThreadPoolExecutor:
    """One thread: the interpreter runs one at a time, and the event loop needs its turns."""
    return ThreadPoolExecutor(1, thread_name_prefix="judge")
