"""The letter on paper, or in words why it cannot be printed: which characters, and where they stand."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from django.utils.translation import gettext as _

from mangrove.documents.docx import write_docx
from mangrove.documents.fonts import UnprintableError
from mangrove.documents.letter import Letter
from mangrove.documents.pdf import SetLetter, set_letter
from mangrove.ledger.refusals import Refusal
from mangrove.ui.languages import in_words, listed

#: Control characters that a text may hold: what ends a line, and a tab.
LINE_ENDS = "\n\t"
#: Characters that turn the direction of what follows them, so that a text reads otherwise than it is.
TURNING = {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}


def on_paper(letter: Letter) -> SetLetter:
    """The letter set as PDF; raises :class:`Refusal` naming what cannot be printed, and where it stands."""
    try:
        return set_letter(letter)
    except UnprintableError as error:
        raise unprintable(letter, [item.character for item in error.report.unprintable]) from error
    except ValueError as error:  # a DocumentError, or what the setter's own parts refuse
        raise not_to_be_set(str(error)) from error


def as_docx(letter: Letter) -> bytes:
    """The letter as DOCX; raises :class:`Refusal` for what such a file cannot hold."""
    try:
        return write_docx(letter)
    except ValueError as error:
        refuse_control_characters(" ".join(text for _category, text in letter.printed()))
        raise not_to_be_set(str(error)) from error


def unprintable(letter: Letter, characters: list[str]) -> Refusal:
    named = listed(dict.fromkeys(shown(one) for one in characters))
    return Refusal(
        _("函中有打印不出的字符：%(characters)s。") % {"characters": named},
        code="proposals.unprintable", where=listed(dict.fromkeys(places(letter, characters))),
        rule=_("函件须能完整印出"), remedy=_("请删去这些字符，或改用通用的文字。"),
    )  # fmt: skip


def places(letter: Letter, characters: list[str]) -> Iterator[str]:
    """Where each of the characters first stands."""
    elements = [
        (_("标题"), letter.title), (_("主送"), letter.addressee), (_("署名"), letter.signatory),
        (_("联系人"), letter.contact or ""), (_("抄送"), letter.copies_text), (_("发文字号"), letter.number or ""),
    ]  # fmt: skip
    for character in characters:
        for number, item in enumerate(letter.paragraphs, start=1):
            if character in item.text:
                column = item.text.index(character) + 1
                yield _("答复正文第 %(line)s 段第 %(column)s 字") % {"line": number, "column": column}
                break
        else:
            yield next((name for name, text in elements if character in text), _("函件"))


def not_to_be_set(what: str) -> Refusal:
    return Refusal(
        in_words(what), code="proposals.not_to_be_set", where=_("答复正文"), remedy=_("请检查正文和函件要素中有没有特殊字符，删去后再试。")
    )  # fmt: skip


def refuse_control_characters(text: str) -> None:
    """Refuse characters that print nothing and break files: NUL and its like, and those that turn the direction."""
    for offset, character in enumerate(text):
        if character in LINE_ENDS or (unicodedata.category(character) != "Cc" and character not in TURNING):
            continue
        before = text[:offset]
        line, column = before.count("\n") + 1, offset - before.rfind("\n")
        raise Refusal(
            _("正文中有看不见的控制字符 %(character)s，没有保存。") % {"character": shown(character)},
            code="proposals.control_character",
            where=_("答复正文第 %(line)s 行第 %(column)s 字") % {"line": line, "column": column},
            remedy=_("您写的文字仍留在页面上。请删去这一处（多半是从别处粘贴带来的），再保存。"),
        )  # fmt: skip


def shown(character: str) -> str:
    """The character with its code point; by the code point alone where it shows nothing."""
    code = f"U+{ord(character):04X}"
    visible = unicodedata.category(character)[0] not in "CZ"
    return _("“%(character)s”（%(code)s）") % {"character": character, "code": code} if visible else code
