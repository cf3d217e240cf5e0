"""Whether a sentence attributes its claim: the rules, over one table a language (`data/attribution`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.report.grading.attribution_speaker import SPEAKERS, Attribution, Speaker
from cite_audit.report.grading.attribution_tables import AttributionTable, load_table
from cite_audit.report.grading.languages import detect_language, load_languages

# What no mark closes is passed over as a whole: a search from each of its marks would take the square of its length.
_QUOTE = compile_lazily(r"[“«„»\"「『‘‹”](?:([^“«„»”\"」』’‹›]{6,}+)(?=[”»“«\"」』’›])|[^“«„»”\"」』’‹›]*+)")
_CLAUSE = compile_lazily(r"[.;:!?،؛]\s|,\s|\s[–—]\s")
__all__ = ["SPEAKERS", "Attribution", "Speaker", "attribute_sentence", "names_anybody"]

WORDS_BEFORE, WORDS_AFTER = 14, 8  # how far from its verb a speaker is looked for
LONG_QUOTATION = 5  # words that are a quotation though nobody is named
OPENING_REACH = 4  # words within which the first word of a sentence, capital as it is, may be the name of a speaker


@lru_cache(maxsize=4096)
def attribute_sentence(sentence: str, military_claims: bool = False, language: str = "en") -> Attribution:
    """Whom a sentence attributes its claim to. With `military_claims`, claims about fighting are never attributed.

    `language` (ISO 639-1) is the report's, for sentences that do not show theirs.
    """
    code = detect_language(sentence, language)
    if not _has_table(code):
        return Attribution(Speaker.UNSURE, f"no table reads its language{f' ({code})' if code else ''}", sentence, True)
    table = load_table(code)
    attribution = _attribute_in_table(table, sentence, military_claims)
    return replace(attribution, sentence=sentence)


def _has_table(code: str) -> bool:
    language = load_languages().get(code)
    return language is not None and language.has_table


def _attribute_in_table(table: AttributionTable, sentence: str, military_claims: bool) -> Attribution:
    text = table.normalize(sentence)
    words = table.split_words(text) if table.spaced else [w for w in table.lists["military"].words if w in text]
    military_word = next((word for word in words if table.has("military", word)), None) if military_claims else None
    if military_word:
        return Attribution(Speaker.NO, f"a claim about fighting (“{military_word}”)", "")
    doubt: Attribution | None = None
    rules = _apply_rules(table, sentence, text) if table.spaced else _apply_unspaced_rules(table, sentence)
    for attribution in rules:
        if attribution.attributed_to != Speaker.UNSURE:
            return attribution
        doubt = doubt or attribution
    return doubt or _find_doubt(table, text, words) or Attribution(Speaker.NO, "no reporting verb, no quotation", "")


def _apply_unspaced_rules(table: AttributionTable, sentence: str) -> Iterator[Attribution]:
    from cite_audit.report.grading.han_attribution import apply_unspaced_rules  # few reports need it

    return apply_unspaced_rules(table, sentence)


def _apply_rules(table: AttributionTable, sentence: str, text: str) -> Iterator[Attribution]:
    """What each rule says of a sentence in a language that writes words apart, the strongest first."""
    yield from _find_according(table, sentence, text)
    yield from _find_statement(table, sentence, text)
    yield from _find_speech(table, sentence)
    yield from _find_act(table, sentence)
    quotation = next((match[1] for match in _QUOTE.finditer(sentence) if match[1]), "")
    if len(quotation.split()) >= 3:
        is_long = len(quotation.split()) >= LONG_QUOTATION
        if is_long or names_speaker(table, _lower_opening(table.split_words(sentence))):
            yield Attribution(Speaker.OFFICIAL, "the words are quoted", "")
        else:
            yield Attribution(Speaker.UNSURE, "a few words are quoted without saying by whom", "")


def _find_according(table: AttributionTable, sentence: str, text: str) -> Iterator[Attribution]:
    if (pattern := table.patterns["according"]) and (match := pattern.search(text)):
        phrase = re.split(r"[,.;،]", sentence[match.end() :], maxsplit=1)[0].strip()[:80]
        speaker = _classify_speaker(table, table.split_words(phrase)[:8], any_case=False)
        yield Attribution(speaker or Speaker.UNSURE, f"“{match[0]} {phrase}”", "")
    if (pattern := table.patterns["according_after"]) and (match := pattern.search(text)):
        words = table.split_words(sentence[: match.start()])[-6:]
        speaker = _classify_speaker(table, words, any_case=False)
        yield Attribution(speaker or Speaker.UNSURE, f"“{' '.join(words[-3:])} {match[0]}”", "")


def _find_statement(table: AttributionTable, sentence: str, text: str) -> Iterator[Attribution]:
    pattern = table.patterns["statements"]
    if pattern and (match := pattern.search(text)):
        speaker = _classify_speaker(table, table.split_words(sentence), any_case=False)
        yield Attribution(speaker or Speaker.UNSURE, f"“{match[0]}”", "")


def _find_speech(table: AttributionTable, sentence: str) -> Iterator[Attribution]:
    """What the reporting verbs of a sentence say, clause by clause."""
    words_so_far: list[str] = []
    for clause in _CLAUSE.split(sentence):
        words = table.split_words(clause)
        index = _find_verb(table, words)
        if index is not None:
            named = words if words_so_far or index < OPENING_REACH else _lower_opening(words)
            yield _judge_verb(table, named, index, words_so_far)
        words_so_far += words if words_so_far else _lower_opening(words)
    if (pattern := table.patterns["verb_phrases"]) and (match := pattern.search(table.normalize(sentence))):
        words = table.split_words(table.normalize(sentence)[: match.start()])[-WORDS_BEFORE:]
        speaker = _classify_speaker(table, words, any_case=True)
        yield Attribution(speaker or Speaker.UNSURE, f"“{' '.join([*words[-3:], match[0]])}”", "")


def _lower_opening(words: Sequence[str]) -> list[str]:
    """The words that begin a sentence, without the capital that the first bears in any case."""
    return [words[0].lower(), *words[1:]] if words else []


def _find_verb(table: AttributionTable, words: Sequence[str]) -> int | None:
    """The position of the first reporting verb that is used as a verb."""
    for index, word in enumerate(words):
        verb = table.normalize(word)
        if not any(table.has(name, verb) for name in ("verbs", "weak_verbs", "reports")):
            continue
        before = words[index - 1] if index else ""
        is_noun = table.lists["determiners"].has_word(table.normalize(before)) or before.endswith(("’s", "'s"))
        if not is_noun:  # “a claimed response”, “Minsk's claims”
            return index
    return None


def _judge_verb(table: AttributionTable, words: Sequence[str], index: int, earlier: Sequence[str]) -> Attribution:
    """Who stands around a reporting verb: in its clause before it, then after it, then earlier in the sentence."""
    before, after = words[max(0, index - WORDS_BEFORE) : index], words[index + 1 : index + 1 + WORDS_AFTER]
    word_before, verb = (table.normalize(before[-1]) if before else ""), table.normalize(words[index])
    rule = f"“{' '.join([*before[-4:], words[index]])}”"
    if table.lists["passive"].has_word(word_before):
        return Attribution(Speaker.UNSURE, f"“{word_before} {words[index]}” does not say by whom", "")
    is_strong = not table.has("weak_verbs", verb)
    speaker = None
    for phrase in (before, after if not before or table.language != "en" else (), earlier[-WORDS_BEFORE:]):
        if speaker := _classify_speaker(
            table, phrase, any_case=is_strong and (table.cased or _has_complement(table, after))
        ):
            break
    if speaker == Speaker.OFFICIAL and table.has("reports", verb) and table.has("outlets", word_before):
        speaker = Speaker.OUTLET
    by_pronoun = speaker == Speaker.OFFICIAL and _is_pronoun_only(table, [*earlier, *before, *after])
    return Attribution(speaker or Speaker.UNSURE, rule, "", by_pronoun=by_pronoun)


def _has_complement(table: AttributionTable, after: Sequence[str]) -> bool:
    """Whether “that …” follows, in a language whose names bear no mark."""
    return any(table.has("complement", table.normalize(word)) for word in after)


def _classify_speaker(table: AttributionTable, words: Sequence[str], *, any_case: bool) -> Speaker | None:
    """Whether words name an office, a person or a newsroom.

    With `any_case` a name counts: a capitalised word, or any word where the language has no capitals.
    """
    normalized = [table.normalize(word).removesuffix("'s") for word in words]
    has_office = any(table.has("offices", word) for word in normalized)
    if not has_office and any(table.has("outlets", word) for word in normalized):
        return Speaker.OUTLET
    if has_office or any(table.lists["pronouns"].has_word(word) for word in normalized):
        return Speaker.OFFICIAL
    if table.cased:
        names = (word for word, form in zip(words, normalized, strict=True) if word[:1].isupper() and len(word) > 1)
        return Speaker.OFFICIAL if any(not table.has("openers", table.normalize(name)) for name in names) else None
    return Speaker.OFFICIAL if any_case and words else None


def _is_pronoun_only(table: AttributionTable, words: Sequence[str]) -> bool:
    """Whether nothing but a pronoun stands for the speaker."""
    others = [word for word in words if not table.lists["pronouns"].has_word(table.normalize(word))]
    return len(others) < len(words) and not names_speaker(table, others)


def names_speaker(table: AttributionTable, words: Sequence[str]) -> bool:
    """Whether some word names an office, a newsroom or (by its capital) a person."""
    return _classify_speaker(table, words, any_case=False) is not None


def names_anybody(sentence: str, language: str) -> bool:
    """Whether a sentence names somebody whom a later pronoun may mean; true where no table can tell."""
    code = detect_language(sentence, language)
    if not _has_table(code) or not load_table(code).cased:
        return True
    table = load_table(code)
    words = table.split_words(sentence)
    if not any(table.has("verbs", table.normalize(word)) for word in words[1:OPENING_REACH]):
        words = _lower_opening(words)
    return names_speaker(table, [word for word in words if not table.lists["pronouns"].has_word(table.normalize(word))])


def _find_act(table: AttributionTable, sentence: str) -> Iterator[Attribution]:
    """An act of state is its own statement: a decree signed, a bill passed, a sentence given."""
    words = table.split_words(sentence)
    normalized = [table.normalize(word) for word in words]
    act = next((word for word in normalized if table.has("acts_alone", word)), "")
    if not act and any(table.has("act_objects", word) for word in normalized):
        act = next((word for word in normalized if table.has("acts", word)), "")
    if act and _classify_speaker(table, words, any_case=False):
        yield Attribution(Speaker.OFFICIAL, f"an act of state (“{act}”)", "")


def _find_doubt(table: AttributionTable, text: str, words: Sequence[str]) -> Attribution | None:
    """Words that say that somebody spoke, and not who."""
    if not table.spaced:
        words = [
            word for name in ("hedges", "impersonal", "speech") for word in table.lists[name].words if word in text
        ]
    if word := next((word for word in words if table.has("impersonal", word)), None):
        return Attribution(Speaker.UNSURE, f"“{word}” does not say by whom", "")
    if word := next((word for word in words if table.has("hedges", word)), None):
        return Attribution(Speaker.UNSURE, f"hedged (“{word}”) without saying by whom", "")
    if word := next((word for word in words if table.has("speech", word)), None):
        rule = f"it speaks of words said (“{word}”), but not who is behind the rest"
        return Attribution(Speaker.UNSURE, rule, "")
    return None
