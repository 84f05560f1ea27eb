"""Beginning a measure and writing its text; every text that was saved stays. Saving is no act of the ledger."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.casework.actions import open_case
from mangrove.casework.models import Case
from mangrove.ledger.refusals import Refusal
from mangrove.policies.issuing.access import access_draft, access_starting, refuse_wrong_state
from mangrove.policies.issuing.models import Draft, DraftText
from mangrove.policies.issuing.workflow import DRAFT
from mangrove.policies.measures.models import RuleText
from mangrove.registry.models import User

#: What stands in the empty sheet in the place of what somebody must decide.
TO_WRITE = ("（措施名称）", "id: new_measure", "（出处）", "（条文）")
#: What an empty sheet begins with: every part that a measure must have, to be written over.
SHEET = """\
measure: （措施名称）
id: new_measure
version:
  in_force: 不详
  status: 草案
  source: （出处）
parameters: {比例: 30%}
clauses:
- id: first
  article: 第一条
  text: （条文）
  text_status: 原文
  for: 扶持项目
  when:
  - 信用核查通过
  amount: 比例 * 经审核投资额
  cap: 100万元
"""


@transaction.atomic
def start(
    *, title: str, by: User, on: date, base: RuleText | None = None, text: str = "", why: str = "", synthetic: bool = False
) -> Draft:  # fmt: skip
    """Begin a draft from a given text, from a published version, or from an empty sheet. Raises :class:`Refusal`."""
    access_starting(by)
    text = plain(text) or (base.text if base else SHEET)
    draft = Draft(id=uuid.uuid4(), title=title, base=base, synthetic=synthetic)
    draft.case = open_case(
        workflow_id=DRAFT.id, subject=draft.ref, title=title, by=by.actor, on=on, why=why, owner=by, unit=by.unit,
        organisation=by.body, details={"base": str(base or "")},
    )  # fmt: skip
    draft.save(force_insert=True)
    kept(draft, 1, text, by)
    return draft


@transaction.atomic
def write(*, draft_id: uuid.UUID | str, text: str, base_revision: int, by: User) -> DraftText:
    """Keep a new text. ``base_revision`` is the one that the writer started from; a newer one is never overwritten."""
    draft = access_draft(by, draft_id, to="write")
    draft.case = Case.objects.select_for_update().get(pk=draft.case_id)
    refuse_wrong_state(draft, "write")
    last, text = draft.text_now, plain(text)
    if last is not None and last.text == text:
        return last
    if last is not None and last.revision != base_revision:
        raise newer(last)
    return kept(draft, last.revision + 1 if last else 1, text, by)


def kept(draft: Draft, revision: int, text: str, by: User) -> DraftText:
    return DraftText.objects.create(
        draft=draft, revision=revision, text=text, saved_by=by.username, saved_by_name=by.name, saved_at=timezone.now()
    )  # fmt: skip


def plain(text: str) -> str:
    """With one kind of line end. Raises :class:`Refusal` for what is too long or cannot be kept."""
    most = settings.MANGROVE_TEXT_LIMIT
    if len(text) > most:
        raise Refusal(
            _("草案有 %(n)s 字，超过上限 %(most)s 字，没有保存。") % {"n": len(text), "most": most}, code="policies.too_long",
            where=_("草案"), remedy=_("请把表格、名录移出正文。"),
        )  # fmt: skip
    if "\0" in text:
        raise Refusal(
            _("草案里有不可见的控制字符，没有保存。"), code="policies.control_characters", where=_("草案"),
            remedy=_("请从纯文本重新粘贴。"),
        )  # fmt: skip
    return text.replace("\r\n", "\n").replace("\r", "\n")


def newer(last: DraftText) -> Refusal:
    return Refusal(
        _("%(name)s在您打开之后又保存了第 %(n)s 稿，您的文字没有覆盖它。") % {"name": last.saved_by_name, "n": last.revision},
        code="policies.newer_text", where=_("草案"),
        remedy=_("您写的文字仍留在页面上。请另开一页打开新的一稿，把您的改动并进去。"),
    )  # fmt: skip
