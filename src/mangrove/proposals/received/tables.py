"""The list of received letters, declared once for page, Excel and print."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.casework.workflow import workflow
from mangrove.proposals.received.models import ReceivedLetter
from mangrove.ui.components import Link, Tag
from mangrove.ui.tables import Column, Table


def letter_link(letter: ReceivedLetter) -> Link:
    return Link(letter.title or letter.name, reverse("proposals:received_letter", args=[letter.pk]))


def state_tag(letter: ReceivedLetter) -> Tag:
    state = workflow(letter.case.workflow).state(letter.case.state)
    return Tag(state.label, "good" if letter.is_filed else "warn")


RECEIVED = Table(
    "received",
    _("来函"),
    [
        Column("mark", _("编号"), sort="id"),
        Column("title", _("标题"), cell=letter_link, sort="title"),
        Column("issuer", _("发文单位"), sort="issuer", absent=_("未认出")),
        Column("dated", _("成文日期"), sort="dated", absent=_("未认出")),
        Column("state", _("状态"), cell=state_tag),
        Column("numbers", _("数字"), numeric=True, sort="numbers"),
        Column("commitments", _("承诺"), numeric=True, sort="commitments"),
        Column("undecided", _("待定"), numeric=True, sort="undecided"),
        Column("read_by_name", _("读入")),
        Column("read_on", _("读入日期"), sort="read_on"),
    ],
    order="-id",
    empty=_("读入第一封来函后，这里列出它的发文单位、日期，和其中的数字、承诺、待定各有几项。"),
)
