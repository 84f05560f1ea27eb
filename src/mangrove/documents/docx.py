"""Writes a letter as an editable DOCX that names the official faces; the office's own Word or WPS supplies them.

Word's 三号 is 16 pt, not 15.75: 28 characters then need a character spacing of −0.25 pt, and 22 lines an exact pitch of
at most 28.95 pt (579 twips). Nothing relies on the document grid, which every program reads differently. The white of an
exact line stands above its characters, so that a page's first line begins some 3 mm lower than in the PDF; the margins
are those of the standard.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor, Twips

from mangrove.documents.docx_parts import bar, frame, indent, name_face, page_field, plain_asian_layout, track
from mangrove.documents.letter import Category, Letter, Paragraph
from mangrove.documents.rules import letter_rules
from mangrove.documents.title import text_width, title_lines, widest_title

BODY_SIZE = Pt(16)
PITCH = Twips(579)
TRACKING = -5  # twips
CHARACTER = Twips(315)  # 16 pt less the tracking
RED = RGBColor(0xE6, 0x00, 0x12)
GREY = RGBColor(0x80, 0x80, 0x80)
ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can name: the same letter gives the same bytes
UNDATED = datetime(1980, 1, 1, tzinfo=UTC)


def write_docx(letter: Letter) -> bytes:
    """The letter as DOCX; the same letter gives the same bytes."""
    document = docx.Document()
    _page(document.sections[0])
    _properties(document, letter)
    _normal_style(document)
    _head(document, letter)
    for item in letter.paragraphs:
        _paragraph(document, item)
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    _signature(document, letter)
    _foot(document, letter)
    _folios(document.sections[0])
    if letter.draft:
        _draft_mark(document.sections[0])
    return saved(document)


def _mm(rule_id: str) -> Length:
    return Mm(float(letter_rules()[rule_id].number))


def _count(rule_id: str) -> int:
    return int(letter_rules()[rule_id].number)


def _page(section: Any) -> None:
    section.page_width, section.page_height = _mm("page.width"), _mm("page.height")
    section.top_margin, section.left_margin = _mm("area.top"), _mm("area.left")
    section.right_margin = Length(section.page_width - section.left_margin - _mm("area.width"))
    section.bottom_margin = Length(section.page_height - section.top_margin - _mm("area.height"))
    section.different_first_page_header_footer = True
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)


def _properties(document: Any, letter: Letter) -> None:
    """Title, author, language; the only time named is the letter's own date."""
    core, day = document.core_properties, letter.date
    core.title, core.author, core.last_modified_by = (
        letter.title.replace("\n", ""),
        letter.issuer,
        letter.issuer,
    )
    core.language, core.comments = "zh-CN", ""
    core.created = core.modified = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else UNDATED
    document.settings.odd_and_even_pages_header_footer = True
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _normal_style(document: Any) -> None:
    """Body text: 仿宋, exact pitch, full pages."""
    style = document.styles["Normal"]
    style.font.size = BODY_SIZE
    properties = style.element.get_or_add_rPr()
    name_face(properties, Category.FANGSONG)
    track(properties, TRACKING)
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing = PITCH
    layout.widow_control = False
    layout.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    plain_asian_layout(style.element.get_or_add_pPr())


def _write(
    paragraph: Any, text: str, category: Category = Category.FANGSONG, size: Length = BODY_SIZE
) -> Any:
    """Add a run in the category's official face."""
    run = paragraph.add_run(text)
    run.font.size = size
    name_face(run._r.get_or_add_rPr(), category)
    return run


def _head(document: Any, letter: Letter) -> None:
    """The mark at its place on the page, the red rules, number, title and addressee."""
    if letter.result_class:
        _result_class(document, letter)
    size = _mark_size(letter.issuer)
    _mark(document, letter.issuer, size)
    bearing = float(letter_rules()["mark.bearing"].number)
    first_rule = Length(_mm("mark.top") + int(size * (1 - bearing)) + _mm("rule.first.gap"))
    number = document.add_paragraph()
    number.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    # The white of the line itself is the 7/8 of a character that 10.1 wants above the number.
    number.paragraph_format.space_before = Length(_mm("rule.first.gap") + _rules_height())
    _double_rule(number, 1, first_rule, ("rule.thick", "rule.thin"))
    second_rule = Length(_mm("page.height") - _mm("rule.second.bottom") - _rules_height())
    _double_rule(number, 3, second_rule, ("rule.thin", "rule.thick"))
    _write(number, letter.number or "")
    _title(document, letter.title)
    addressee = document.add_paragraph()
    addressee.paragraph_format.space_before = Length(PITCH * _count("addressee.lines_above"))
    _write(addressee, letter.addressee)


def _mark_size(issuer: str) -> Length:
    """As large as practice allows, smaller where a long name needs it, in whole points."""
    rules = letter_rules()
    fitting = rules["mark.width"].points / (Decimal(text_width(issuer)) / 2)
    return Pt(int(min(rules["mark.size"].number, fitting)))


def _mark(document: Any, issuer: str, size: Length) -> None:
    mark = document.add_paragraph()
    mark.alignment = WD_ALIGN_PARAGRAPH.CENTER
    mark.paragraph_format.line_spacing = size
    _write(mark, issuer, Category.XIAOBIAOSONG, size).font.color.rgb = RED
    _page_frame(mark, _mm("mark.top"), size)


def _result_class(document: Any, letter: Letter) -> None:
    """The result class above the mark, at the right edge of the type area."""
    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    line.paragraph_format.line_spacing = BODY_SIZE
    _write(line, letter.result_text, Category.HEI)
    _page_frame(line, Length(_mm("mark.top") - Mm(8) - BODY_SIZE), BODY_SIZE)


def _page_frame(paragraph: Any, top: Length, height: Length) -> None:
    """Put a paragraph at a height of the page, across the type area."""
    place = {"x": _mm("area.left").twips, "y": top.twips, "w": _mm("area.width").twips, "h": height.twips}
    frame(paragraph, hRule="exact", vAnchor="page", hAnchor="page", **place)


def _rules_height() -> Length:
    return Length(_mm("rule.thick") + _mm("rule.between") + _mm("rule.thin"))


def _double_rule(paragraph: Any, number: int, top: Length, weights: tuple[str, str]) -> None:
    """Two bars, the upper one first, centred on the page."""
    left = Length(_mm("rule.centre") - _mm("rule.length") // 2)
    upper, lower = (_mm(weight) for weight in weights)
    bar(paragraph, number, (left, top, _mm("rule.length"), upper), str(RED))
    second = Length(top + upper + _mm("rule.between"))
    bar(paragraph, number + 1, (left, second, _mm("rule.length"), lower), str(RED))


def _title(document: Any, title: str) -> None:
    size = Pt(float(letter_rules()["title.size"].number))
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before = Length(PITCH * _count("title.lines_above"))
    paragraph.paragraph_format.line_spacing = Length(size + Pt(float(letter_rules()["line.gap"].number)))
    run = _write(paragraph, "", Category.XIAOBIAOSONG, size)
    for index, line in enumerate(title_lines(title, widest_title())):
        if index:
            run.add_break()
        run.add_text(line)


def _paragraph(document: Any, item: Paragraph) -> None:
    paragraph = document.add_paragraph()
    indent(paragraph, "firstLine", 100 * _count("body.indent"), CHARACTER)
    paragraph.paragraph_format.keep_with_next = item.level in (1, 2) and not item.body
    for category, runs in item.parts():
        for run in runs:
            _write(paragraph, run.text, category)


def _signature(document: Any, letter: Letter) -> None:
    """署名 and 成文日期 by 7.3.5.1 with a seal, by 7.3.5.2 without; both stay with the text above."""
    place = _sealed_line if letter.sealed else _unsealed_line
    lines = _count("sign.seal_lines_above" if letter.sealed else "sign.lines_above")
    signed, dated = document.add_paragraph(), document.add_paragraph()
    signed.paragraph_format.space_before = Length(PITCH * lines)
    signed.paragraph_format.keep_with_next = True
    for paragraph, text in ((signed, letter.signatory), (dated, letter.date_text)):
        place(paragraph, letter, text)
        _write(paragraph, text)
    if letter.contact:
        contact = document.add_paragraph()
        indent(contact, "firstLine", 100 * _count("body.indent"), CHARACTER)
        _write(contact, letter.contact_text)


def _sealed_line(paragraph: Any, letter: Letter, text: str) -> None:
    """7.3.5.1: the date ends four characters from the right, 署名 is centred over it."""
    beyond = text_width(letter.date_text) - text_width(text)  # half-characters, 0 for the date itself
    right = max(0, 100 * _count("sign.seal_right") + beyond * 25)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    indent(paragraph, "right", right, CHARACTER)


def _unsealed_line(paragraph: Any, letter: Letter, text: str) -> None:
    """7.3.5.2: 署名 ends two characters from the right, the date begins two characters after it.

    A date longer than 署名 ends two characters from the right instead. Placed from the left, because the
    width of digits differs from face to face.
    """
    signed, dated = text_width(letter.signatory) * 50, text_width(letter.date_text) * 50
    offset = 100 * _count("sign.date_offset")
    edge = 100 * (_count("grid.chars") - _count("sign.right"))
    start = edge - signed if signed >= dated else edge - dated - offset
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    indent(paragraph, "left", max(0, start) + (offset if text == letter.date_text else 0), CHARACTER)


def _foot(document: Any, letter: Letter) -> None:
    """公开类型 and 抄送 in a frame at the foot of the type area."""
    size = Pt(float(letter_rules()["foot.size"].number))
    inset = 100 * _count("foot.inset")
    copies = f"抄送：{letter.copies_text}" if letter.copies else ""
    for text, hanging in ((letter.openness_text, 0), (copies, 300)):
        if not text:
            continue
        paragraph = document.add_paragraph()
        indent(paragraph, "left", inset + hanging, size)
        indent(paragraph, "right", inset, size)
        if hanging:
            indent(paragraph, "hanging", hanging, size)
        _write(paragraph, text, Category.FANGSONG, size)
        frame(
            paragraph,
            w=_mm("area.width").twips,
            vAnchor="margin",
            hAnchor="margin",
            xAlign="left",
            yAlign="bottom",
        )


def _folios(section: Any) -> None:
    """No number on page 1; dashes 7 mm below the type area, odd pages at the right, even pages at the left."""
    size = Pt(float(letter_rules()["folio.size"].number))
    dash = Length(_mm("area.top") + _mm("area.height") + _mm("folio.gap"))
    section.footer_distance = Length(section.page_height - dash - size // 2)
    section.first_page_footer.is_linked_to_previous = False
    sides = (
        (section.footer, "right", WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, "left", WD_ALIGN_PARAGRAPH.LEFT),
    )
    for footer, side, alignment in sides:
        line = footer.paragraphs[0]
        line.alignment = alignment
        line.paragraph_format.line_spacing = size
        indent(line, side, 100 * _count("folio.inset"), size)
        _write(line, "— ", Category.SONG, size)
        page_field(_write(line, "", Category.SONG, size))
        _write(line, " —", Category.SONG, size)


def _draft_mark(section: Any) -> None:
    """草稿 in every header, outside the type area."""
    section.header_distance = Mm(12)
    for header in (section.first_page_header, section.header, section.even_page_header):
        line = header.paragraphs[0]
        line.alignment = WD_ALIGN_PARAGRAPH.LEFT
        line.paragraph_format.line_spacing = BODY_SIZE
        _write(line, "草稿", Category.HEI).font.color.rgb = GREY


def saved(document: Any) -> bytes:
    """The file with every entry's time fixed."""
    written, fixed = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, ZIP_DATE), source.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
