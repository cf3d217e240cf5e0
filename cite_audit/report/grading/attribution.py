"""Whether a sentence attributes its claim: a table of reporting verbs, offices and outlets, and a few rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Speaker(StrEnum):
    """Whom a sentence attributes its claim to."""

    NO = "no"  # nobody's
    UNSURE = "unsure"
    OUTLET = "outlet"  # a newsroom's
    OFFICIAL = "official"  # a person's or a body's


SPEAKERS = tuple(Speaker)  # the weakest attribution first


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whom a sentence attributes its claim to, with the rule that decided it."""

    attributed_to: Speaker
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
_REPORTS = "reported reports reporting published publishes wrote writes broadcast cited citing quoted quoting carried"
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
_SPEECH_VERBS = frozenset(_VERBS.split())
_REPORTING_VERBS = frozenset(_REPORTS.split())
_OFFICE_WORDS = frozenset(_OFFICES.split())
_OUTLET_WORDS = frozenset(_OUTLETS.split())
_SPEECH_NOUNS = frozenset(_SPEECH.split())
_DETERMINER_WORDS = frozenset(_DETERMINERS.split())
_PASSIVE_VERBS = frozenset(_PASSIVE.split())
_MILITARY_WORDS = frozenset(_MILITARY.split())
_SPEAKER_PRONOUNS = frozenset(_PRONOUNS.split())
_HEDGE_WORDS = frozenset(_HEDGES.split())
_SENTENCE_OPENERS = frozenset(_OPENINGS.split())


@lru_cache(maxsize=4096)
def attribute_sentence(sentence: str, military_claims: bool = False) -> Attribution:
    """Whom a sentence attributes its claim to. With `military_claims`, claims about fighting are never attributed."""
    words = [word.lower() for word in _WORD.findall(sentence)]
    military_word = next((word for word in words if word in _MILITARY_WORDS), None) if military_claims else None
    if military_word:
        return Attribution(Speaker.NO, f"a claim about fighting (“{military_word}”)", sentence)
    if according_match := _ACCORDING.search(sentence):
        return Attribution(
            _classify_speaker(according_match[1]) or Speaker.UNSURE,
            f"“according to {according_match[1].strip()}”",
            sentence,
        )
    unsure_attribution = None
    for clause in _CLAUSE.split(sentence):
        clause_attribution = _attribute_clause(clause)
        if clause_attribution and clause_attribution.attributed_to != Speaker.UNSURE:
            return Attribution(clause_attribution.attributed_to, clause_attribution.rule, sentence)
        unsure_attribution = unsure_attribution or clause_attribution
    if (quotation := _QUOTE.search(sentence)) and len(quotation[1].split()) >= 3:
        return Attribution(Speaker.OFFICIAL, "the words are quoted", sentence)
    if unsure_attribution:
        return Attribution(Speaker.UNSURE, unsure_attribution.rule, sentence)
    if hedge_word := next((word for word in words if word in _HEDGE_WORDS), None):
        return Attribution(Speaker.UNSURE, f"hedged (“{hedge_word}”) without saying by whom", sentence)
    if speech_noun := next((word for word in words if word in _SPEECH_NOUNS), None):
        return Attribution(
            Speaker.UNSURE, f"it speaks of words said (“{speech_noun}”), but not who is behind the rest", sentence
        )
    return Attribution(Speaker.NO, "no reporting verb, no quotation", sentence)


def _attribute_clause(clause: str) -> Attribution | None:
    """The first reporting verb of a clause and who stands around it; None without a verb."""
    words = _WORD.findall(clause)
    for index, word in enumerate(words):
        verb = word.lower()
        if verb not in _SPEECH_VERBS and verb not in _REPORTING_VERBS:
            continue
        words_before, words_after = words[max(0, index - 10) : index], words[index + 1 : index + 5]
        word_before = words_before[-1].lower() if words_before else ""
        if word_before in _DETERMINER_WORDS or word_before.endswith(("’s", "'s")):
            continue  # “a claimed response”, “Minsk's claims”: no verb
        if word_before in _PASSIVE_VERBS:
            return Attribution(Speaker.UNSURE, f"“{word_before} {word}” does not say by whom", "")
        attributed_to = _classify_speaker(" ".join(words_before)) or (
            _classify_speaker(" ".join(words_after)) if not words_before else None
        )
        if (
            attributed_to == Speaker.OFFICIAL
            and verb in _REPORTING_VERBS
            and words_before
            and words_before[-1].lower() in _OUTLET_WORDS
        ):
            attributed_to = Speaker.OUTLET
        rule = f"“{' '.join([*words_before[-4:], word])}”"
        return Attribution(attributed_to or Speaker.UNSURE, rule, "")
    return None


def _classify_speaker(words: str) -> Speaker | None:
    """Whether a phrase names an office, a person or a newsroom."""
    tokens = _WORD.findall(words)
    lowered = [word.lower().removesuffix("’s").removesuffix("'s") for word in tokens]
    if any(word in _OUTLET_WORDS for word in lowered) and not any(word in _OFFICE_WORDS for word in lowered):
        return Speaker.OUTLET
    if any(word in _OFFICE_WORDS or word in _SPEAKER_PRONOUNS for word in lowered):
        return Speaker.OFFICIAL
    if any(word[:1].isupper() and word.lower() not in _SENTENCE_OPENERS for word in tokens):
        return Speaker.OFFICIAL
    return None
