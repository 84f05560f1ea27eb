"""Whose item it is must not stand in what experts read: titles, texts and files are searched for it at the door.

A name is searched for in every form it ever had, compared as the registry compares names; a credit code and an id
as they stand. What no list of names knows (a product, a person) stays the caller's to redact.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from io import BytesIO

import pypdfium2
from django.utils.translation import gettext as _

from mangrove.ledger.refusals import Refusal
from mangrove.registry.decisions import name_key
from mangrove.registry.models import Organisation, OrganisationName
from mangrove.ui.languages import listed

#: A single character is no name. A form of two (移动, say) may be an ordinary word: it can be set aside.
SHORTEST = 2
#: Of an archive, the parts that hold text and properties, and how much of each is read.
PARTS = re.compile(r"\.(xml|rels|txt)$")
READ_AT_MOST = 20 * 1024 * 1024
TAGS = re.compile(r"<[^>]*>")


def marks_of(organisations: Iterable[Organisation]) -> dict[str, str]:
    """What would give these organisations away: the form as compared, to the form as written."""
    known = list(organisations)
    names = [form for one in known for form in (one.name, one.short_name, one.name_en, one.credit_code or "")]
    names += OrganisationName.objects.filter(organisation__in=known).values_list("text", flat=True)
    return {key: form for form in names if len(key := name_key(form)) >= SHORTEST}


def found_in(text: str, marks: dict[str, str]) -> list[str]:
    """Which of the marks stand in a text, as written in the registry."""
    within = name_key(text)
    return sorted({form for key, form in marks.items() if key in within})


def texts_of_file(content: bytes) -> Iterator[str]:
    """What a file says of itself: text and properties of an office file or a PDF; else its bytes read as text."""
    if content.startswith(b"PK"):
        yield from texts_of_archive(content)
    elif content.startswith(b"%PDF"):
        yield from texts_of_pdf(content)
    else:
        yield content.decode("utf-8", "ignore")
        yield content.decode("gb18030", "ignore")


def texts_of_archive(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for entry in archive.infolist():
            yield entry.filename
            if PARTS.search(entry.filename) and entry.file_size <= READ_AT_MOST:
                yield TAGS.sub("", archive.read(entry).decode("utf-8", "ignore"))


def texts_of_pdf(content: bytes) -> Iterator[str]:
    document = pypdfium2.PdfDocument(content)
    try:
        yield from document.get_metadata_dict().values()
        for page in document:
            yield page.get_textpage().get_text_bounded()
    finally:
        document.close()


def refuse_leaks(
    parties: Iterable[Organisation], texts: Mapping[str, str], set_aside: Collection[str] = ()
) -> None:
    """Raises :class:`Refusal` naming the first place (a key of ``texts``) where an organisation is given away.

    ``set_aside``: forms that the officer has seen to be ordinary words here; what is set aside is recorded.
    """
    spared = {name_key(form) for form in set_aside}
    marks = {key: form for key, form in marks_of(parties).items() if key not in spared}
    for place, text in texts.items():
        if found := found_in(text, marks):
            raise leaking(place, found)


def leaking(place: str, found: list[str]) -> Refusal:
    return Refusal(
        _("%(place)s里有申报单位的名称或代码：%(found)s。") % {"place": place, "found": listed(found)},
        code="reviews.leak", where=place, rule=_("本轮专家不得看到申报单位"),
        remedy=_("请遮去后再录入；文件还要看属性里的作者和单位。确是普通用词的，列入“不作名称看的词”。"),
    )  # fmt: skip


def refuse_leaking_file(parties: Iterable[Organisation], content: bytes) -> None:
    """The same of the content and the properties of a file; its name is never shown to experts."""
    marks = marks_of(parties)
    for text in texts_of_file(content):
        if found := found_in(text, marks):
            raise leaking(_("文件"), found)
