"""The numbers of a letter against the figures: what must be put right, or kept knowingly, before it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.figures.binding import BoundSpan
from mangrove.figures.check import Checked, FigureCheck, check_text
from mangrove.figures.decisions import Verdict
from mangrove.figures.models import Value
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.composition import Composed
from mangrove.proposals.marks import Mark
from mangrove.proposals.rules import rules

#: What the field is called in which one says why a number that differs stays.
KEEPING = gettext_lazy("数字不符仍照此办理的理由")


def check_letter(body: str, marks: Sequence[Mark], *, on: date) -> FigureCheck:
    """The figure check of a letter's words. A number inside a promise is an aim, which no record can bear out yet."""
    check = check_text(body, on=on)
    promises = [mark for mark in marks if mark.is_promise]
    return replace(check, findings=tuple(one for one in check.findings if not is_aim(one, promises)))


def check_composed(composed: Composed, *, on: date) -> FigureCheck:
    """The same of a draft. A number that it took from the figures agrees, whatever date its sentence speaks of.

    Unless its sentence names another figure: then the wrong one was put there.
    """
    check = check_letter(composed.body, composed.marks, on=on)
    taken = definitions_at(composed.figures.spans)
    own = [one for one in check.findings if is_own(one, taken)]
    return replace(
        check,
        findings=tuple(one for one in check.findings if one not in own),
        agreements=(
            *check.agreements,
            *(replace(one, verdict=Verdict.AGREES, why="", expected="") for one in own),
        ),
    )


def definitions_at(spans: Sequence[BoundSpan]) -> list[tuple[int, int, str]]:
    """Where numbers were printed from which definition: start, end, definition id."""
    values = Value.objects.filter(pk__in=[span.value_id for span in spans])
    known = dict(values.values_list("pk", "definition_id"))
    return [(span.start, span.end, known[span.value_id]) for span in spans]


def is_own(one: Checked, taken: Sequence[tuple[int, int, str]]) -> bool:
    inside = (id for start, end, id in taken if start <= one.quantity.start < end)
    return any(one.definition_id in ("", id) for id in inside)


def is_aim(one: Checked, promises: Sequence[Mark]) -> bool:
    start = one.quantity.start
    inside = any(mark.start <= start < mark.end for mark in promises)
    return inside and one.verdict == Verdict.NO_FIGURE


def kept_findings(check: FigureCheck, *, reason: str) -> dict[str, str]:
    """For the event of an act: the numbers that go on although they differ, in words, and why; nothing when all agree.

    Raises :class:`Refusal` when numbers differ and nobody says why they stay.
    """
    if not check.findings:
        return {}
    said = "、".join(words(one) for one in check.findings)
    if not reason.strip():
        raise Refusal(
            _("正文有 %(n)s 处数字与指标不符：%(said)s。") % {"n": len(check.findings), "said": said},
            code="proposals.findings", where=_("答复正文"), rule=rules().numbers_source,
            remedy=_("请改正，或补立指标；确需保留的，写明“%(label)s”。") % {"label": KEEPING},
        )  # fmt: skip
    return {"kept_findings": said, "keep_reason": reason.strip()}


def refuse_unseen(composed: Composed, seen_hash: str) -> None:
    """Raises :class:`Refusal` when the letter is not the one that stood on the page of who now answers for it."""
    if composed.content_hash != seen_hash:
        raise Refusal(
            _("您看到的文本已经变动（稿件、日期或其中的数字有更新），没有办理。"),
            code="proposals.text_changed", where=_("答复正文"),
            remedy=_("本页已换成现在的文本，请看过后再办。"),
        )  # fmt: skip


def words(one: Checked) -> str:
    """In Chinese whatever the reader reads, since it is recorded."""
    return f"{one.quantity.text}（应为{one.expected}）" if one.expected else one.quantity.text
