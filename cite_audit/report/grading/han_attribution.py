"""Attribution in a language that writes no spaces between words: lists are searched for as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cite_audit.report.grading.attribution_speaker import Attribution, Speaker
from cite_audit.report.grading.attribution_tables import AttributionTable

# What no mark closes is passed over as a whole: a search from each of its marks would take the square of its length.
_QUOTE = re.compile('[“「『"](?:([^”」』"]{6,}+)[”」』"]|[^”」』"]*+)')
_CLAUSE = re.compile("[，,。；;！？]")
_VERB_END = re.compile("[，,：:“「『。]|$")
# compounds of Chinese that hold a reporting verb and report nothing
_NO_VERB = re.compile(
    "名称|名稱|称为|稱為|号称|號稱|对称|對稱|称号|稱號|小说|小說|说明|說明|传说|傳說|据称|據稱|据说|據說|职称|職稱"
)
_ACCORDING = re.compile(
    "(?<![数數证證依占论論])(?:根据|根據|据|據)([^，,。；]{2,24}?)"
    "(?:报道|報道|報導|称|稱|消息|通报|通報|介绍|介紹|透露|说|說|表示|统计|統計|数据|數據|公告|声明|聲明)"
)
_NAME_MARK = "·"  # stands between the parts of a foreign name


def apply_unspaced_rules(table: AttributionTable, sentence: str) -> Iterator[Attribution]:
    """What each rule says of a sentence, the strongest first."""
    text = _NO_VERB.sub(lambda match: "＿" * len(match[0]), sentence)
    if according := _ACCORDING.search(text):
        yield Attribution(_classify(table, according[1]) or Speaker.UNSURE, f"“{according[0]}”", "")
    if phrase := next((phrase for phrase in table.phrases["statements"] if phrase in text), ""):
        yield Attribution(_classify(table, sentence) or Speaker.UNSURE, f"“{phrase}”", "")
    for clause_match in re.finditer("[^，,。；;！？]+[，,。；;！？]?", text):
        yield from _judge_clause(table, clause_match[0], text[: clause_match.start()])
    yield from _find_act(table, text)
    if quotation := next((match[1] for match in _QUOTE.finditer(sentence) if match[1]), ""):
        yield Attribution(Speaker.OFFICIAL, f"the words are quoted (“{quotation[:12]}…”)", "")


def _judge_clause(table: AttributionTable, clause: str, earlier: str) -> Iterator[Attribution]:
    verbs = sorted(table.lists["verbs"].words | table.lists["reports"].words, key=len, reverse=True)
    for verb in verbs:
        position = clause.find(verb)
        if position < 0:
            continue
        before = clause[:position]
        speaker = _classify(table, before) or (_classify(table, earlier) if not before else None)
        is_introduced = _VERB_END.match(clause[position + len(verb) :]) is not None
        if speaker is None and is_introduced and (len(before) >= 2 or earlier):
            speaker = Speaker.OFFICIAL  # “王毅说，…”: a name without a mark
        yield Attribution(
            speaker or Speaker.UNSURE, f"“{before[-8:]}{verb}”", "", by_pronoun=_is_pronoun(table, before)
        )
        return


def _is_pronoun(table: AttributionTable, before: str) -> bool:
    return before in table.lists["pronouns"].words


def _find_act(table: AttributionTable, text: str) -> Iterator[Attribution]:
    act = next((word for word in table.lists["acts_alone"].words if word in text), "")
    if not act and any(word in text for word in table.lists["act_objects"].words):
        act = next((word for word in table.lists["acts"].words if word in text), "")
    if act and _classify(table, text):
        yield Attribution(Speaker.OFFICIAL, f"an act of state (“{act}”)", "")


def _classify(table: AttributionTable, text: str) -> Speaker | None:
    """Whether a text names an office, a person or a newsroom."""
    has_office = any(word in text for word in table.lists["offices"].words)
    if not has_office and any(word in text for word in table.lists["outlets"].words):
        return Speaker.OUTLET
    has_pronoun = any(text.startswith(word) for word in table.lists["pronouns"].words)
    return Speaker.OFFICIAL if has_office or has_pronoun or _NAME_MARK in text else None
