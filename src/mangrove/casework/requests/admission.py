"""What may be asked and what counts as an answer. Pure but for the rule pack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from mangrove.casework.requests.models import VerificationItem
from mangrove.casework.rules import rules
from mangrove.casework.working_days import add_months
from mangrove.ledger.refusals import Refusal
from mangrove.registry.decisions import sound_credit_code
from mangrove.registry.models import Organisation, User
from mangrove.ui.languages import listed


@dataclass(frozen=True)
class Asked:
    """One that is asked about; a credit code is read and its check digits hold."""

    kind: str
    value: str

    @classmethod
    def read(cls, kind: str, text: str) -> Asked:
        """Raises :class:`Refusal` for a credit code that cannot be one."""
        value = (sound_credit_code(text) or "") if kind == "credit_code" else text.strip()
        return cls(kind, value)


def refuse_request(
    by: User,
    department: Organisation,
    unit: str,
    items: Sequence[Asked],
    said: Sequence[str],
    on: date,
    keep_until: date,
) -> None:
    if not all(one.strip() for one in said):
        raise Refusal(_("须写明目的、法律依据和要核验什么。"), code="casework.no_purpose", where=_("目的"))
    if department.pk in by.bodies and unit in ("", by.unit):
        raise Refusal(_("不能向本处室提出核验请求。"), code="casework.asks_itself", where=_("被请求单位"))
    refuse_items(items)
    latest = add_months(on, rules().months_kept)
    if not on < keep_until <= latest:
        raise Refusal(
            _("保存期限须在 %(first)s 之后、%(last)s 以前。") % {"first": on, "last": latest},
            code="casework.keep_until", where=_("保存至"), rule=rules().retention_cited,
        )  # fmt: skip


def refuse_items(items: Sequence[Asked]) -> None:
    most, values = rules().items_at_most, [one.value for one in items]
    if not 0 < len(items) <= most or not all(values):
        raise Refusal(
            _("一次核验 1 至 %(most)s 个对象，现为 %(n)s 个。") % {"most": most, "n": len(items)},
            code="casework.bad_items", where=_("核验对象"), rule=rules().retention_cited,
        )  # fmt: skip
    twice = sorted({str(n) for n, value in enumerate(values, start=1) if value in values[: n - 1]}, key=int)
    if twice:
        raise Refusal(
            _("第 %(numbers)s 个对象与前面的重复。") % {"numbers": listed(twice)},
            code="casework.bad_items", where=_("核验对象"),
        )  # fmt: skip


def refuse_answers(rows: Sequence[VerificationItem], answers: Mapping[int, tuple[str, str]]) -> None:
    """Every one is answered, and nothing that was not asked."""
    known = {answer for answer, _label in VerificationItem.ANSWERS}
    missing = [str(row.number) for row in rows if answers.get(row.number, ("", ""))[0] not in known]
    extra = sorted(set(answers) - {row.number for row in rows})
    if missing or extra:
        raise Refusal(
            _("还没有答复的对象：第 %(missing)s 个；没有问过的：第 %(extra)s 个。")
            % {"missing": listed(missing) or _("无"), "extra": listed(map(str, extra)) or _("无")},
            code="casework.bad_answers", where=_("答复"), remedy=_("每个对象答“命中”“未命中”或“无法核验”。"),
        )  # fmt: skip
