"""A name in Latin letters is known in the spelling of another script, and other words are not taken for it."""

from __future__ import annotations

import pytest

from cite_audit.prose.letter_forms import fold_characters
from cite_audit.resolve.judge.claims.sounds import KEY_LENGTH, sound_keys, sounds_like, word_key


def is_known(name: str, word: str) -> bool:
    folded = fold_characters(word)
    return word_key(folded)[:KEY_LENGTH] in sound_keys(name) and sounds_like(name, folded)


@pytest.mark.parametrize(("name", "word"), [
    ("zelensky", "Зеленский"), ("zelensky", "زيلينسكي"), ("novak", "Новак"), ("novak", "نوفاك"), ("novak", "נובאק"),
    ("shoigu", "Шойгу"), ("lukashenko", "لوكاشينكو"), ("johnson", "Джонсон"), ("jackson", "جاكسون"), ("wright", "Райт"),
    ("houston", "Хьюстон"), ("kavanaugh", "Кавано"), ("thompson", "Томпсон"), ("sean", "Шон"), ("perry", "פרי"),
    ("papadopoulos", "Παπαδόπουλος"),
])  # fmt: skip
def test_a_name_is_known_by_its_sound(name: str, word: str) -> None:
    assert is_known(name, word)


@pytest.mark.parametrize(("name", "word"), [
    ("emmy", "Майк"), ("watson", "بشأن"), ("johnson", "Иванов"), ("novak", "نوفمبر"), ("palu", "Пэйлин"),
])  # fmt: skip
def test_another_word_is_not_taken_for_it(name: str, word: str) -> None:
    assert not is_known(name, word)
