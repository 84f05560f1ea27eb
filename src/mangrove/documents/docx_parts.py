"""The parts of WordprocessingML that python-docx has no words for: faces, indents in characters, frames, bars, fields."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Length
from docx.text.paragraph import Paragraph

from mangrove.documents.fonts import wants
from mangrove.documents.letter import Category

# What the schema puts after the elements that are inserted here (ECMA-376, CT_PPr and CT_RPr).
_AFTER_SPACING_OF_RUN = ("w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:highlight", "w:u", "w:lang")
_AFTER_ASIAN_LAYOUT = (
    "w:bidi",
    "w:adjustRightInd",
    "w:snapToGrid",
    "w:spacing",
    "w:ind",
    "w:jc",
    "w:outlineLvl",
    "w:rPr",
)
_AFTER_FRAME = (
    "w:widowControl",
    "w:overflowPunct",
    "w:autoSpaceDE",
    "w:autoSpaceDN",
    "w:snapToGrid",
    "w:spacing",
    "w:ind",
    "w:jc",
)

_DRAWING = (
    '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
    '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="{id}" behindDoc="1"'
    ' locked="1" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
    '<wp:positionH relativeFrom="page"><wp:posOffset>{left}</wp:posOffset></wp:positionH>'
    '<wp:positionV relativeFrom="page"><wp:posOffset>{top}</wp:posOffset></wp:positionV>'
    '<wp:extent cx="{width}" cy="{height}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
    '<wp:docPr id="{id}" name="红线{id}"/><wp:cNvGraphicFramePr/>'
    '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
    '<wps:cNvSpPr/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
    "<a:ln><a:noFill/></a:ln></wps:spPr><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"
)


def name_face(properties: Any, category: Category) -> None:
    """Name the official face on run properties, for Chinese too: `font.name` sets only the Latin one."""
    official = next(want.named for want in wants() if want.category is category)
    fonts = properties.get_or_add_rFonts()
    fonts.attrib.clear()
    for part in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{part}"), official)


def track(properties: Any, twips: int) -> None:
    """Set the character spacing on run properties."""
    spacing = _element("w:spacing", val=twips)
    properties.insert_element_before(spacing, *_AFTER_SPACING_OF_RUN)


def plain_asian_layout(properties: Any) -> None:
    """No hanging punctuation, no white between Chinese and digits, no document grid: as the PDF is set."""
    for name in ("overflowPunct", "autoSpaceDE", "autoSpaceDN"):
        properties.insert_element_before(_element(f"w:{name}", val=0), *_AFTER_ASIAN_LAYOUT)
    properties.insert_element_before(_element("w:snapToGrid", val=0), *_AFTER_ASIAN_LAYOUT[3:])


def indent(paragraph: Paragraph, side: str, hundredths: int, character: Length) -> None:
    """Indent by hundredths of a character, with the length beside it for programs that do not count characters.

    side: left, right, firstLine or hanging.
    """
    element = paragraph._p.get_or_add_pPr().get_or_add_ind()
    element.set(qn(f"w:{side}Chars"), str(hundredths))
    element.set(qn(f"w:{side}"), str(Length(character * hundredths // 100).twips))


def frame(paragraph: Paragraph, **attributes: str | int) -> None:
    """Take a paragraph out of the flow; attributes are those of w:framePr, lengths in twips."""
    element = _element("w:framePr", wrap="notBeside", **attributes)
    paragraph._p.get_or_add_pPr().insert_element_before(element, *_AFTER_FRAME)


def bar(paragraph: Paragraph, number: int, place: tuple[Length, Length, Length, Length], colour: str) -> None:
    """Anchor a filled bar to the page; place: left, top, width, height."""
    left, top, width, height = (int(length) for length in place)
    xml = _DRAWING.format(id=number, left=left, top=top, width=width, height=height, colour=colour)
    paragraph.add_run()._r.append(parse_xml(xml))


def page_field(run: Any) -> None:
    """Make a run the page number field."""
    for part in (
        _element("w:fldChar", fldCharType="begin"),
        _instruction(),
        _element("w:fldChar", fldCharType="end"),
    ):
        run._r.append(part)


def _instruction() -> Any:
    instruction = OxmlElement("w:instrText")
    instruction.text = "PAGE"
    return instruction


def _element(tag: str, **attributes: str | int) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    return element
