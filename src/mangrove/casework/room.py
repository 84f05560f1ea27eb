"""What casework registers with the house: navigation, the inbox, the routes, and the words of its acts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mangrove.casework.access import readable_promises, reads_all, takes_part
from mangrove.casework.delegations.access import sees_delegations
from mangrove.casework.grievances.workflow import FLOWS
from mangrove.casework.inbox import inbox
from mangrove.casework.meetings.workflow import MEETING
from mangrove.casework.messages.access import unread
from mangrove.casework.naming import ADDRESSES, NAMES
from mangrove.casework.notices.workflow import NOTICE
from mangrove.casework.promise_workflow import PROMISES
from mangrove.casework.requests.workflow import OFFICER, VERIFICATION
from mangrove.casework.searching import SEARCH
from mangrove.registry.roles import HOUSE, SUPPORTED
from mangrove.ui.house import NavEntry, Room, once

#: The tables whose steps are said in their own words.
FLOWED = (NOTICE, *FLOWS.values(), VERIFICATION, MEETING)

ACTS = {
    "casework.reassign": _("改派"),
    "casework.attach": _("上传附件"),
    "casework.start_clock": _("起算时限"),
    "casework.stop_clock": _("停表"),
    "casework.restart_clock": _("恢复计时"),
    "casework.extend_clock": _("延期"),
    "casework.meet_clock": _("时限办结"),
    "casework.recompute_clock": _("重算时限"),
    "casework.load_calendar": _("装入假日表"),
    "casework.set_day": _("修改假日表"),
    "casework.settle_promise": _("落实承诺"),
    "casework.restate_promise": _("重申承诺"),
    "casework.add_evidence": _("登记证据"),
    f"{PROMISES.id}.open": _("登记承诺"),
    **{f"{PROMISES.id}.{step.act}": step.label for step in PROMISES.steps},
    "casework.remind": _("提醒"),
    "casework.add_scan": _("附扫描件"),
    f"{NOTICE.id}.open": _("拟公示"),
    **{f"{flow.id}.{step.act}": step.label for flow in FLOWED for step in flow.steps},
    "casework.objection.open": _("登记异议"),
    "casework.complaint.open": _("登记投诉"),
    "casework.report.open": _("登记举报"),
    f"{VERIFICATION.id}.open": _("提出核验请求"),
    "casework.clear_verification": _("到期清除核验内容"),
    "casework.purge_sender": _("到期清除反映人信息"),
    f"{MEETING.id}.open": _("登记会议决定"),
    "casework.delegate": _("授权他人代签"),
    "casework.revoke_delegation": _("撤销授权"),
}


def open_promises(user: Any) -> int:
    """How many promises that this user may read are not finished."""
    return once(user, "open_promises", readable_promises(user).filter(case__closed_on=None).count)


def sees_verifications(user: Any) -> bool:
    return bool(user.has_role(*OFFICER))


def sees_meetings(user: Any) -> bool:
    return reads_all(user, MEETING) or takes_part(user, MEETING)


ROOM = Room(
    id="casework",
    label=_("办件"),
    prefix="casework",
    urls="mangrove.casework.urls",
    navigation=(
        NavEntry(
            _("承诺台账"),
            "casework:promises",
            "answers",
            order=20,
            count=open_promises,
            roles=(*HOUSE, "deputy"),
        ),
        NavEntry(_("假日表"), "casework:calendar", "foundations", order=40, roles=(*HOUSE, "sysadmin")),
        NavEntry(_("消息"), "casework:messages", "workbench", order=30, count=unread),
        NavEntry(_("公示"), "casework:notices", "oversight", order=50, roles=SUPPORTED),
        NavEntry(_("异议、投诉和举报"), "casework:grievances", "oversight", order=51, roles=SUPPORTED),
        NavEntry(_("核验请求"), "casework:verifications", "oversight", order=52, visible=sees_verifications),
        NavEntry(_("会议决定"), "casework:meetings", "oversight", order=53, visible=sees_meetings),
        NavEntry(_("代签授权"), "casework:delegations", "answers", order=54, visible=sees_delegations),
    ),
    todos=inbox,
    keeps={"promise": "casework:promises"},
    acts=ACTS,
    hangs={
        "casework.case.organisation": _("办件"),
        "casework.noticeitem.applicant": _("公示事项"),
        "casework.verification.asker": _("提出的核验请求"),
    },
    names=NAMES,
    addresses=ADDRESSES,
    search=SEARCH,
)
