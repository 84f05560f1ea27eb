"""What is sent to each route that acts: the form as its page shows it, and what a person would fill in where that does not do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from browser.casework import firms
from browser.scenes import PASSWORD
from intake import life as applying
from mangrove.workbench.listviews.models import ListView
from mangrove.workbench.reach.declared import Line
from proposals.received.conftest import WATER
from reviews import life as reviewing

from .forms import filled
from .people import ELSEWHERE, browser_of

#: Acts that leave nothing in the house, and why that is right.
WRITES_NOTHING = {
    "figures:check": "looks at a text that was pasted in",
    "workbench:styleguide_draft": "a sample of the interface",
    "workbench:ledger_verify": "looks",
    "workbench:sign_in": "somebody who is signed in goes home",
    "workbench:sign_out": "ends the session",
    "workbench:set_language": "a cookie",
    "workbench:second_step": "somebody who is signed in already is sent to the sign-in page",
    "workbench:end_sign_in": "ends the other sign-ins, and nobody of the scene is signed in twice",
    "reviews:agree": "the experts of the scene have agreed already; again changes nothing",
}

#: Pages that note that somebody looked, and why that is right.
WRITES_ON_SIGHT = {
    "casework:message": "who opens a message has read it",
    "workbench:factor": "the secret that the page shows is drawn and kept, of no use until a code confirms it",
}

#: Acts that no thing of the scene is ready for, and why; that the wrong hands do nothing is tried all the same.
NOT_YET = {
    "proposals:act proposals.reply.close_unrated": "the time to rate has to run out first",
    "policies:plan_step policies.plan.take_out": "something raised about a line has to be upheld first",
    "casework:notice_act casework.notice.close_clear": "the period has to run out first",
    "casework:notice_act casework.notice.close_answered": "the period has to run out first",
    "intake:lapse": "the time to mend has to run out first",
    "workbench:factor": "wants a code of one's own telephone: tests/workbench/test_second_factor.py",
}

Said = Mapping[str, Any]
#: A list of expenses as it can be read in.
COSTS = "费用内容,申报金额（元）\n交换机（样例）,11300\n"

#: Fields to send besides those of the page, or in place of them.
FIELDS: dict[str, Callable[[Any], Said]] = {
    "figures:check": lambda things: {"text": "全市已建成5G基站4.6万个。", "on": today()},
    "figures:state": lambda things: {
        "definition": "stations_built", "source": "letter", "as_of": "2021-08-30", "amount": "4.95", "unit": "万个",
        "qualifier": "", "note": "",
    },
    "workbench:styleguide_draft": lambda things: {"title": "样例", "draft_revision": "1"},
    "workbench:view_new": lambda things: {"name": "样例视图", "into": "", "shared": ""},
    "workbench:view_delete": lambda things: {"version": ListView.objects.get(pk=things.list_view.pk).version},
    "policies:scenario_delete": lambda things: {"version": things.scenario.version},
    "workbench:set_language": lambda things: {"language": "en", "next": "/"},
    "workbench:account": lambda things: {
        "old_password": PASSWORD, "new_password1": "另一个-样例-口令-2026", "new_password2": "另一个-样例-口令-2026",
    },
    "registry:import": lambda things: {"file": a_file("名录.csv", ORGANISATIONS)},
    "registry:import_file": lambda things: {"go": "1"},
    "policies:check": lambda things: {"passed": "1", "opinion": "符合（样例）"},
    "policies:open_review": lambda things: {"due_on": later()},
    "policies:judge": lambda things: {"said": "是", "reason": "现场看过（样例）"},
    "policies:offer_answer confirm": lambda things: {"agreed": "on"},
    "policies:plan_new": lambda things: {
        "title": "样例计划（合成）", "schemes_": ["testbed"], "pot_2": "", "pays_2": [], "pot_3": "", "pays_3": [],
    },
    "policies:scheme_open": lambda things: {
        "id": "reach-testbed", "eligible": "", "opens_at": f"{today()}T08:00", "closes_at": f"{later()}T18:00",
    },
    "policies:performance_step policies.performance.report": lambda things: {"amount_1": "190", "until": today(), "file": ""},
    "policies:performance_step policies.performance.enter": lambda things: {"amount_1": "190", "until": today(), "file": ""},
    "policies:expenses": lambda things: {"file": a_file("更正.csv", COSTS), "why": "按票面更正（样例）"},
    "policies:audit_conclude": lambda things: {"passed": "no", "opinion": "有一行缺审计金额（样例）"},
    "casework:evidence": lambda things: {"dated": "2021-09-30"},
    "casework:notice_new": lambda things: {"lines": f"{firms()[0].name}｜拟资助 1 万元"},
    "casework:grievance_scan_add": lambda things: {"file": SimpleUploadedFile("扫描.pdf", applying.PDF + b"%3\n")},
    "casework:grievance_new": lambda things: {"organisation": "", "against_unit": "", "why": ""},
    "casework:verification_new": lambda things: {
        "department": ELSEWHERE, "unit": "", "kind": "other", "values": "样例项目丁（合成）", "keep_until": later(),
    },
    "casework:verification_act withdraw": lambda things: {"why": "不再需要。"},
    "casework:meeting_new": lambda things: {"decisions": "拟资助计划｜原则同意。", "held_on": today()},
    "casework:meeting_act casework.meeting.confirm": lambda things: {"file": a_file("纪要.txt", "会议纪要（样例）")},
    "funding:open_pot": lambda things: {"code": "reach-pot", "budget_year": "2026"},
    "funding:pot_act add_to_pot": lambda things: {"amount": "1"},
    "funding:pot_act correct_pot": lambda things: {"name": "改过名称的资金池（合成）"},
    "funding:decide": lambda things: {"pot": things.money.pot.pk},
    "funding:award_act prepare": lambda things: {"account": "6222000099", "amount": "1"},
    "funding:award_act reduce": lambda things: {"amount": "1000000"},
    "intake:open_new": lambda things: {
        "id": "reach-new", "eligible": "", "opens_at": f"{today()}T08:00", "closes_at": f"{later()}T18:00",
    },
    "intake:extend": lambda things: {"closes_at": f"{later()}T18:00"},
    "intake:start": lambda things: {"slot": "1"},
    "intake:autosave": lambda things: {"summary": "改过的概述。", "draft_revision": sheet_revision(things)},
    "intake:section": lambda things: {"summary": "改过的概述。", "draft_revision": sheet_revision(things)},
    "intake:both": lambda things: {"summary": "两份合成的概述。", "seen": sheet_revision(things)},
    "intake:upload": lambda things: {"file": SimpleUploadedFile("证书二.pdf", applying.PDF + b"%2\n")},
    "intake:check": lambda things: {"outcome": "return"},
    "intake:take": lambda things: {"version": applying.case(things.intake.waiting).version},
    "policies:draft_autosave": lambda things: {"text": "measure: 改过的样例\n", "draft_revision": "1"},
    "policies:draft_new": lambda things: {"text": "", "base": ""},
    "policies:draft_write": lambda things: {"text": "measure: 改过的样例\n", "draft_revision": "1"},
    "policies:opinion_send": lambda things: {"text": "再写清楚一些（样例）"},
    "policies:opinion_new": lambda things: {"unit": "财务处", "nothing": "", "text": "另一条意见（样例）"},
    "policies:draft_act policies.draft.circulate": lambda things: {"until": ""},
    "policies:draft_act policies.draft.find_lawful": lambda things: {"outcome": "lawful"},
    "policies:draft_act policies.draft.send_back": lambda things: {"outcome": "back"},
    "policies:draft_act policies.draft.clear": lambda things: {"outcome": "free"},
    "reviews:admit": lambda things: {"username": "expert.house", "active_until": ""},
    "reviews:draw": lambda things: {"load_at_most": ""},
    "reviews:open": lambda things: {"due_on": later()},
    "reviews:add_item": lambda things: {
        "number": "reach-1", "title": "另一件", "blind_title": "另一件", "text": reviewing.TEXT, "set_aside": "",
        "parties": reviewing.applicant(9).name,
    },
    "reviews:add_file": lambda things: {"file": a_file("报告.txt", "第三方测试报告（合成）")},
    "reviews:oversee reopen": lambda things: {"due_on": later()},
    "reviews:autosave": lambda things: {"comment": "改过的意见。", "draft_revision": "1"},
    "registry:double": lambda things: {"kept": things.double.kept},
    "registry:merge": lambda things: {"decision": "confirm"},
    "registry:account_open": lambda things: {"username": "reach_new", "organisation": ""},
    "registry:account_change": lambda things: {"decision": "confirm"},
    "workbench:end_sign_in": lambda things: {"which": "others"},
    "proposals:office": lambda things: {"file": SimpleUploadedFile("盖章.pdf", applying.PDF)},
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


def sheet_revision(things: Any) -> str:
    return str(things.intake.draft.sheets.get(section="project").revision)


def later() -> str:
    return (timezone.localdate() + timedelta(days=20)).isoformat()


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
