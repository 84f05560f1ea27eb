"""The reader's language: sentences kept in Chinese said in English, and Chinese data marked as Chinese.

What is recorded, signed or composed without Django stays Chinese in the rows. A page says it in the reader's language
by matching it against the sentences that the rooms have made known; what nobody knows is shown as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from numbers import Number
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

HAN = re.compile(r"[\u3400-\u9fff]")
CHINESE = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff00-\uffef]")
#: From this many characters on a Chinese stretch keeps room in a table.
LONG = 16
HOLE = re.compile(r"%\((\w+)\)s")
#: Chinese words with the figures and letters inside them, as one stretch of text.
STRETCH = re.compile(r"(?:[0-9A-Za-z.%·—/–-]*{C})+".replace("{C}", CHINESE.pattern))
#: Where one sentence ends and the next begins, outside quotes.
ENDS = re.compile(r"(?<=[。；])(?![”）])")

_sentences: dict[str, None] = {}


def in_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def make_known(*sentences: str) -> None:
    """Sentences with ``%(name)s`` holes, as marked for translation; a room calls this once, at import."""
    _sentences.update(dict.fromkeys(sentences))
    patterns.cache_clear()


@cache
def patterns() -> list[tuple[re.Pattern[str], str]]:
    """Each known sentence as a pattern, those with the most words of their own first."""
    ordered = sorted(_sentences, key=lambda one: -len(HOLE.sub("", one)))
    return [(re.compile(pattern_of(one), re.DOTALL), one) for one in ordered]


def pattern_of(sentence: str) -> str:
    pieces, holes, place = [], set(), 0
    for hole in HOLE.finditer(sentence):
        pieces.append(re.escape(sentence[place : hole.start()].replace("%%", "%")))
        pieces.append(f"(?P={hole[1]})" if hole[1] in holes else f"(?P<{hole[1]}>.*?)")
        holes.add(hole[1])
        place = hole.end()
    return "".join([*pieces, re.escape(sentence[place:].replace("%%", "%"))])


def in_words(text: Any) -> str:
    """A Chinese word or sentence in the reader's language; as it stands where nobody has made it known."""
    said = str(text)
    if in_chinese() or not HAN.search(said):
        return said
    whole = known(said)
    if whole is not None:
        return whole
    parts = ENDS.split(said)
    return " ".join(in_words(part) for part in parts if part) if len([p for p in parts if p]) > 1 else said


def known(said: str) -> str | None:
    direct = gettext(said)
    if direct != said:
        return direct
    for pattern, sentence in patterns():
        if HOLE.search(sentence) and (found := pattern.fullmatch(said)):
            return gettext(sentence) % {name: in_words(part) for name, part in found.groupdict().items()}
    return None


def listed(parts: Iterable[Any]) -> str:
    """一、二、三 or one, two, three."""
    return gettext("、").join(map(str, parts))


def strung(parts: Iterable[Any]) -> str:
    """Longer things in a row: 一；二 or one; two."""
    return gettext("；").join(map(str, parts))


def beside(word: Any, note: Any) -> str:
    """A word with another behind it in brackets; without the other, the word alone."""
    return gettext("%(word)s（%(note)s）") % {"word": word, "note": note} if note else str(word)


def as_data(value: Any) -> Any:
    """Chinese words among English ones are marked as Chinese, so that a screen reader speaks them rightly."""
    if in_chinese() or value is None or isinstance(value, Number) or hasattr(value, "__html__"):
        return value
    text = str(value)
    if not CHINESE.search(text):
        return value
    pieces, place = [], 0
    for found in STRETCH.finditer(text):
        pieces += [escape(text[place : found.start()]), in_chinese_words(found.group())]
        place = found.end()
    return SafeString("".join([*pieces, escape(text[place:])]))


def in_chinese_words(stretch: str) -> SafeString:
    """A long stretch says so: it may break after any character, and a narrow column would break it after each."""
    if len(stretch) < LONG:
        return format_html('<span lang="zh">{}</span>', stretch)
    return format_html('<span lang="zh" class="zh-long">{}</span>', stretch)
