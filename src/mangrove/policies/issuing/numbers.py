"""One unified number is of one text: who holds it already, in the library or in another draft."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mangrove.ledger.refusals import Refusal
from mangrove.policies.issuing.models import Draft
from mangrove.policies.measures.models import RuleText


def refuse_taken(draft: Draft) -> None:
    """By a version of the library, an earlier one of the same measure too, or by another draft. Raises :class:`Refusal`."""
    number = draft.document_number
    if holder := holder_of(number, draft):
        raise taken(number, holder)


def holder_of(number: str, draft: Draft) -> str:
    """The name of what has the number; empty where nothing has. What comes from the shelf has one without any draft."""
    if not number:
        return ""
    text = RuleText.objects.filter(document_number=number).order_by("rule", "-number").first()
    if text is not None:
        return _("“%(name)s”第 %(n)s 版") % {"name": text.name, "n": text.number}
    other = Draft.objects.filter(document_number=number).exclude(pk=draft.pk).first()
    return _("草案“%(title)s”") % {"title": other.title} if other else ""


def taken(number: str, holder: str) -> Refusal:
    return Refusal(
        _("统一编号“%(number)s”已经给了%(holder)s。") % {"number": number, "holder": holder}, code="policies.number_taken",
        where=_("统一编号"), rule=_("一个编号只编一份文件；同一措施的新一版另编新号"), remedy=_("请核对编号，或请登记编号的机构另给一个。"),
    )  # fmt: skip
