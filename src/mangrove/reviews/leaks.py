"""Whose item it is must not stand in what experts read: titles, texts and files are searched for it at the door.

A name is searched for in every form it ever had, compared as the registry compares names; a credit code and an id
as they stand. What no list of names knows (a product, a person) stays the caller's to redact.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO

import pypdfium2
from django.utils.translation import gettext as _

from mangrove.ledger.refusals import Refusal
from mangrove.registry.decisions import name_key
from mangrove.registry.models import Organisation, OrganisationName, User, bodies_of
from mangrove.ui.languages import listed

#: A single character is no name. A form of two (移动, say) may be an ordinary word: it can be set aside.
SHORTEST = 2
#: How pictures begin, and where office files keep theirs.
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\x00", b"MM\x00*", b"BM")
MEDIA = re.compile(r"(^|/)(media|embeddings|Pictures)/.+")
#: Of an archive, the parts that hold text and properties, and how much of each is read.
PARTS = re.compile(r"\.(xml|rels|txt)$")
READ_AT_MOST = 20 * 1024 * 1024
TAGS = re.compile(r"<[^>]*>")


def marks_of(organisations: Iterable[Organisation]) -> dict[str, str]:
    """What would give these organisations away: the form as compared, to the form as written."""
    known = list(organisations)
    names = [form for one in known for form in (one.name, one.short_name, one.name_en, one.credit_code or "")]
    names += OrganisationName.objects.filter(
        organisation__in=bodies_of(*(one.pk for one in known))
    ).values_list("text", flat=True)
    return {key: form for form in names if len(key := name_key(form)) >= SHORTEST}


def found_in(text: str, marks: dict[str, str]) -> list[str]:
    """Which of the marks stand in a text, as written in the registry."""
    within = name_key(text)
    return sorted({form for key, form in marks.items() if key in within})


@dataclass(frozen=True)
class Read:
    """What a file says of itself, and whether parts of it (pictures, scanned pages) say nothing that can be searched."""

    texts: list[str]
    has_pictures: bool


def read_file(content: bytes) -> Read:
    """Text and properties of an office file or a PDF; the words of a text. Raises :class:`Refusal` for what stays shut."""
    if content.startswith(b"PK"):
        return read_archive(content)
    if content.startswith(b"%PDF"):
        return read_pdf(content)
    if content.startswith(PICTURES):
        return Read([content.decode("utf-8", "ignore")], True)
    return Read([content.decode("utf-8", "ignore"), content.decode("gb18030", "ignore")], False)


def read_archive(content: bytes) -> Read:
    texts, pictures = [], False
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for entry in archive.infolist():
            texts.append(entry.filename)
            pictures |= bool(MEDIA.search(entry.filename))
            if PARTS.search(entry.filename) and entry.file_size <= READ_AT_MOST:
                texts.append(TAGS.sub("", archive.read(entry).decode("utf-8", "ignore")))
    return Read(texts, pictures)


def read_pdf(content: bytes) -> Read:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Refusal(
            _("这份 PDF 设了密码或已损坏，查不了里面有没有申报单位的名称。"), code="reviews.unreadable", where=_("文件"),
            rule=_("本轮专家不得看到申报单位"), remedy=_("请换一份打得开的。"),
        ) from error  # fmt: skip
    try:
        pages = [page.get_textpage().get_text_bounded() for page in document]
        told = list(document.get_metadata_dict().values())
    finally:
        document.close()
    return Read([*told, *pages], not all(page.strip() for page in pages))


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


def refuse_naming_experts(writer: User, panel: Collection[User], text: str) -> None:
    """Raises :class:`Refusal` where a comment that applicants will read names an expert of the round, or where its writer works."""
    names = [form for one in panel for form in (one.name, one.username)]
    marks = {key: form for form in names if len(key := name_key(form)) >= SHORTEST}
    marks |= marks_of([writer.organisation] if writer.organisation else [])
    if found := found_in(text, marks):
        raise Refusal(
            _("意见里写了专家或其单位：%(found)s。") % {"found": listed(found)}, code="reviews.names_expert", where=_("总的意见"),
            rule=_("意见提供给申报单位，不得看出是谁写的"), remedy=_("请删去或改写后再提交；已写的都在。"),
        )  # fmt: skip


def refuse_leaking_file(parties: Iterable[Organisation], content: bytes, looked: bool) -> None:
    """The same of the content and the properties of a file; its name is never shown to experts.

    ``looked``: the officer says to have looked through what cannot be searched, pictures and scanned pages.
    """
    read, marks = read_file(content), marks_of(parties)
    for text in read.texts:
        if found := found_in(text, marks):
            raise leaking(_("文件"), found)
    if read.has_pictures and not looked:
        raise Refusal(
            _("文件里有图片或扫描页，系统查不了里面有没有申报单位的名称。"), code="reviews.not_looked", where=_("文件"),
            rule=_("本轮专家不得看到申报单位"), remedy=_("请逐页看过，勾选“已逐页看过”再传。"),
        )  # fmt: skip
