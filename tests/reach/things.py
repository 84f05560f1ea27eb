"""What each route's address names: the same scene that the browser tests look at, and what of it each act is tried on.

A route that ``test_every_page.VISITS`` opens is found there. What it does not open, and each act of a route that serves
several, has a line here. A path into the scene (``promise.pk``), or with ``=`` a plain word, as in ``VISITS``.
"""

from __future__ import annotations

import io
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.urls import resolve, reverse
from django.utils import timezone

from browser.casework import firms
from browser.scenes import set_the_scene, small_reply, with_evidence
from browser.test_every_page import REFUSED, VISITS, argument
from intake import life as applying
from mangrove.casework.grievances import actions as grievances
from mangrove.casework.grievances.actions import From
from mangrove.casework.models import Attachment, Message, Promise
from mangrove.casework.notices import actions as notices
from mangrove.casework.notices.actions import Line as NoticeLine
from mangrove.casework.promises import advance
from mangrove.casework.requests import actions as requests
from mangrove.casework.requests.admission import Asked
from mangrove.casework.rules import rules
from mangrove.funding.actions import approve, decide, open_pot
from mangrove.funding.models import PaymentOrder, PaymentRun
from mangrove.intake.models import Application, FormVersion
from mangrove.jobs import worker
from mangrove.ledger.refs import Ref
from mangrove.likeness import looking
from mangrove.likeness.models import Pair
from mangrove.proposals import actions
from mangrove.proposals.models import ReceivedLetter, SignedLetter
from mangrove.proposals.received.intake import read_in
from mangrove.registry.models import Organisation, SecondFactor, User
from mangrove.reviews.models import Round
from mangrove.workbench.reach.declared import Line
from proposals import life
from proposals.received.conftest import WATER, file, settle_all
from reviews import life as reviewing

from .people import HOME, browser_of

NAMES = {
    "policies:sandbox_export": "=small_testbed =1 =clauses",
    "policies:scenario_delete": "scenario.pk",
    "policies:scenario_begin": "scenario.pk",
    "policies:scenario_draft_file": "scenario.pk",
    "casework:attachment": "attachment",
    "figures:records_export": "records",
    "jobs:job": "ready_file.uid",
    "jobs:state": "running.uid",
    "jobs:cancel": "running.uid",
    "proposals:reply": "delivered.pk",
    "proposals:proposal": "delivered.proposal_id",
    "proposals:autosave": "drafting.pk",
    "proposals:preview": "drafting.pk",
    "proposals:pdf": "delivered.pk",
    "proposals:picture": "delivered.pk",
    "proposals:docx": "delivered.pk",
    "proposals:conformity": "delivered.pk",
    "proposals:signed_pdf": "letter",
    "proposals:difference": "difference.pk",
    "proposals:received_reopen": "filed.pk",
    "proposals:received_file": "settled.pk",
    "registry:import_file": "=organisations ready_file.uid",
    "registry:import_template": "=organisations",
    "registry:records_export": "=firm_year",
    "proposals:received_confirm": "received.pk =C01",
    "proposals:received_confirm_section": "received.pk =claim",
    "casework:promise_act casework.promises.set_back": "substantial.pk =set_back",
    "proposals:proposal_act proposals.proposal.hand_over": "unhanded =hand_over",
    "proposals:proposal_act proposals.proposal.withdraw": "unhanded =withdraw",
    "proposals:proposal_act proposals.proposal.unit_returned": "given_back =unit_returned",
    "proposals:proposal_act proposals.proposal.keep_units": "given_back =keep_units",
    "proposals:proposal_act proposals.proposal.close": "closed.proposal_id =close",
    "proposals:act proposals.reply.accept": "handed.pk =accept",
    "proposals:act proposals.reply.return_to_office": "handed.pk =return_to_office",
    "proposals:act proposals.reply.submit": "ready.pk =submit",
    "proposals:act proposals.reply.send_back": "in_review.pk =send_back",
    "proposals:act proposals.reply.pass_review": "in_review.pk =pass_review",
    "proposals:act proposals.reply.decline": "to_sign.pk =decline",
    "proposals:act proposals.reply.sign": "to_sign.pk =sign",
    "proposals:act proposals.reply.recall": "signed.pk =recall",
    "proposals:act proposals.reply.number": "signed.pk =number",
    "proposals:act proposals.reply.deliver": "numbered.pk =deliver",
    "proposals:act proposals.reply.rate": "delivered.pk =rate",
    "proposals:act proposals.reply.close_unrated": "delivered.pk =close_unrated",
    "proposals:act proposals.reply.redo": "dissatisfied.pk =redo",
    "proposals:act proposals.reply.close": "rated.pk =close",
    "proposals:act proposals.opinion.accept": "opinion.pk =accept",
    "proposals:act proposals.opinion.return_to_office": "opinion.pk =return_to_office",
    "proposals:act proposals.opinion.give_opinion": "preparing.pk =give_opinion",
    "proposals:office": "signed.pk",
    "proposals:office_package": "signed.pk",
    "proposals:seal_out": "numbered.pk",
    "casework:message": "own_message",
    "casework:verification": "asked.pk",
    "casework:verification_items": "asked.pk",
    "casework:verification_act answer": "asked.pk =answer",
    "casework:verification_act give_back": "asked.pk =give_back",
    "casework:verification_act withdraw": "verification.pk =withdraw",
    "casework:notice_act casework.notice.publish": "prepared_notice.pk =publish",
    "casework:notice_act casework.notice.reopen": "closed_notice.pk =reopen",
    "casework:grievance_scan": "objection.pk objection_scan",
    "casework:grievance_act casework.objection.accept": "new_objection.pk =accept",
    "casework:grievance_act casework.objection.decline": "new_objection.pk =decline",
    "casework:grievance_act casework.objection.answer": "objection.pk =answer",
    "casework:grievance_act casework.objection.take_back": "objection.pk =take_back",
    "casework:grievance_act casework.complaint.accept": "new_complaint.pk =accept",
    "casework:grievance_act casework.complaint.decline": "new_complaint.pk =decline",
    "casework:grievance_act casework.complaint.answer": "complaint.pk =answer",
    "casework:grievance_act casework.complaint.take_back": "complaint.pk =take_back",
    "casework:grievance_act casework.report.accept": "new_report.pk =accept",
    "casework:grievance_act casework.report.decline": "new_report.pk =decline",
    "casework:grievance_act casework.report.answer": "report.pk =answer",
    "casework:grievance_act casework.report.take_back": "report.pk =take_back",
    "funding:run_file": "money.sent_run.uid",
    "policies:audit_export": "claims.claim.pk",
    "policies:plan_export": "policies.announced.pk",
    "policies:claim_step policies.claim.finish": "policies.checked.pk =finish",
    "policies:claim_step policies.claim.recheck": "policies.ready.pk =recheck",
    "policies:claim_step policies.claim.refuse": "policies.checking.pk =refuse",
    "policies:claim_step policies.claim.withdraw": "policies.checking.pk =withdraw",
    "policies:plan_step policies.plan.compute": "policies.drafting.pk =compute",
    "policies:plan_step policies.plan.announce": "policies.computed.pk =announce",
    "policies:plan_step policies.plan.approve": "policies.announced.pk =approve",
    "policies:plan_step policies.plan.take_out": "policies.announced.pk =take_out",
    "policies:plan_step policies.plan.return": "policies.computed.pk =return",
    "policies:plan_step policies.plan.drop": "policies.drafting.pk =drop",
    "policies:performance": "policies.confirmed.pk",
    "policies:performance_step policies.performance.report": "policies.due.pk =report",
    "policies:performance_step policies.performance.enter": "policies.due.pk =enter",
    "policies:performance_step policies.performance.confirm": "policies.reported.pk =confirm",
    "policies:performance_step policies.performance.return": "policies.reported.pk =return",
    "policies:performance_step policies.performance.reopen": "policies.confirmed.pk =reopen",
    "policies:offer_answer confirm": "policies.offer.pk =confirm",
    "policies:offer_answer decline": "policies.offer.pk =decline",
    "funding:pot_act withdraw_pot": "money.spare_pot.code =withdraw_pot",
    "funding:award_act recover": "money.paid_order.award.uid =recover",
    "funding:award_act confirm": "money.by_hand.uid =confirm",
    "funding:order_act take_out": "money.in_run.number =take_out",
    "funding:order_act receive": "money.paid_order.number =receive",
    "funding:order_act transfer": "money.paid_order.number =transfer",
    "intake:extend": "intake.window",
    "intake:start": "intake.window",
    "intake:submit": "intake.whole.pk",
    "intake:receipt": "intake.receipt.pk",
    "intake:receipt_file": "intake.receipt.pk",
    "intake:autosave": "intake.draft.pk =project",
    "intake:upload": "intake.draft.pk =licence",
    "intake:remove_paper": "intake.draft_paper",
    "intake:paper": "intake.kept_paper",
    "intake:take": "intake.waiting.pk",
    "intake:application": "intake.waiting.pk",
    "registry:account_reset_factor": "with_factor.pk",
    "reviews:assign": "reviews.undrawn.pk",
    "reviews:draw": "reviews.undrawn.pk",
    "reviews:export": "reviews.scoring.pk",
    "reviews:marks_export": "reviews.scoring.pk",
    "reviews:progress_export": "reviews.scoring.pk",
    "reviews:round_act reviews.round.start": "reviews.preparing.pk =start",
    "reviews:round_act reviews.round.drop": "reviews.preparing.pk =drop",
    "reviews:round_act reviews.round.close": "reviews.ready.pk =close",
    "reviews:round_act reviews.round.release": "reviews.closed.pk =release",
    "reviews:oversee recuse": "reviews.submitted.pk =recuse",
    "reviews:oversee reopen": "reviews.submitted.pk =reopen",
    "reviews:assignment": "reviews.marking.pk",
    "reviews:declare": "reviews.to_declare.pk",
    "workbench:view_delete": "list_view.pk",
    "reviews:autosave": "reviews.marking.pk",
    "reviews:file": "reviews.marking.pk =1",
    "policies:draft": "making.seeking.pk",
    "policies:draft_autosave": "making.drafting.pk",
    "policies:draft_problems": "making.drafting.pk",
    "policies:measure": "=ending_measure =1",
    "policies:draft_act policies.draft.circulate": "making.settled.pk =circulate",
    "policies:draft_act policies.draft.settle": "making.heard.pk =settle",
    "policies:draft_act policies.draft.submit": "making.settled.pk =submit",
    "policies:draft_act policies.draft.clear": "making.competing.pk =clear",
    "policies:draft_act policies.draft.find_lawful": "making.legal.pk =find_lawful",
    "policies:draft_act policies.draft.send_back": "making.competing.pk =send_back",
    "policies:draft_act policies.draft.decide": "making.meeting.pk =decide",
    "policies:draft_act policies.draft.number": "making.numbering.pk =number",
    "policies:draft_act policies.draft.publish": "making.signing.pk =publish",
    "policies:draft_act policies.draft.explain": "making.published.pk =explain",
    "policies:draft_act policies.draft.hand_back": "making.signing.pk =hand_back",
    "policies:draft_act policies.draft.rework": "making.signing.pk =rework",
    "policies:draft_act policies.draft.drop": "making.seeking.pk =drop",
}


#: What a page is asked with besides its address.
QUERIES = {
    "casework:grievance_new": "?kind=complaint&notice={scene.notice.pk}",
    "funding:decide": "?pot=sample-2026",
    "workbench:view_new": "?list=proposals:list",
    "reviews:assign": "?item={scene.reviews.undrawn_item.pk}&expert={scene.reviews.expert.pk}",
}


def set_the_things(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The scene, and a reply or a promise in each further state from which an act starts."""
    scene = set_the_scene(monkeypatch)
    made = SimpleNamespace(**vars(scene))
    made.handed = small_reply("20219101", "handed")
    made.ready = ready_for_review(small_reply("20219102", "drafting"))
    made.opinion = life.hand_over(life.register("20219103", title="样例", lead_deputy="张天瑜"), part="会办")
    made.preparing = life.hand_over(
        life.register("20219104", title="样例", lead_deputy="张天瑜"), part="会办"
    )
    life.step(made.preparing, "accept", "officer")
    made.given_back = given_back("20219105")
    made.substantial = far_on(Promise.objects.filter(case__parent__reply="20210615-1").order_by("number")[1])
    made.settled = settled_letter("settled")
    made.filed = filed_letter()
    made.closed = small_reply("20219106", "closed")
    made.dissatisfied = dissatisfied("20219107")
    made.attachment = Attachment.objects.filter(case=scene.promise.case).latest("id").pk
    made.letter = SignedLetter.objects.get(reply=scene.delivered).pk
    more_of_casework(made)
    made.money.spare_pot = open_pot(
        code="spare-2026", name="登记错的资金（合成）", organisation=made.money.pot.organisation, budget_year=2026, amount=1_00,
        document_number="样例财〔2026〕2号", by=who("payer_a").actor, on=life.today(), synthetic=True,
    )  # fmt: skip
    made.money.by_hand = decide(
        pot=made.money.pot, recipient=made.money.award.recipient, programme="样例措施", subject=Ref("funding", "paper", "reach"),
        title="计划外的决定（合成）", amount=1_00, basis="样例会议纪要〔2026〕99号", by=who("payer_a").actor, on=life.today(), synthetic=True,
        by_hand=True,
    )  # fmt: skip
    made.money.sent_run = PaymentRun.objects.exclude(sha256="").latest("pk")
    unsent = PaymentOrder.objects.filter(state="prepared").exclude(pk=made.money.order.pk).first()
    approve(order=unsent, expected_version=unsent.version, by=who("payer_b").actor, on=life.today())
    made.money.in_run = PaymentOrder.objects.filter(run=made.money.waiting_run).first()
    made.intake = applications()
    made.alike = alike(made.intake)
    made.reviews = reviews(scene)
    made.with_factor = who("liaison_a")
    SecondFactor.objects.create(user=made.with_factor, salt="00", confirmed_at=timezone.now())
    return made


def who(username: str) -> User:
    return User.objects.get(username=username)


def more_of_casework(made: SimpleNamespace) -> None:
    """A request to the officer's own unit, what a person of the scene reads, and a grievance in each state."""
    made.asked = requests.ask(
        by=who("officer_b"), on=life.today(), department=Organisation.objects.get(pk=HOME), unit="应用处",
        purpose="核对资助资格（样例）", basis="资助资金管理办法（样例）", question="有无重复申报",
        items=[Asked("other", "样例项目丙（合成）")], keep_until=life.today() + timedelta(days=30),
    )  # fmt: skip
    made.objection_scan = made.objection.scans.get().pk
    made.own_message = Message.objects.filter(to=who("officer_a")).latest("id").pk
    made.prepared_notice = notices.prepare(
        by=who("officer_a"), on=life.today(), title="另一份公示（样例，合成）", objection_unit="政策法规处", body="样例",
        lines=[NoticeLine(firm.ref, firm.name, "拟资助 1 万元", firm, firm.name_en) for firm in firms()[:1]],
    )  # fmt: skip
    made.closed_notice = closed_notice()
    made.new_objection = lodged("objection", "objection_a", notice=made.notice)
    made.new_complaint, made.new_report = (lodged(kind, "complaint_a") for kind in ("complaint", "report"))
    made.complaint, made.report = (lodged(kind, "complaint_a") for kind in ("complaint", "report"))
    for one in (made.complaint, made.report):
        grievances.accept(
            by=who("complaint_a"), on=life.today(), id=one.pk, expected_version=one.case.version
        )


def closed_notice() -> Any:
    """Published long ago and closed when its period was over."""
    long_ago, told = life.today() - timedelta(days=60), {"why": "样例补录"}
    made = notices.prepare(
        by=who("officer_a"), on=long_ago, title="办结了的公示（样例，合成）", objection_unit="政策法规处", body="样例",
        lines=[NoticeLine(firm.ref, firm.name, "拟资助 1 万元", firm, firm.name_en) for firm in firms()[:1]], **told,
    )  # fmt: skip
    notices.publish(by=who("director"), on=long_ago, id=made.pk, expected_version=made.case.version, **told)
    made.case.refresh_from_db()
    notices.end(
        by=who("officer_a"),
        on=life.today(),
        id=made.pk,
        act="close_clear",
        expected_version=made.case.version,
    )
    return made


def lodged(kind: str, by: str, notice: Any = None) -> Any:
    """Entered by the office that handles it."""
    item = notice.items.order_by("number")[1] if notice else None
    applicant = item.applicant if item else firms()[0]
    return grievances.lodge(
        kind=kind, by=who(by), on=life.today(), content="请核查（样例）。", notice=notice, item=item,
        sender=From("项目负责人（样例）", applicant, "0755-00000000", "样例地址", "递交人（样例）"),
        papers=[paper.id for paper in rules().grievance(kind).papers], **({} if item else {"against": "样例项目（合成）"}),
    )  # fmt: skip


def applications() -> SimpleNamespace:
    """The scene's applications again, all of one firm and handed in to the unit that the officer belongs to."""
    bureau, form = Organisation.objects.get(pk=HOME), FormVersion.objects.get(form="sample")

    def window(state: str) -> str:
        told = {"id": f"reach-{state}", "form": form, "office": bureau, "title": f"样例申报 {state}（合成）"}
        return str(applying.window(**told).pk)

    made = SimpleNamespace(window=window("open"))
    made.draft = applying.filled("a1", window("draft"))
    base = made.draft.sheets.get(section="project").revision
    made.beside = applying.write(
        made.draft, "project", {"summary": "总装线上的一张专网。"}, "a2", base
    ).revision
    made.whole = applying.filled("a1", window("whole"))
    made.waiting = applying.lead_to("submitted", "a1", window("waiting"))
    made.receipt = made.waiting.submissions.get()
    made.checking = applying.take(applying.lead_to("submitted", "a1", window("checking")), "officer_a")
    made.returned, back = (sent_back(window(state)) for state in ("returned", "again"))
    applying.write(back, "project", {"summary": "用在冲压车间，连接四十台机床。"})
    applying.submit(back)
    worker.work(until_idle=True)
    made.again = back.submissions.get(round=2)
    made.kept_paper = made.waiting.papers.get().pk
    made.draft_paper = made.draft.papers.get().pk
    return made


def alike(intake: SimpleNamespace) -> Pair:
    """Two of those, which say the same word for word."""
    looking.ask()
    worker.work(until_idle=True)
    ids = [str(intake.waiting.pk), str(intake.checking.pk)]
    return Pair.objects.get(corpus="intake.application", first__in=ids, second__in=ids)


def sent_back(window: str) -> Application:
    found = applying.take(applying.lead_to("submitted", "a1", window), "officer_a")
    applying.decide(found, "return", applying.FAULT, by="officer_a")
    return applying.again(found)


def reviews(scene: Any) -> SimpleNamespace:
    """The scene's, with the comments released to the firm that applies here too, and a round in each further state."""
    found = {name: getattr(scene.reviews, name) for name in (*vars(scene.reviews), "choice")}
    made = SimpleNamespace(**found)
    made.released_item.parties.add(who("a1").organisation)
    made.ready, made.closed = reviewed_round("第三批（合成）"), reviewed_round("第四批（合成）")
    reviewing.step(made.closed, "close")
    made.undrawn = reviewing.started(title="第五批（合成）")
    made.undrawn_item = made.undrawn.items.get()
    return made


def reviewed_round(title: str) -> Round:
    """A round of one item, of which as many experts as the rules want have said what they think."""
    found = reviewing.started(title=title)
    for one in reviewing.assign(found, [reviewing.admit(n) for n in (1, 2, 3)]):
        reviewing.reviewed(one)
    return found


def ready_for_review(reply: Any) -> Any:
    life.contact(reply)
    life.particulars(reply)
    life.write(reply)
    return reply


def far_on(promise: Promise) -> Promise:
    """A promise of which something was done."""
    officer = life.who("officer")
    promise = with_evidence(promise)
    promise.case.refresh_from_db()
    advance(
        promise.pk, "report_substantial", evidence=list(promise.evidence.all()), by=officer.actor, roles=officer.roles,
        on=life.today(), expected_version=promise.case.version,
    )  # fmt: skip
    return promise


def dissatisfied(number: str) -> Any:
    reply = small_reply(number, "delivered")
    life.rate(reply, result="不满意", reason="没有时限。")
    return reply


def settled_letter(name: str) -> ReceivedLetter:
    """A letter of which everything doubtful is decided."""
    text = f"{WATER}\n又及：{name}。".encode()
    read = read_in(
        by=life.who("officer"), on=life.today(), content=io.BytesIO(text), name=f"{name}.txt"
    ).letter
    settle_all(browser_of("officer_a"), read)
    return read


def filed_letter() -> ReceivedLetter:
    read = settled_letter("filed")
    file(browser_of("officer_a"), read)
    assert ReceivedLetter.objects.get(pk=read.pk).case.state == "filed"
    return read


def given_back(number: str) -> str:
    reply = small_reply(number, "handed")
    actions.return_to_office(**life.at(reply, "officer", why="不属本单位职责。"))
    return str(reply.proposal_id)


def names_of(line: Line) -> str | None:
    """What the line's address names; ``None`` where nothing is known of it."""
    if line.name in NAMES or line.route in NAMES:
        return NAMES.get(line.name, NAMES.get(line.route))
    visits = [visit for visit in VISITS if visit.route == line.route and visit.picture not in REFUSED]
    if line.act:
        act = line.act.rpartition(".")[2]
        visits = [visit for visit in visits if visit.names.endswith(f"={act}")] or [
            visit for visit in visits if " =" in visit.names
        ]
        return visits[0].names.rpartition(" ")[0] + f" ={act}" if visits else None
    return visits[0].names if visits else ("" if no_arguments(line.route) else None)


def no_arguments(route: str) -> bool:
    try:
        reverse(route)
    except Exception:  # noqa: BLE001
        return False
    return True


def address(line: Line, things: Any) -> str:
    """The page that is asked for. Raises ``LookupError`` when nobody said what it names."""
    names = names_of(line)
    if names is None:
        raise LookupError(f"{line.name}: say in tests/reach/things.py what its address names")
    query = QUERIES.get(line.route, "").format(scene=things)
    return reverse(line.route, args=[argument(things, name) for name in names.split()]) + query


#: A name that nothing has, by the kind of what it stands in for.
NOTHING = {"int": "987654321", "uuid": "00000000-0000-4000-8000-000000000000", "slug": "nothing-of-that-name"}


def address_of_nothing(line: Line, where: str) -> str:
    """The same route for a thing that does not exist; empty where the address names none."""
    path, mark, query = where.partition("?")
    match = resolve(path)
    if not match.kwargs:
        return ""
    first, value = next(iter(match.captured_kwargs.items()))
    kind = "int" if isinstance(value, int) else "uuid" if isinstance(value, UUID) else "slug"
    return reverse(line.route, kwargs=match.captured_kwargs | {first: NOTHING[kind]}) + mark + query
