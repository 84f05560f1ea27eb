"""A meeting's proposals by the spreadsheet: each row is registered by the same act as one registered by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove import vocabulary
from mangrove.jobs.running import Running
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.decisions import refuse_proposal_number
from mangrove.proposals.models import Proposal
from mangrove.proposals.registration import refuse_unless_registrar, register_proposal
from mangrove.registry.importing.kinds import Importing
from mangrove.registry.importing.plan import Plan
from mangrove.registry.importing.reading import Read, Wrong
from mangrove.registry.models import User
from mangrove.vocabulary.sheets import Row

WHOLE = vocabulary.entity("proposal")
#: The columns of a list of proposals, and the fields of the model that they fill. The rest comes about by acts.
COLUMNS = {
    "kind": "kind", "session": "meeting", "number": "number", "title": "title",
    "lead_deputy": "lead_deputy", "co_signers": "co_signers", "original_text": "original_text",
}  # fmt: skip
ENTITY = replace(WHOLE, fields={name: WHOLE.field(name) for name in COLUMNS}, relations={})
MUST = ("session", "number", "lead_deputy", "title")
KIND = ENTITY.field("kind")
#: What says which proposal it is: its kind, meeting and number.
Known = Mapping[tuple[str, str, str], str]


def plan_of(read: Read, on: date) -> Plan:
    """Which of them would be registered. What is registered already under the same title is the same."""
    plan = Plan(notes=list(read.notes))
    plan.refuse(read.wrong)
    standing = Proposal.objects.filter(withdrawn=False)
    known = {(one.kind, one.meeting, one.number): one.title for one in standing}
    open_titles = dict(standing.filter(case__closed_on=None).values_list("title", "number"))
    taken: dict[tuple[str, str, str], int] = {}
    for row in read.rows:
        plan_row(row, known, open_titles, taken, plan)
    return plan


def plan_row(
    row: Row, known: Known, open_titles: Mapping[str, str], taken: dict[tuple[str, str, str], int], plan: Plan
) -> None:
    values = {column: value for column, value in row.values.items() if value is not None}
    plan.refuse(wrong_in(row, values))
    if row.line in plan.wrong_lines:
        return
    values.setdefault("kind", "suggestion")
    place = kind_of(values), str(values["session"]), str(values["number"])
    title = str(values["title"])
    if (first := taken.setdefault(place, row.line)) != row.line:
        plan.refuse([Wrong(row.line, ENTITY.field("number").zh, f"与第{first}行是同一件。")])
    elif place in known and known[place] != title:
        what = f"这个编号已经登记为“{known[place]}”；题目要改的，请先撤销登记。"
        plan.refuse([Wrong(row.line, ENTITY.field("title").zh, what)])
    elif place in known:
        plan.same += 1
    else:
        plan.new.append((row.line, values))
        if title in open_titles:
            plan.notes.append(
                f"第{row.line}行与未办结的 {open_titles[title]} 题目相同；确是另一件的，导入即可。"
            )


def kind_of(values: Mapping[str, Any]) -> str:
    """As the model keeps it: 建议 or 提案."""
    return vocabulary.show_value(KIND, values["kind"])


def wrong_in(row: Row, values: Mapping[str, Any]) -> Iterator[Wrong]:
    for column in MUST:
        if column not in values:
            yield Wrong(row.line, ENTITY.field(column).zh, "不能为空。")
    for column, value in values.items():
        limit = getattr(Proposal._meta.get_field(COLUMNS[column]), "max_length", None)
        if limit and len(str(value)) > limit:
            yield Wrong(row.line, ENTITY.field(column).zh, f"最多{limit}个字，现有{len(str(value))}个。")
    if "number" in values:
        try:
            refuse_proposal_number(str(values["number"]))
        except Refusal as refusal:
            yield Wrong(row.line, ENTITY.field("number").zh, refusal.briefly)


def take(plan: Plan, running: Running) -> None:
    """Each by the act of the room: its own case, its own event."""
    user = User.objects.get(username=running.actor.username)
    for n, (_line, values) in enumerate(plan.new):
        if n % 20 == 0:
            running.progress(n, len(plan.new), _("登记"))
        told = {COLUMNS[column]: str(value) for column, value in values.items()}
        told["kind"] = kind_of(values)
        register_proposal(by=user, on=running.on, why=running.why, note=running.arguments["source"], **told)  # type: ignore[arg-type]


def access_importing(user: Any) -> User:
    """Who registers one may register many. Raises ``Http404`` for strangers, :class:`Refusal` for other roles."""
    if not (isinstance(user, User) and user.is_active):
        raise Http404(_("请先登录。"))
    refuse_unless_registrar(user)
    return user


PROPOSALS = Importing(
    id="proposals",
    label=gettext_lazy("建议提案"),
    entity=ENTITY,
    must=MUST,
    rules=gettext_lazy(
        "必须有会议、编号、题目和领衔代表；类别空着的按建议登记。已经登记过、题目相同的不重复登记，题目不同的须先核对。"
        "业务日期是这一批收到的日期。"
    ),
    page="proposals:list",
    access=access_importing,
    plan=plan_of,
    take=take,
)
