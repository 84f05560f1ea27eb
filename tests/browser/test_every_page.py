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
        return reverse(self.route, args=found) + self.query


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
    Visit("figures", "figures:list"),
    Visit("figures-check", "figures:check"),
    Visit("figures-state", "figures:state", query="?definition=stations_built"),
    Visit("figures-definition", "figures:definition", names="=stations_built"),
    Visit("figures-conflict", "figures:definition", names="=electronics_share"),
    Visit("figures-lineage", "figures:lineage", names="lineage"),
    Visit("figures-records", "figures:lineage", names="records"),
    Visit("organisations", "registry:organisations"),
    Visit("organisation", "registry:organisation", names="=szgxj"),
    Visit("import", "registry:import", "registrar_a", "=organisations"),
    Visit("import-wrong", "registry:import_file", "registrar_a", "=organisations wrong_file.uid"),
    Visit("import-ready", "registry:import_file", "registrar_a", "=organisations ready_file.uid"),
    Visit("jobs", "jobs:jobs", "registrar_a"),
    Visit("job-done", "jobs:job", "registrar_a", "ready_file.uid"),
    Visit("job-running", "jobs:job", "registrar_a", "running.uid"),
    Visit("job-failed", "jobs:job", "registrar_a", "failed.uid"),
)

#: Pages that answer with something else than 200, and why that is right.
REFUSED = {"act-refused": 422, "received-reopen": 422}

A_FILE = "downloads a file"
ONLY_POST = "takes a form, shows no page of its own"
#: Routes that render no page.
EXCEPTIONS = {
    "workbench:sign_out": ONLY_POST,
    "workbench:end_sign_in": ONLY_POST,
    "proposals:office_package": ONLY_POST,
    "workbench:set_language": ONLY_POST,
    "workbench:ledger_verify": ONLY_POST,
    "workbench:styleguide_draft": ONLY_POST,
    "jobs:cancel": ONLY_POST,
    "jobs:state": "a part of the page of a job",
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
    "figures:export": A_FILE,
    "figures:records_export": A_FILE,
    "registry:organisations_export": A_FILE,
    "registry:accounts_export": A_FILE,
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
            wrong |= {f"axe {width}": found for found in [violations(page)] if found}
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
