"""``mangrove letter read FILE`` and ``mangrove letter compose NUMBER``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from textwrap import indent
from typing import Any, TypeVar

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.documents.reading.extract import ReadingRefusal, extract
from mangrove.documents.reading.letter import LetterReading, read_letter
from mangrove.documents.reading.organisations import Whose
from mangrove.documents.reading.report import as_text
from mangrove.figures.check import FigureCheck, check_text
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.letter_pages import letter_on_page
from mangrove.proposals.models import Reply
from mangrove.proposals.paper import on_paper
from mangrove.proposals.received import report
from mangrove.proposals.received.decisions import is_day
from mangrove.registry.names import names_for_reading

Answer = TypeVar("Answer")
NO_REGISTER = (
    "还没有机构名录和指标：机构只按名称的写法辨认，数字没有与指标核对。先运行 mangrove demo 可载入样例。"
)


def add(commands: Any) -> None:
    letter = commands.add_parser("letter", help="复函").add_subparsers(required=True, metavar="动作")
    read = letter.add_parser(
        "read", help="读一份复函（txt、docx、pdf），列出其中的要素、数字、说法、承诺、机构"
    )
    read.add_argument("file", type=Path)
    read.add_argument("--json", action="store_true", help="以 JSON 输出")
    read.set_defaults(run=run_read)
    compose = letter.add_parser("compose", help="按今天的指标排出一件建议的复函")
    compose.add_argument("number", help="建议编号，例如 20210615")
    compose.add_argument("--out", type=Path, default=Path("out/letter.pdf"))
    compose.set_defaults(run=run_compose)


def run_read(chosen: argparse.Namespace) -> int:
    """Nothing is stored; the page 来函阅读 does the same and keeps it."""
    try:
        source = extract(chosen.file, chosen.file.name)
    except ReadingRefusal as refused:
        raise Refusal(str(refused), code="proposals.unreadable", where=str(chosen.file)) from refused
    names = _from_register(lambda: names_for_reading(timezone.localdate()))
    reading = read_letter(source, organisations=names or {}, home=settings.CITY["name"])
    if names is None:
        print(NO_REGISTER, file=sys.stderr)
        print(
            json.dumps(reading.as_dict(), ensure_ascii=False, indent=1) if chosen.json else as_text(reading)
        )
        return 0
    check = None if reading.whose == Whose.OTHER else check_text(source.text, on=letter_date(reading))
    print(_as_json(reading, check) if chosen.json else _as_text(reading, check))
    return 0


def _from_register(asked: Callable[[], Answer]) -> Answer | None:
    """What the database answers; None where it was never set up: a letter can be read without it."""
    try:
        return asked()
    except DatabaseError:
        return None


def _as_json(reading: LetterReading, check: FigureCheck | None) -> str:
    told = reading.as_dict() | {"figures": report.as_data(reading, check)}
    return json.dumps(told, ensure_ascii=False, indent=1)


def _as_text(reading: LetterReading, check: FigureCheck | None) -> str:
    return f"{as_text(reading)}\n与指标核对\n{indent(report.as_text(reading, check), '  ')}"


def letter_date(reading: LetterReading) -> date:
    """A letter is held against the figures of its own day; one without a date against today's."""
    dated = reading.elements.date.value if reading.elements.date else ""
    return date.fromisoformat(dated) if is_day(dated) else timezone.localdate()


def run_compose(chosen: argparse.Namespace) -> int:
    reply = Reply.objects.filter(proposal__number=chosen.number, part="主办").first()
    view = letter_on_page(reply) if reply else None
    if view is None:
        raise Refusal(
            _("建议 %(number)s 还没有答复稿。") % {"number": chosen.number},
            code="proposals.no_draft",
            remedy=_("请核对编号，或先起草。"),
        )
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_bytes(on_paper(view.letter).pdf)
    print(f"{'已签发' if view.signed else '草稿'}：{chosen.out}")
    return 0
