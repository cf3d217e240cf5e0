"""Whether a sentence says who says so: a table of reporting verbs, offices and outlets, and a handful of rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Attribution:
    """`to`: official (a person or body speaks), outlet (a newsroom does), unsure, or no; with the rule that fired."""

    to: str
    rule: str
    sentence: str


_VERBS = """
said says saying stated stating claimed claims claiming confirmed confirms confirming announced announces announcing
accused accuses accusing told tells denied denies denying reiterated reiterates reiterating asserted asserts argued
argues alleged alleges declared declares warned warns warning insisted insists admitted admits acknowledged
acknowledges expressed expresses stressed stresses emphasized emphasised emphasizes noted noting added adds
proposed pledged promised vowed vows threatened threatens demanded urged urges
described describes characterized characterised criticized criticised condemned condemns praised thanked rejected
rejects refuted remarked commented revealed explained responded replied repeated parroted reaffirmed
underlined underscored congratulated instructed ordered ordering signaled signalled framed blamed blames invited
discussed spoke speaks
рассказал рассказала сказал сказала заявил заявила заявили заявляет сообщил сообщила сообщили сообщает подтвердил
подтвердила объявил объявила обвинил обвинила отметил отметила подчеркнул подчеркнула добавил добавила признал
опроверг потребовал предупредил пообещал утверждает повідомив повідомила заявив сказав зазначив підтвердив
паведаміў сказаў адзначыў
"""
_REPORTED = "reported reports reporting published publishes wrote writes broadcast cited citing quoted quoting carried"
_OFFICES = """
president prime minister ministers ministry ministries kremlin government official officials general generals colonel
commander ambassador governor secretary council spokesperson spokesman spokeswoman representative authorities leader
deputy chairman chairwoman chief head department committee parliament duma senator senators chancellor king emir
military army navy police prosecutor prosecutors agency service office foreign mfa mod fsb kgb putin lukashenko
президент министр министерство правительство мид кремль глава представитель посол генерал губернатор секретарь
президента министра министерства правительства мида кремля главы представителя посла генерала губернатора
президентом министром прэзідэнт міністр міністра міністерство міністэрства прэзідэнта
"""
_OUTLETS = """
tass belta ria sputnik rt xinhua irna sana kcna interfax media outlet outlets newspaper newspapers channel channels
journalist journalists press broadcaster agencies news website blogger bloggers тасс белта риа сми агентство газета
"""
_PRONOUNS = "he she they it both who он она они"
_HEDGES = "reportedly allegedly unconfirmed якобы"
_OPENINGS = "the a an in on at after before while although but and however this that these those"
_SPEECH = """
denials accusation accusations statement statements remark remarks comment comments speech interview address
claim claims announcement denunciation rhetoric briefing conference заявление интервью выступление
"""
_DETERMINERS = "a an the this that these those its his her their any some such"
_PASSIVE = "was were is are been be being"
_MILITARY = """
killed destroyed shot downed captured wounded casualties losses enemy airstrike airstrikes shelled shelling struck
attack attacked repelled eliminated neutralized neutralised militants saboteurs advance seized liberated
уничтожил уничтожены потери убит убиты сбит сбиты противник удар обстрел боевики диверсанты
"""

_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)?", re.UNICODE)
_QUOTE = re.compile(r"[“«„\"]([^”»“\"]{12,})[”»“\"]")
_ACCORDING = re.compile(
    r"\b(?:according to|in the words of|по словам|по данным|согласно|паводле|за словами)\b\s*([^,.;]{2,80})", re.I
)
_CLAUSE = re.compile(r"[.;:!?]\s|,\s|\s[–—]\s")
_VERB = frozenset(_VERBS.split())
_REPORT = frozenset(_REPORTED.split())
_OFFICE = frozenset(_OFFICES.split())
_OUTLET = frozenset(_OUTLETS.split())
_SAID_IN = frozenset(_SPEECH.split())
_DETERMINER = frozenset(_DETERMINERS.split())
_BE = frozenset(_PASSIVE.split())
_FIGHTING = frozenset(_MILITARY.split())
_HE = frozenset(_PRONOUNS.split())
_HEDGED = frozenset(_HEDGES.split())
_LEADING = frozenset(_OPENINGS.split())


@lru_cache(maxsize=4096)
def attribution(sentence: str, military_claims: bool = False) -> Attribution:
    """Who a sentence has its claim from. With `military_claims`, nobody's word on fighting counts as attribution."""
    words = [word.lower() for word in _WORD.findall(sentence)]
    fighting = next((word for word in words if word in _FIGHTING), None) if military_claims else None
    if fighting:
        return Attribution("no", f"a claim about fighting (“{fighting}”)", sentence)
    if named := _ACCORDING.search(sentence):
        return Attribution(_speaker(named[1]) or "unsure", f"“according to {named[1].strip()}”", sentence)
    unsure = None
    for clause in _CLAUSE.split(sentence):
        found = _of_clause(clause)
        if found and found.to != "unsure":
            return Attribution(found.to, found.rule, sentence)
        unsure = unsure or found
    if (quoted := _QUOTE.search(sentence)) and len(quoted[1].split()) >= 3:
        return Attribution("official", "the words are quoted", sentence)
    if unsure:
        return Attribution("unsure", unsure.rule, sentence)
    if hedged := next((word for word in words if word in _HEDGED), None):
        return Attribution("unsure", f"hedged (“{hedged}”) without saying by whom", sentence)
    if spoken := next((word for word in words if word in _SAID_IN), None):
        return Attribution("unsure", f"it speaks of words said (“{spoken}”), but not who is behind the rest", sentence)
    return Attribution("no", "no reporting verb, no quotation", sentence)


def _of_clause(clause: str) -> Attribution | None:
    """The first reporting verb of a clause and who stands around it; None without a verb."""
    words = _WORD.findall(clause)
    for place, word in enumerate(words):
        verb = word.lower()
        if verb not in _VERB and verb not in _REPORT:
            continue
        before, after = words[max(0, place - 10) : place], words[place + 1 : place + 5]
        last = before[-1].lower() if before else ""
        if last in _DETERMINER or last.endswith(("’s", "'s")):
            continue  # “a claimed response”, “Minsk's claims”: no verb
        if last in _BE:
            return Attribution("unsure", f"“{last} {word}” does not say by whom", "")
        to = _speaker(" ".join(before)) or (_speaker(" ".join(after)) if not before else None)
        if to == "official" and verb in _REPORT and before and before[-1].lower() in _OUTLET:
            to = "outlet"
        rule = f"“{' '.join([*before[-4:], word])}”"
        return Attribution(to or "unsure", rule, "")
    return None


def _speaker(words: str) -> str | None:
    """Whether some words name an office, a person or a newsroom."""
    found = _WORD.findall(words)
    lower = [word.lower().removesuffix("’s").removesuffix("'s") for word in found]
    if any(word in _OUTLET for word in lower) and not any(word in _OFFICE for word in lower):
        return "outlet"
    if any(word in _OFFICE or word in _HE for word in lower):
        return "official"
    if any(word[:1].isupper() and word.lower() not in _LEADING for word in found):
        return "official"
    return None
