"""Every page with the sample life in it, as somebody who uses it, in both languages and at both widths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from mangrove.figures.models import Value
from mangrove.ledger.models import Event

from .conftest import LOCALES, WIDTHS, listen
from .looking import overflow, shoot, violations
from .scenes import Scene, admit, set_the_scene

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Visit:
    """One page: the name of its picture, its route, who opens it, what of the scene its address names, its query."""

    picture: str
    route: str
    who: str = "officer_a"
    names: str = ""
    query: str = ""

    def address(self, scene: Scene) -> str:
        """``names`` holds arguments: a path into the scene (``promise.pk``) or, with ``=``, a plain word."""
        found = [argument(scene, name) for name in self.names.split()]
        return reverse(self.route, args=found) + self.query.format(scene=scene)


def argument(scene: Scene, name: str) -> Any:
    if name.startswith("="):
        return name[1:]
    if name == "event":
        return Event.objects.filter(act="proposals.reply.sign").latest("id").uid
    if name == "records":
        return Value.objects.get(definition="stations_built", source="sample_stations").pk
    if name == "lineage":
        return Value.objects.get(definition="electronics_share", source="computed").pk
    found: Any = scene
    for part in name.split("."):
        found = getattr(found, part)
    return found


#: A visitor's answers: something met, something a datum is missing for, something nearly met.
CALCULATED = (
    "?topic=support_project.network_chip&topic=support_project.testbed&topic=network_year&network_year|network_year|year=2022"
    "&network_year|network_year|broadcaster=Y&network_year|network_year|pon_share=88%25&network_year|network_year|quality_passed=Y"
    "&network_year|network_year|new_pon_ports=120000&support_project|support_project.testbed|joint=Y"
    "&support_project|support_project.testbed|audited_investment=800万元"
)
VISITS = (
    Visit("home-chain", "workbench:home", "chain_a"),
    Visit("home-officer", "workbench:home"),
    Visit("home-deputy", "workbench:home", "deputy_zhang"),
    Visit("inbox", "workbench:inbox"),
    Visit("inbox-done", "workbench:inbox", query="?show=done"),
    Visit("inbox-empty", "workbench:inbox", "operator_cm"),
    Visit("search", "workbench:search", "registrar_a", query="?q=5G"),
    Visit("search-kind", "workbench:search", "registrar_a", query="?q=5G&kind=proposals.proposal"),
    Visit("search-none", "workbench:search", "deputy_zhang", query="?q=没有这样的字"),
    Visit("search-empty", "workbench:search"),
    Visit("sign-in", "workbench:sign_in", ""),
    Visit("account", "workbench:account"),
    Visit("factor", "workbench:factor"),
    Visit("accounts", "registry:accounts", "sysadmin_a"),
    Visit("account", "registry:account", "security_a", "account.pk"),
    Visit("account-open", "registry:account_open", "sysadmin_a"),
    Visit("account-change", "registry:account_change", "security_a", "change.pk"),
    Visit("account-roles", "registry:account_roles", "sysadmin_a", "account.pk"),
    Visit("account-close", "registry:account_close", "sysadmin_a", "account.pk"),
    Visit("account-end", "registry:account_end_sign_ins", "security_a", "account.pk"),
    Visit("account-reset", "registry:account_reset_factor", "security_a", "account.pk"),
    Visit("sign-ins", "workbench:sign_ins"),
    Visit("ledger", "workbench:ledger", "auditor_a"),
    Visit("ledger-event", "workbench:ledger_event", "auditor_a", "event"),
    Visit("styleguide", "workbench:styleguide"),
    Visit("styleguide-drawer", "workbench:styleguide_drawer"),
    Visit("proposals", "proposals:list", "registrar_a"),
    Visit("proposals-deputy", "proposals:list", "deputy_zhang"),
    Visit("proposals-none", "proposals:list", "registrar_a", query="?text=没有这一件"),
    Visit("proposals-view", "proposals:list", "officer_a", query="?{scene.list_view.query}"),
    Visit("proposals-view-lost", "proposals:list", "officer_a", query="?text=5G&level=key&sort=-number"),
    Visit("view-new", "workbench:view_new", query="?list=proposals:list&query=sort%3Dtitle"),
    Visit("view", "workbench:view", names="list_view.pk"),
    Visit("proposals-register", "proposals:register", "registrar_a"),
    Visit("proposal", "proposals:proposal", "registrar_a", "delivered.proposal_id"),
    Visit("proposal-sample", "proposals:proposal", "officer_a", "=20210615"),
    Visit("proposal-unhanded", "proposals:proposal", "registrar_a", "unhanded"),
    Visit("proposal-hand-over", "proposals:proposal_act", "registrar_a", "unhanded =hand_over"),
    Visit("map", "proposals:map", "chain_a"),
    Visit("reply-sample", "proposals:reply", "officer_a", "=20210615-1"),
    Visit("reply-deputy", "proposals:reply", "deputy_zhang", "=20210615-1"),
    Visit("reply-drafting", "proposals:reply", "officer_a", "drafting.pk"),
    Visit("reply-rated", "proposals:reply", "liaison_a", "rated.pk"),
    Visit("draft", "proposals:draft", "officer_a", "drafting.pk"),
    Visit("revision", "proposals:revision", "officer_a", "drafting.pk =1"),
    Visit("contact", "proposals:contact", "officer_a", "drafting.pk"),
    Visit("particulars", "proposals:particulars", "officer_a", "drafting.pk"),
    Visit("act-submit", "proposals:act", "officer_a", "drafting.pk =submit"),
    Visit("act-send-back", "proposals:act", "reviewer_a", "in_review.pk =send_back"),
    Visit("act-sign", "proposals:act", "director", "to_sign.pk =sign"),
    Visit("act-number", "proposals:act", "reviewer_a", "signed.pk =number"),
    Visit("act-deliver", "proposals:act", "officer_a", "numbered.pk =deliver"),
    Visit("act-rate", "proposals:act", "deputy_zhang", "delivered.pk =rate"),
    Visit("act-refused", "proposals:act", "officer_a", "delivered.pk =sign"),
    Visit("difference", "proposals:difference", "officer_a", "difference.pk"),
    Visit("conformity", "proposals:conformity", "reviewer_a", "=20210615-1"),
    Visit("office", "proposals:office", "reviewer_a", "signed.pk"),
    Visit("limit-stop", "proposals:limit", "officer_a", "clock.pk =stop"),
    Visit("limit-extend", "proposals:limit", "officer_a", "clock.pk =extend"),
    Visit("received", "proposals:received"),
    Visit("received-read", "proposals:received_read"),
    Visit("received-letter", "proposals:received_letter", names="received.pk"),
    Visit("received-item", "proposals:received_item", names="received.pk =C01"),
    Visit("received-add", "proposals:received_add", names="received.pk =claim"),
    Visit("received-file", "proposals:received_file", names="received.pk"),
    Visit("received-reopen", "proposals:received_reopen", names="received.pk"),
    Visit("promises", "casework:promises", "chain_a"),
    Visit("promises-deputy", "casework:promises", "deputy_zhang"),
    Visit("promise", "casework:promise", "officer_a", "promise.pk"),
    Visit("promise-settle", "casework:settle", "officer_a", "promise.pk"),
    Visit("promise-evidence", "casework:evidence", "officer_a", "promise.pk"),
    Visit("promise-act", "casework:promise_act", "officer_a", "promise.pk =report_limited"),
    Visit("clock", "casework:clock", "officer_a", "clock.pk"),
    Visit("calendar", "casework:calendar"),
    Visit("calendar-day", "casework:day", "registrar_a"),
    Visit("notices", "casework:notices"),
    Visit("notice-new", "casework:notice_new"),
    Visit("notice", "casework:notice", "officer_a", "notice.pk"),
    Visit("notice-correct", "casework:notice_act", "officer_a", "notice.pk =correct"),
    Visit("notices-public", "casework:public_notices"),
    Visit("notice-public", "casework:public_notice", "operator_cm", "notice.pk"),
    Visit("grievances", "casework:grievances", "objection_a"),
    Visit("grievance", "casework:grievance", "objection_a", "objection.pk"),
    Visit("grievance-answer", "casework:grievance_act", "objection_a", "objection.pk =answer"),
    Visit("grievance-scan", "casework:grievance_scan_add", "objection_a", "objection.pk"),
    Visit("grievance-new", "casework:grievance_new", "complaint_a", query="?kind=complaint"),
    Visit("messages", "casework:messages", "deputy_director"),
    Visit("message", "casework:message", "deputy_director", "message.pk"),
    Visit("verifications", "casework:verifications"),
    Visit("verification-new", "casework:verification_new"),
    Visit("verification", "casework:verification", "officer_a", "verification.pk"),
    Visit("verification-answer", "casework:verification_act", "officer_b", "verification.pk =answer"),
    Visit("meetings", "casework:meetings"),
    Visit("meeting-new", "casework:meeting_new"),
    Visit("meeting", "casework:meeting", "officer_a", "meeting.pk"),
    Visit("meeting-confirm", "casework:meeting_act", "reviewer_a", "meeting.pk =confirm"),
    Visit("decision", "casework:decision", "officer_a", "decision.pk"),
    Visit("delegations", "casework:delegations", "director"),
    Visit("delegation-new", "casework:delegation_new", "director"),
    Visit("delegation", "casework:delegation", "director", "delegation.pk"),
    Visit("delegation-revoke", "casework:delegation_revoke", "director", "delegation.pk"),
    Visit("act-sign-for", "proposals:act", "deputy_director", "to_sign.pk =sign"),
    Visit("figures", "figures:list"),
    Visit("figures-check", "figures:check"),
    Visit("figures-state", "figures:state", query="?definition=stations_built"),
    Visit("figures-definition", "figures:definition", names="=stations_built"),
    Visit("figures-conflict", "figures:definition", names="=electronics_share"),
    Visit("figures-lineage", "figures:lineage", names="lineage"),
    Visit("figures-records", "figures:lineage", names="records"),
    Visit("organisations", "registry:organisations"),
    Visit("organisation", "registry:organisation", names="=szgxj"),
    Visit("retention", "registry:retention", "auditor_a"),
    Visit("personal", "registry:personal", "payer_a", "=funding.order money.order.number"),
    Visit("personal-sender", "registry:personal", "objection_a", "=casework.grievance objection.pk"),
    Visit("doubles", "registry:doubles", "registrar_a"),
    Visit("double", "registry:double", "registrar_a", "double.kept double.other"),
    Visit("merge", "registry:merge", "registrar_a", "merge.pk"),
    Visit("merge-undo", "registry:merge", "sysadmin_a", "merged.pk"),
    Visit("import", "registry:import", "registrar_a", "=organisations"),
    Visit("import-wrong", "registry:import_file", "registrar_a", "=organisations wrong_file.uid"),
    Visit("import-ready", "registry:import_file", "registrar_a", "=organisations ready_file.uid"),
    Visit("import-records", "registry:import", "officer_a", "=firm_year"),
    Visit("records", "registry:records"),
    Visit("records-of", "registry:records_of", names="=firm_year"),
    Visit("records-own", "registry:records_of", "a1", "=firm_year"),
    Visit("record", "registry:record", "officer_a", "=firm_year record.thing"),
    Visit("record-withdraw", "registry:record_withdraw", "officer_a", "=firm_year record.thing"),
    Visit("organisation-known", "registry:organisation", "officer_a", "record.organisation_id"),
    Visit("reviews-pool", "reviews:experts"),
    Visit("reviews-expert", "reviews:expert", names="reviews.expert.pk"),
    Visit("reviews-admit", "reviews:admit"),
    Visit("reviews-change-expert", "reviews:change_expert", names="reviews.expert.pk"),
    Visit("reviews-suspension", "reviews:suspension", names="reviews.expert.pk"),
    Visit("reviews-rounds", "reviews:rounds"),
    Visit("reviews-open", "reviews:open"),
    Visit("reviews-round", "reviews:round", names="reviews.scoring.pk"),
    Visit("reviews-round-released", "reviews:round", names="reviews.released.pk"),
    Visit("reviews-act", "reviews:round_act", names="reviews.scoring.pk =close"),
    Visit("reviews-add-item", "reviews:add_item", names="reviews.preparing.pk"),
    Visit("reviews-item", "reviews:item", names="reviews.item.pk"),
    Visit("reviews-add-file", "reviews:add_file", names="reviews.preparing_item.pk"),
    Visit("reviews-unsuitable", "reviews:unsuitable", names="reviews.item.pk"),
    Visit(
        "reviews-assign",
        "reviews:assign",
        names="reviews.scoring.pk",
        query="?{scene.reviews.choice}",
    ),
    Visit("reviews-draw", "reviews:draw", names="reviews.scoring.pk"),
    Visit("reviews-recuse", "reviews:oversee", names="reviews.submitted.pk =recuse"),
    Visit("reviews-desk", "reviews:desk", "expert_1"),
    Visit("reviews-declare", "reviews:assignment", "expert_1", "reviews.to_declare.pk"),
    Visit("reviews-marking", "reviews:assignment", "expert_1", "reviews.marking.pk"),
    Visit("reviews-submitted", "reviews:assignment", "expert_1", "reviews.submitted.pk"),
    Visit("reviews-leave", "reviews:leave", "expert_1", "reviews.to_declare.pk"),
    Visit("reviews-comments-list", "reviews:released", "applicant_1"),
    Visit("reviews-comments", "reviews:comments", "applicant_1", "reviews.released_item.pk"),
    Visit("intake-openings", "intake:openings", "a1"),
    Visit("intake-opening", "intake:opening", "a1", "=sample-2026"),
    Visit("intake-open", "intake:open_new", "officer"),
    Visit("intake-extend", "intake:extend", "officer", "=sample-2026"),
    Visit("intake-forms", "intake:forms", "officer"),
    Visit("intake-form", "intake:form", "officer", "=benchmark"),
    Visit("intake-public", "intake:public_openings", "a1"),
    Visit("intake-public-opening", "intake:public_opening", "a1", "=sample-2026"),
    Visit("intake-mine", "intake:mine", "a1"),
    Visit("intake-draft", "intake:application", "a1", "intake.draft.pk"),
    Visit("intake-section", "intake:section", "a1", "intake.draft.pk =project"),
    Visit("intake-papers", "intake:section", "a1", "intake.draft.pk =papers"),
    Visit("intake-locked", "intake:section", "d1", "intake.returned.pk =applicant"),
    Visit("intake-both", "intake:both", "a1", "intake.draft.pk =project intake.beside"),
    Visit("intake-revision", "intake:revision", "a1", "intake.draft.pk =project intake.beside"),
    Visit("intake-submit", "intake:submit", "a1", "intake.draft.pk"),
    Visit("intake-receipt", "intake:receipt", "b1", "intake.receipt.pk"),
    Visit("intake-returned", "intake:application", "d1", "intake.returned.pk"),
    Visit("intake-withdraw", "intake:withdraw", "b1", "intake.waiting.pk"),
    Visit("intake-submissions", "intake:submissions", "officer"),
    Visit("intake-waiting", "intake:application", "officer", "intake.waiting.pk"),
    Visit("intake-submission", "intake:submission", "officer", "intake.again.pk"),
    Visit("intake-changes", "intake:changes", "officer", "intake.again.pk"),
    Visit("intake-check", "intake:check", "officer", "intake.checking.pk"),
    Visit("intake-lapse", "intake:lapse", "officer", "intake.returned.pk"),
    Visit("alike", "likeness:pairs", "officer"),
    Visit("alike-pair", "likeness:pair", "officer", "alike.pk"),
    Visit("jobs", "jobs:jobs", "registrar_a"),
    Visit("job-done", "jobs:job", "registrar_a", "ready_file.uid"),
    Visit("job-running", "jobs:job", "registrar_a", "running.uid"),
    Visit("job-failed", "jobs:job", "registrar_a", "failed.uid"),
    Visit("pots", "funding:pots", "payer_a"),
    Visit("pot", "funding:pot", "officer_a", "money.pot.code"),
    Visit("pot-open", "funding:open_pot", "payer_a"),
    Visit("pot-act", "funding:pot_act", "payer_a", "money.pot.code =add_to_pot"),
    Visit("award-decide", "funding:decide", "officer_a", query="?pot=sample-2026"),
    Visit("awards", "funding:awards", "payer_a"),
    Visit("award", "funding:award", "payer_a", "money.award.uid"),
    Visit("award-order", "funding:award_act", "payer_a", "money.award.uid =prepare"),
    Visit("orders", "funding:orders", "payer_b"),
    Visit("orders-run", "funding:gather", "payer_b"),
    Visit("order", "funding:order", "payer_b", "money.order.number"),
    Visit("order-paid", "funding:order", "payer_a", "money.paid_order.number"),
    Visit("order-approve", "funding:order_act", "payer_b", "money.order.number =approve"),
    Visit("runs", "funding:runs", "payer_b"),
    Visit("run", "funding:run", "payer_b", "money.waiting_run.uid"),
    Visit("run-send", "funding:send_run", "payer_b", "money.waiting_run.uid"),
    Visit("evidence", "funding:evidence"),
    Visit("evidence-add", "funding:register"),
    Visit("evidence-item", "funding:evidence_item", "officer_a", "money.evidence.pk"),
    Visit("evidence-release", "funding:release", "officer_a", "money.evidence.pk"),
    Visit("prior-money", "funding:prior_money"),
    Visit("measures", "policies:measures", "chain_a"),
    Visit("measure", "policies:measure", "officer_a", "policies.measure.rule policies.measure.number"),
    Visit("calculator", "policies:calculator", "operator_cm"),
    Visit("calculator-question", "policies:calculator", "operator_cm", query="?topic=network_year"),
    Visit("calculator-result", "policies:calculator_result", "operator_cm", query=CALCULATED),
    Visit("calculator-firm", "policies:calculator", "a1", query="?topic=organisation"),
    Visit("firm", "policies:firm", "officer_a", "policies.checking.organisation_id"),
    Visit("firm-own", "policies:own_firm", "a1"),
    Visit("firms", "policies:firms"),
    Visit("claims", "policies:claims"),
    Visit("claims-firm", "policies:claims", "a1"),
    Visit("claim", "policies:claim", "officer_a", "policies.checking.pk"),
    Visit("claim-firm", "policies:claim", "a1", "policies.checking.pk"),
    Visit("claim-check", "policies:check", "officer_a", "policies.checking.pk =credit"),
    Visit("claim-review", "policies:claim_review", "officer_a", "policies.reviewed.pk"),
    Visit("claim-review-open", "policies:open_review", "officer_a", "policies.checking.pk"),
    Visit("claim-judge", "policies:judge", "officer_a", "policies.checking.pk =1"),
    Visit("claim-step", "policies:claim_step", "officer_a", "policies.ready.pk =recheck"),
    Visit("schemes", "policies:schemes"),
    Visit("scheme", "policies:scheme", "officer_a", "=testbed"),
    Visit("scheme-open", "policies:scheme_open", "officer_a", "=testbed"),
    Visit("offers", "policies:offers"),
    Visit("offers-overview", "policies:offers_overview"),
    Visit("offers-match", "policies:match"),
    Visit("offer", "policies:offer", "officer_a", "policies.offer.pk"),
    Visit("offer-firm", "policies:offer", "a1", "policies.offer.pk"),
    Visit("offer-confirm", "policies:offer_answer", "a1", "policies.offer.pk =confirm"),
    Visit("results", "policies:results", "chain_a"),
    Visit("results-publish", "policies:results_publish", "officer_a"),
    Visit("done", "policies:done", "chain_a"),
    Visit("performances", "policies:performances", "officer_a"),
    Visit("performances-firm", "policies:performances", "a1"),
    Visit("performance", "policies:performance", "officer_a", "policies.confirmed.pk"),
    Visit("performance-firm", "policies:performance", "a1", "policies.due.pk"),
    Visit("performance-report", "policies:performance_step", "a1", "policies.due.pk =report"),
    Visit("performance-enter", "policies:performance_step", "officer_a", "policies.due.pk =enter"),
    Visit("performance-confirm", "policies:performance_step", "officer_a", "policies.reported.pk =confirm"),
    Visit("performance-return", "policies:performance_step", "officer_a", "policies.reported.pk =return"),
    Visit("performance-reopen", "policies:performance_step", "officer_a", "policies.confirmed.pk =reopen"),
    Visit("performance-summary", "policies:performance_summary", "auditor_a"),
    Visit("plans", "policies:plans"),
    Visit("plan-new", "policies:plan_new"),
    Visit("plan", "policies:plan", "director", "policies.announced.pk"),
    Visit("plan-drafting", "policies:plan", "officer_a", "policies.drafting.pk"),
    Visit("plan-compute", "policies:plan_step", "officer_a", "policies.drafting.pk =compute"),
    Visit("plan-announce", "policies:plan_step", "officer_a", "policies.computed.pk =announce"),
    Visit("plan-approve", "policies:plan_step", "director", "policies.announced.pk =approve"),
    Visit("plan-take-out", "policies:plan_step", "officer_a", "policies.announced.pk =take_out"),
    Visit("plan-replay", "policies:plan_replay", "auditor_a", "policies.announced.pk"),
    Visit("audit", "policies:audit", "officer_a", "claims.claim.pk"),
    Visit("audit-conclude", "policies:audit_conclude", "officer_a", "claims.claim.pk"),
    Visit("expenses", "policies:expenses", "officer_a", "claims.claim.pk"),
    Visit("doubts", "policies:doubts", "officer_a"),
    Visit("doubts-search", "policies:search_all", "officer_a"),
    Visit("doubts-of-claim", "policies:claim_doubts", "officer_a", "claims.claim.pk"),
    Visit("doubts-search-one", "policies:search_one", "officer_a", "claims.claim.pk"),
    Visit("doubt", "policies:doubt", "officer_a", "claims.doubt.pk"),
    Visit("sandbox-measures", "policies:sandbox_measures"),
    Visit(
        "sandbox",
        "policies:sandbox",
        "officer_a",
        "=small_testbed =1",
        query="?n2=40%25&pot0=1000%E4%B8%87%E5%85%83&meets=80%25",
    ),
    Visit("sandbox-plain", "policies:sandbox", "chain_a", "=small_testbed =1"),
    Visit(
        "sandbox-refused",
        "policies:sandbox",
        "officer_a",
        "=small_testbed =1",
        query="?n2=%E4%B8%89%E6%88%90",
    ),
    Visit("scenario-save", "policies:scenario_save", "officer_a", "=small_testbed =1", query="?n2=40%25"),
    Visit("scenarios", "policies:scenarios", "director"),
    Visit("scenario", "policies:scenario", "officer_a", "scenario.pk"),
    Visit("scenario-audit", "policies:scenario", "auditor_a", "scenario.pk"),
    Visit("scenario-change", "policies:scenario_change", "officer_a", "scenario.pk"),
    Visit("scenario-replay", "policies:scenario_replay", "auditor_a", "scenario.pk"),
    Visit("scenario-draft", "policies:scenario_draft", "officer_a", "scenario.pk"),
    Visit(
        "scenarios-compared",
        "policies:scenarios_compared",
        "director",
        query="?a={scene.scenario.pk}&b={scene.other_scenario.pk}",
    ),
    Visit("measures", "policies:measures"),
    Visit("measure", "policies:measure", "a1", "=sz_infrastructure_2022 =1"),
    Visit("measure-ending", "policies:measure", "officer_a", "=ending_measure =1"),
    Visit("measure-difference", "policies:difference", "officer_a", "=sz_tech_centre =1 =2"),
    Visit("measure-evaluate", "policies:evaluate", "officer_a", "=ending_measure =1"),
    Visit("drafts", "policies:drafts"),
    Visit("draft-new", "policies:draft_new", query="?base=ending_measure@1"),
    Visit("rule-language", "policies:language"),
    Visit("draft-write", "policies:draft_write", "officer_a", "making.drafting.pk"),
    Visit("draft-seeking", "policies:draft", "officer_a", "making.seeking.pk"),
    Visit("draft-opinion-new", "policies:opinion_new", "officer_a", "making.seeking.pk"),
    Visit("draft-opinion", "policies:opinion", "officer_a", "making.seeking.pk making.opinion.pk"),
    Visit("open-drafts", "policies:open_drafts", "a1"),
    Visit("open-draft", "policies:open_draft", "a1", "making.open.pk"),
    Visit("opinion-send", "policies:opinion_send", "a1", "making.open.pk"),
    Visit("own-opinions", "policies:own_opinions", "a1"),
    Visit("own-opinion", "policies:own_opinion", "a1", "making.sent.receipt"),
    Visit("draft-circulate", "policies:draft_act", "officer_a", "making.settled.pk =circulate"),
    Visit("draft-clear", "policies:draft_act", "office_review", "making.competing.pk =clear"),
    Visit("draft-decide", "policies:draft_act", "officer_a", "making.meeting.pk =decide"),
    Visit("draft-number", "policies:draft_act", "officer_a", "making.numbering.pk =number"),
    Visit("draft-signing", "policies:draft", "director", "making.signing.pk"),
    Visit("draft-publish", "policies:draft_act", "director", "making.signing.pk =publish"),
    Visit("draft-published", "policies:draft", "officer_a", "making.published.pk"),
)

#: Pages that answer with something else than 200, and why that is right.
REFUSED = {"act-refused": 422, "received-reopen": 422, "sandbox-refused": 422}

A_FILE = "downloads a file"
ONLY_POST = "takes a form, shows no page of its own"
#: Routes that render no page.
EXCEPTIONS = {
    "registry:suggested": "names for a field, as data",
    "policies:blank_list": A_FILE,
    "policies:done_export": A_FILE,
    "policies:performances_export": A_FILE,
    "policies:performance_summary_export": A_FILE,
    "policies:sandbox_export": A_FILE,
    "policies:scenarios_export": A_FILE,
    "policies:scenarios_compared_export": A_FILE,
    "policies:scenario_draft_file": A_FILE,
    "policies:scenario_delete": ONLY_POST,
    "policies:scenario_begin": ONLY_POST,
    "workbench:sign_out": ONLY_POST,
    "workbench:end_sign_in": ONLY_POST,
    "proposals:office_package": ONLY_POST,
    "workbench:set_language": ONLY_POST,
    "workbench:ledger_verify": ONLY_POST,
    "workbench:styleguide_draft": ONLY_POST,
    "jobs:cancel": ONLY_POST,
    "jobs:state": "a part of the page of a job",
    "workbench:view_delete": ONLY_POST,
    "workbench:healthz": "answers a load balancer in JSON",
    "workbench:ledger_export": A_FILE,
    "proposals:export": A_FILE,
    "proposals:signed_pdf": A_FILE,
    "proposals:pdf": A_FILE,
    "proposals:picture": A_FILE,
    "proposals:docx": A_FILE,
    "proposals:autosave": ONLY_POST,
    "proposals:preview": "a part of the page where one drafts, which is looked at",
    "proposals:received_export": A_FILE,
    "proposals:received_confirm": ONLY_POST,
    "proposals:received_confirm_section": ONLY_POST,
    "casework:attachment": A_FILE,
    "casework:promises_export": A_FILE,
    "casework:calendar_export": A_FILE,
    "casework:notices_export": A_FILE,
    "casework:grievances_export": A_FILE,
    "casework:grievance_scan": A_FILE,
    "casework:messages_export": A_FILE,
    "casework:messages_read": ONLY_POST,
    "casework:verifications_export": A_FILE,
    "casework:verification_items": A_FILE,
    "casework:meetings_export": A_FILE,
    "casework:delegations_export": A_FILE,
    "figures:export": A_FILE,
    "reviews:experts_export": A_FILE,
    "reviews:export": A_FILE,
    "reviews:marks_export": A_FILE,
    "reviews:progress_export": A_FILE,
    "reviews:desk_export": A_FILE,
    "reviews:file": A_FILE,
    "reviews:agree": ONLY_POST,
    "reviews:declare": ONLY_POST,
    "reviews:autosave": ONLY_POST,
    "figures:records_export": A_FILE,
    "registry:organisations_export": A_FILE,
    "registry:records_export": A_FILE,
    "registry:import_template": A_FILE,
    "funding:run_file": A_FILE,
    "policies:audit_export": A_FILE,
    "policies:doubts_export": A_FILE,
    "intake:openings_export": A_FILE,
    "intake:mine_export": A_FILE,
    "intake:submissions_export": A_FILE,
    "intake:paper": A_FILE,
    "intake:receipt_file": A_FILE,
    "intake:start": ONLY_POST,
    "intake:autosave": ONLY_POST,
    "intake:upload": ONLY_POST,
    "intake:remove_paper": ONLY_POST,
    "intake:take": ONLY_POST,
    "likeness:export": A_FILE,
    "policies:claims_export": A_FILE,
    "policies:results_export": A_FILE,
    "policies:offers_export": A_FILE,
    "policies:offers_overview_export": A_FILE,
    "policies:firms_export": A_FILE,
    "policies:plan_export": A_FILE,
    "policies:measures_export": A_FILE,
    "policies:drafts_export": A_FILE,
    "policies:own_opinions_export": A_FILE,
    "policies:schemes_export": A_FILE,
    "policies:draft_autosave": ONLY_POST,
    "policies:draft_problems": "a part of the page where one drafts, which is looked at",
    "registry:accounts_export": A_FILE,
    "proposals:seal_out": ONLY_POST,
    "workbench:oidc": "leads to the provider; walked through in tests/workbench/test_oidc.py",
    "workbench:oidc_back": "where the provider sends back to; tests/workbench/test_oidc.py",
    "workbench:second_step": "between password and code; walked through in tests/workbench/test_second_factor.py",
}


def routes(patterns: Any = None, namespace: str = "") -> Iterator[str]:
    for one in patterns or get_resolver().url_patterns:
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, f"{one.namespace}:" if one.namespace else namespace)
        elif isinstance(one, URLPattern) and one.name:
            yield f"{namespace}{one.name}"


def test_every_route_is_looked_at_or_has_a_reason_not_to_be() -> None:
    looked_at = {visit.route for visit in VISITS}
    assert set(routes()) == looked_at | set(EXCEPTIONS)
    assert not looked_at & set(EXCEPTIONS)


#: Each layout is looked into in one language and measured in both: what axe finds hangs on the layout, what overflows on the words.
LOOKED_INTO = {"wide": "zh", "phone": "en"}


class Visitors:
    """One browser window for each person, in one language."""

    def __init__(self, browser: Browser, home: str, language: str) -> None:
        self.browser, self.home, self.language = browser, home, language
        self.pages: dict[str, Page] = {}
        self.complaints: list[str] = []

    def page_of(self, username: str) -> Page:
        if username not in self.pages:
            context = self.browser.new_context(base_url=self.home, locale=LOCALES[self.language])
            if username:
                admit(context, username, self.home)
            self.pages[username] = context.new_page()
            listen(self.pages[username], self.home, self.complaints)
        return self.pages[username]

    def look(self, visit: Visit, scene: Scene) -> dict[str, Any]:
        """What is wrong with a page, by what it is about; empty when nothing is."""
        page = self.page_of(visit.who)
        page.set_viewport_size({"width": WIDTHS["wide"], "height": 860})
        answer = page.goto(visit.address(scene))
        wrong: dict[str, Any] = {}
        if answer is None or answer.status != REFUSED.get(visit.picture, 200):
            wrong["status"] = answer and answer.status
        for width, pixels in WIDTHS.items():
            page.set_viewport_size({"width": pixels, "height": 860})
            shoot(page, visit.picture, self.language, width)
            if self.language == LOOKED_INTO[width]:
                wrong |= {
                    f"axe {width}": found for found in [violations(page, colours=width == "wide")] if found
                }
            wrong |= {f"overflow {width}": by for by in [overflow(page)] if by}
        if self.complaints:
            wrong["console"] = self.complaints.copy()
            self.complaints.clear()
        return wrong

    def close(self) -> None:
        contexts: set[BrowserContext] = {page.context for page in self.pages.values()}
        for context in contexts:
            context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_accessible_and_fits(
    browser: Browser,
    transactional_db: None,
    live_server: LiveServer,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
) -> None:
    scene = set_the_scene(monkeypatch)
    visitors = Visitors(browser, live_server.url, language)
    try:
        found = {visit.picture: visitors.look(visit, scene) for visit in VISITS}
    finally:
        visitors.close()
    wrong = "\n".join(f"{picture}: {said}" for picture, said in found.items() if said)
    assert not wrong, wrong
