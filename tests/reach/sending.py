"""What is sent to each route that acts: the form as its page shows it, and what a person would fill in where that does not do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from browser.scenes import PASSWORD
from mangrove.workbench.reach.declared import Line
from proposals.received.conftest import WATER

from .forms import filled
from .people import browser_of

#: Acts that leave nothing in the house, and why that is right.
WRITES_NOTHING = {
    "figures:check": "looks at a text that was pasted in",
    "workbench:styleguide_draft": "a sample of the interface",
    "workbench:ledger_verify": "looks",
    "workbench:sign_in": "somebody who is signed in goes home",
    "workbench:sign_out": "ends the session",
    "workbench:set_language": "a cookie",
}

#: Acts that no thing of the scene is ready for, and why; that the wrong hands do nothing is tried all the same.
NOT_YET = {
    "proposals:act proposals.reply.close_unrated": "the time to rate has to run out first",
}

Said = Mapping[str, Any]

#: Fields to send besides those of the page, or in place of them.
FIELDS: dict[str, Callable[[Any], Said]] = {
    "figures:check": lambda things: {"text": "全市已建成5G基站4.6万个。", "on": today()},
    "figures:state": lambda things: {
        "definition": "stations_built", "source": "letter", "as_of": "2021-08-30", "amount": "4.95", "unit": "万个",
        "qualifier": "", "note": "",
    },
    "workbench:styleguide_draft": lambda things: {"title": "样例", "draft_revision": "1"},
    "workbench:set_language": lambda things: {"language": "en", "next": "/"},
    "workbench:account": lambda things: {
        "old_password": PASSWORD, "new_password1": "另一个-样例-口令-2026", "new_password2": "另一个-样例-口令-2026",
    },
    "registry:import": lambda things: {"file": a_file("名录.csv", ORGANISATIONS)},
    "registry:import_file": lambda things: {"go": "1"},
    "casework:evidence": lambda things: {"dated": "2021-09-30"},
    "proposals:register": lambda things: {"number": "20219200", "title": "另一件建议（样例）"},
    "proposals:draft": lambda things: {"text": "改过的样例稿。"},
    "proposals:autosave": lambda things: {"text": "改过的样例稿。", "draft_revision": last_revision(things)},
    "proposals:received_read": lambda things: {"text": f"{WATER}\n又及：第三封。"},
    "proposals:received_add": lambda things: {"passage": things.received.text.splitlines()[-3]},
    "proposals:received_confirm": lambda things: {"expected_version": item(things).version},
    "proposals:received_confirm_section": lambda things: {"seen": seen_section(things)},
}  # fmt: skip
ORGANISATIONS = "机构名称,类别,地域,所在区,统一社会信用代码\n甲公司（合成）,企业,本市,,"


def last_revision(things: Any) -> str:
    return str(things.drafting.drafts.order_by("-revision")[0].revision)


def item(things: Any) -> Any:
    return things.received.items.get(number="C01")


def seen_section(things: Any) -> str:
    shown = browser_of("officer_a").get(reverse("proposals:received_letter", args=[things.received.pk]))
    return next(str(one.seen) for one in shown.context["page"].sections if one.kind == "claim")


def today() -> str:
    return timezone.localdate().isoformat()


def a_file(name: str, text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def what_is_sent(line: Line, where: str, able: Client, things: Any) -> dict[str, Any]:
    shown = able.get(where) if line.opens is not None else None
    found = filled(shown.content.decode()) if shown is not None and shown.status_code == 200 else {}
    more = FIELDS.get(line.name, FIELDS.get(line.route))
    return found | dict(more(things) if more else {})
