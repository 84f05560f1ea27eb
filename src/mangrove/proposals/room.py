"""What this room registers with the house."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.casework.access import readable_promises
from mangrove.casework.promise_counts import counts
from mangrove.proposals import format_words  # noqa: F401 -- makes its words known
from mangrove.proposals.access import visible_proposals
from mangrove.proposals.naming import NAMES
from mangrove.proposals.received import sentences  # noqa: F401 -- makes its sentences known
from mangrove.proposals.received.access import may_look
from mangrove.proposals.received.waiting import undecided_letters
from mangrove.proposals.searching import SEARCH
from mangrove.proposals.waiting import waiting
from mangrove.registry.roles import HOUSE
from mangrove.ui.house import NavEntry, Room, Tile, once


def proposals_count(user: Any) -> int:
    """How many proposals that this user may read are not closed."""
    return once(user, "proposals_count", visible_proposals(user).filter(case__closed_on=None).count)


def tile(user: Any) -> dict[str, Any]:
    """建议与承诺: how many promises stand that this person may read, and what they lack."""
    promises = counts(readable_promises(user))
    lacking = promises.without_owner
    standing = gettext("未定责任 %(n)s") % {"n": lacking} if lacking else gettext("责任已明")
    return {
        "value": promises.total,
        "unit": gettext("项承诺"),
        "status": standing if promises.total else "",
        "tone": "warn" if lacking else "good",
        "notes": [
            gettext("未定责任人 %(a)s · 未定时限 %(b)s · 未定衡量 %(c)s")
            % {"a": promises.without_owner, "b": promises.without_date, "c": promises.without_measure},
            gettext("在办建议 %(n)s 件") % {"n": proposals_count(user)},
        ],
        "url": reverse("casework:promises"),
    }


def letter_address(id: str) -> str:
    return reverse("proposals:signed_pdf", args=[id])


ROOM = Room(
    id="proposals",
    label=_("建议提案"),
    prefix="proposals",
    urls="mangrove.proposals.urls",
    navigation=(
        NavEntry(
            _("建议提案"),
            "proposals:list",
            "answers",
            order=10,
            count=proposals_count,
            roles=(*HOUSE, "deputy"),
        ),
        NavEntry(
            _("来函阅读"),
            "proposals:received",
            "answers",
            order=20,
            count=undecided_letters,
            visible=may_look,
        ),
        NavEntry(_("来函对照"), "proposals:map", "answers", order=30, roles=(*HOUSE, "deputy")),
    ),
    todos=waiting,
    tiles=(Tile(_("建议与承诺"), 80, tile, line="proposals"),),
    addresses={"signed_letter": letter_address},
    hangs={
        "proposals.receivedletter.organisation": _("来函"),
        "proposals.reply.organisation": _("建议答复"),
    },
    names=NAMES,
    search=SEARCH,
    keeps={"proposal": "proposals:list"},
    acts={
        "proposals.proposal.open": _("登记建议"),
        "proposals.proposal.hand_over": _("交办"),
        "proposals.proposal.unit_returned": _("单位退回"),
        "proposals.proposal.keep_units": _("不再另行交办"),
        "proposals.proposal.close": _("办结"),
        "proposals.proposal.withdraw": _("撤销登记"),
        "proposals.reply.open": _("立件"),
        "proposals.reply.accept": _("签收"),
        "proposals.reply.return_to_office": _("退回交办机关"),
        "proposals.reply.submit": _("送核稿"),
        "proposals.reply.send_back": _("退回修改"),
        "proposals.reply.pass_review": _("核稿通过"),
        "proposals.reply.decline": _("不予签发"),
        "proposals.reply.sign": _("签发"),
        "proposals.reply.recall": _("撤回复审"),
        "proposals.reply.number": _("编号"),
        "proposals.reply.deliver": _("送达"),
        "proposals.reply.rate": _("评价"),
        "proposals.reply.close_unrated": _("未反馈办结"),
        "proposals.reply.redo": _("再次办理"),
        "proposals.reply.close": _("办结"),
        "proposals.opinion.open": _("立件"),
        "proposals.opinion.accept": _("签收"),
        "proposals.opinion.return_to_office": _("退回交办机关"),
        "proposals.opinion.give_opinion": _("提出会办意见"),
        "proposals.contact_deputy": _("联系代表"),
        "proposals.set_particulars": _("函件要素"),
        "proposals.difference": _("数字有变"),
        "proposals.office_out": _("送办公系统"),
        "proposals.office_back": _("收回盖章文件"),
        "proposals.seal_out": _("放入用印文件夹"),
        "proposals.seal_back": _("从用印文件夹收回"),
        "proposals.received.open": _("读入来函"),
        "proposals.received.file": _("归档"),
        "proposals.received.reopen": _("重新打开"),
        "proposals.received_confirm": _("确认所读"),
        "proposals.received_correct": _("改正所读"),
        "proposals.received_dismiss": _("否定所读"),
        "proposals.received_add": _("补上漏读"),
    },
)
