"""Applications at every stage that has a page of its own, for the browser."""

from __future__ import annotations

from dataclasses import dataclass

from mangrove.intake.models import Application, Submission
from mangrove.jobs import worker

from . import life


@dataclass(frozen=True)
class Scene:
    draft: Application
    beside: int
    waiting: Application
    checking: Application
    returned: Application
    again: Submission
    receipt: Submission


def set_scene() -> Scene:
    """Five firms in one window: a draft that two people changed, one waiting, one being checked, one returned, one back again."""
    life.office()
    for n in ("c", "d", "e"):
        life.firm(f"firm_{n}", f"深圳{n}企业有限公司（合成）", f"{n}1")
    draft = life.filled("a1")
    base = draft.sheets.get(section="project").revision
    life.write(
        draft, "project", {"summary": "车间里的一张专网，连着机床与小车。", "revenue": "很多"}, "a1", base
    )
    beside = life.write(draft, "project", {"summary": "总装线上的一张专网，用于质检。"}, "a2", base)
    life.hand_in(draft, content=b"MZ\x90", name="说明.pdf")
    returned, back = (life.lead_to("returned", name) for name in ("d1", "e1"))
    life.write(back, "project", {"summary": "用在冲压车间，连接四十台机床。"}, "e1")
    life.submit(back, "e1")
    checking, waiting = life.lead_to("checking", "c1"), life.lead_to("submitted", "b1")
    worker.work(until_idle=True)
    return Scene(
        draft,
        beside.revision,
        waiting,
        checking,
        returned,
        back.submissions.get(round=2),
        waiting.submissions.get(),
    )
