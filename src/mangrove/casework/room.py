"""What casework registers with the house: navigation, the inbox, the routes, and the words of its acts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mangrove.casework.access import readable_promises
from mangrove.casework.inbox import inbox
from mangrove.casework.naming import NAMES
from mangrove.casework.promise_workflow import PROMISES
from mangrove.casework.searching import SEARCH
from mangrove.ui.house import NavEntry, Room, once

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
}


def open_promises(user: Any) -> int:
    """How many promises that this user may read are not finished."""
    return once(user, "open_promises", readable_promises(user).filter(case__closed_on=None).count)


ROOM = Room(
    id="casework",
    label=_("办件"),
    prefix="casework",
    urls="mangrove.casework.urls",
    navigation=(
        NavEntry(_("承诺台账"), "casework:promises", "answers", order=20, count=open_promises),
        NavEntry(_("假日表"), "casework:calendar", "foundations", order=40),
    ),
    todos=inbox,
    acts=ACTS,
    names=NAMES,
    search=SEARCH,
)
