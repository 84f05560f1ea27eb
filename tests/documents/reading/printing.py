"""Our letters as the files that bureaus send: text, DOCX with real tables, PDF by our setter, by Typst, by an office suite."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import docx
import typst

from mangrove.documents.fonts import FontShelf, packaged_fonts
from mangrove.documents.letter import Letter, paragraph
from mangrove.documents.pdf import set_letter

OFFICE = shutil.which("soffice")
_LEVELS = ((1, r"[一二三四五六七八九十]+、"), (2, r"（[一二三四五六七八九十]+）"))


def blocks(source: str) -> list[str | list[list[str]]]:
    """The letter's paragraphs, and its tables as rows of cells."""
    found: list[str | list[list[str]]] = []
    for line in source.splitlines():
        if line.startswith("|"):
            if not found or isinstance(found[-1], str):
                found.append([])
            found[-1].append(line[1:-1].split("|"))  # type: ignore[union-attr]
        elif line.strip():
            found.append(line)
    return found


def as_docx(source: str) -> bytes:
    """A DOCX; a cell < is merged with the one to its left, ^ with the one above."""
    document = docx.Document()
    for block in blocks(source):
        if isinstance(block, str):
            document.add_paragraph(block)
        else:
            _add_table(document, block)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _add_table(document: docx.Document, cells: list[list[str]]) -> None:
    table = document.add_table(rows=len(cells), cols=len(cells[0]), style="Table Grid")
    for y, row in enumerate(cells):
        for x, text in enumerate(row):
            if text in ("<", "^"):
                above = (y, x - 1) if text == "<" else (y - 1, x)
                table.cell(*above).merge(table.cell(y, x))
            else:
                table.cell(y, x).text = text


def as_set_letter(source: str) -> bytes:
    """A PDF in the official letter format; only for a letter without tables."""
    lines = [line for line in source.splitlines() if line.strip()]
    title, number, addressee = lines[:3]
    end = next(place for place, line in enumerate(lines) if line.startswith(("专此", "特此")))
    signatory, day, contact, openness, copies = lines[end + 1 : end + 6]
    numbers = [int(part) for part in re.findall(r"\d+", day)]
    letter = Letter(
        issuer=signatory,
        title=title,
        number=number,
        addressee=addressee,
        paragraphs=tuple(_paragraph(line) for line in lines[3 : end + 1]),
        signatory=signatory,
        date=date(*numbers),
        contact=contact.strip("（）"),
        openness=openness.partition("：")[2],
        copies=tuple(copies.partition("：")[2].strip("。").split("、")),
    )
    return set_letter(letter, fonts=FontShelf([packaged_fonts()])).pdf


def _paragraph(line: str):  # type: ignore[no-untyped-def]
    level = next((level for level, mark in _LEVELS if re.match(mark, line)), 0)
    heading, stop, body = line.partition("。")
    return paragraph(heading + stop, level, body) if level else paragraph(line)


def as_typst(source: str) -> bytes:
    """A PDF with a ruled table, on A4."""
    parts = ['#set page(paper: "a4", numbering: "— 1 —")', '#set text(font: "Noto Serif CJK SC", size: 14pt)']
    for block in blocks(source):
        parts.append(f"#par[#{_quoted(block)}]" if isinstance(block, str) else _typst_table(block))
    shelf = FontShelf([packaged_fonts()])
    compiler = typst.Compiler(
        "\n\n".join(parts).encode(), font_paths=shelf.typst_fonts, ignore_system_fonts=True
    )
    return bytes(compiler.compile(format="pdf"))


def _typst_table(cells: list[list[str]]) -> str:
    inside = ", ".join(_quoted(cell) for row in cells for cell in row)
    return f"#table(columns: {len(cells[0])}, {inside})"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def as_office_pdf(source: str, folder: Path) -> bytes:
    """The DOCX printed by LibreOffice."""
    (folder / "letter.docx").write_bytes(as_docx(source))
    home = f"-env:UserInstallation=file://{folder}/home"
    subprocess.run(
        [
            OFFICE or "soffice",
            home,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            folder,
            folder / "letter.docx",
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return (folder / "letter.pdf").read_bytes()
