"""Signing in another's place: while it is allowed, by whom it is allowed, and the letter and the ledger say so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404
from django.test import Client

from mangrove.casework.delegations import actions
from mangrove.casework.delegations.access import access_delegation
from mangrove.casework.delegations.models import DelegatedAct, Delegation
from mangrove.casework.delegations.standing import take_up
from mangrove.casework.delegations.verification import verify_delegations
from mangrove.casework.inbox import inbox
from mangrove.casework.messages.models import Message
from mangrove.casework.models import CaseAct
from mangrove.casework.verification import verify_states
from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.ledger.verify import verify
from mangrove.proposals import delegated, signing
from mangrove.proposals.models import Proposal, Reply, SignedLetter
from mangrove.proposals.verification import verify_letters
from mangrove.registry.models import User

from . import life
from .life import at, lead_to, today, who
from .test_races import the_refusal, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("office")]
WEEK = timedelta(days=7)


def given(principal: str = "director", delegate: str = "vice", **more: Any) -> Delegation:
    said: dict[str, Any] = {
        "by": who(principal), "on": today(), "delegate": who(delegate), "acts": [delegated.ACT],
        "starts_on": today(), "ends_on": today() + WEEK, "why": "外出参会",
    }  # fmt: skip
    return actions.give(**said | more)


def revoked(held: Delegation, username: str = "director") -> Delegation:
    return actions.revoke(by=who(username), on=today(), id=held.pk, why="已返回")


def key_reply() -> Reply:
    """One that only the head of the bureau may sign."""
    reply = lead_to("to_sign")
    Proposal.objects.filter(pk=reply.proposal_id).update(importance="key")
    return Reply.objects.get(pk=reply.pk)


def signature(reply: Reply, username: str, held: Delegation | None = None) -> dict[str, Any]:
    more = {"delegation": str(held.pk)} if held else {}
    return at(reply, username, opinion="同意签发。", seen_hash=life.seen_hash(reply), **more)


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code


def test_a_delegate_signs_with_the_rank_of_who_let_them_and_letter_and_ledger_say_so() -> None:
    reply = key_reply()
    assert code_of(lambda: signing.sign(**signature(reply, "vice"))) == "proposals.rank"
    held = given()
    letter = signing.sign(**signature(reply, "vice", held))
    assert (letter.signer, letter.signer_name) == ("vice", "分管副局长（代局长签发）")
    told = said(letter.event) or {}
    assert (told["acting_for"], told["delegation"], letter.event.actor) == ("director", str(held.pk), "vice")
    assert DelegatedAct.objects.get().event == letter.event
    assert verify_delegations() == [] == verify_letters() == verify_states() and verify().holds


def test_an_officer_without_the_role_signs_in_the_place_of_who_has_it_and_is_asked_to() -> None:
    reply, held = lead_to("to_sign"), given(delegate="reviewer")
    assert any(todo.act == "代局长：签发" for todo in inbox(who("reviewer")))
    assert code_of(lambda: signing.sign(**signature(reply, "reviewer"))) == "casework.wrong_role"
    assert signing.sign(**signature(reply, "reviewer", held)).signer == "reviewer"
    assert not any("签发" in todo.act for todo in inbox(who("reviewer")))


def test_a_revoked_an_expired_and_a_coming_one_are_refused() -> None:
    reply = lead_to("to_sign")
    gone = revoked(given(delegate="reviewer"))
    assert (
        code_of(lambda: signing.sign(**signature(reply, "reviewer", gone))) == "casework.delegation_revoked"
    )
    for first, last in (
        (today() - WEEK, today() - timedelta(days=1)),
        (today() + timedelta(days=1), today() + WEEK),
    ):
        held = given(delegate="reviewer")
        Delegation.objects.filter(pk=held.pk).update(starts_on=first, ends_on=last)
        refused = code_of(lambda held=held: signing.sign(**signature(reply, "reviewer", held)))  # type: ignore[misc]
        assert refused == "casework.delegation_not_in_force"
    assert not inbox(who("reviewer")) and not SignedLetter.objects.exists()


def test_who_could_sign_last_week_does_not_sign_for_last_week_today() -> None:
    held = given(delegate="reviewer")
    Delegation.objects.filter(pk=held.pk).update(starts_on=today() - 2 * WEEK, ends_on=today() - WEEK)
    early = today() - WEEK
    with transaction.atomic():  # as whoever signs holds it
        code = code_of(lambda: take_up(held.pk, delegated.ACT, by=who("reviewer"), on=early))
    assert code == "casework.delegation_not_in_force"


def test_a_delegation_serves_its_own_delegate_and_its_own_acts() -> None:
    reply, held = lead_to("to_sign"), given(delegate="reviewer")
    assert code_of(lambda: signing.sign(**signature(reply, "vice", held))) == "casework.no_delegation"
    nonsense = signature(reply, "vice") | {"delegation": "?"}
    assert code_of(lambda: signing.sign(**nonsense)) == "casework.no_delegation"
    Delegation.objects.filter(pk=held.pk).update(acts=["proposals.reply.number"])
    assert (
        code_of(lambda: signing.sign(**signature(reply, "reviewer", held)))
        == "casework.delegation_not_in_force"
    )


@pytest.mark.parametrize("change", [{"roles": []}, {"is_active": False}])
def test_who_can_no_longer_sign_passes_nothing_on(change: dict[str, Any]) -> None:
    reply, held = lead_to("to_sign"), given(delegate="reviewer")
    User.objects.filter(username="director").update(**change)
    assert (
        code_of(lambda: signing.sign(**signature(reply, "reviewer", held))) == "casework.delegation_powerless"
    )


def test_a_delegate_passes_nothing_on_and_nobody_gives_what_is_not_theirs() -> None:
    given(delegate="reviewer")
    assert code_of(lambda: given("reviewer", "officer")) == "casework.not_ones_own"
    assert code_of(lambda: given(acts=["proposals.reply.number"])) == "casework.not_ones_own"
    assert code_of(lambda: given(acts=[])) == "casework.not_ones_own"


@pytest.mark.parametrize("delegate", ["director", "clerk", "elsewhere", "deputy"])
def test_a_delegate_is_another_of_the_same_house_with_a_part_in_the_work(delegate: str) -> None:
    assert code_of(lambda: given(delegate=delegate)) == "casework.bad_delegate"


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [
        (0, -1, "casework.bad_span"),
        (-9, -2, "casework.bad_span"),
        (0, 36500, "casework.too_far"),
        (0, 366, "casework.delegated_too_long"),
    ],
)
def test_its_days_are_days_to_come(starts: int, ends: int, code: str) -> None:
    days = {"starts_on": today() + timedelta(days=starts), "ends_on": today() + timedelta(days=ends)}
    assert code_of(lambda: given(**days)) == code
    assert code_of(lambda: given(why=" ")) == "casework.needs_reason"


def test_the_last_day_counts() -> None:
    assert signing.sign(
        **signature(lead_to("to_sign"), "reviewer", given(delegate="reviewer", ends_on=today()))
    )


def test_a_refreshed_letter_goes_back_to_who_signed_it_or_in_whose_place() -> None:
    reply, held = lead_to("to_sign"), given()
    signing.sign(**signature(reply, "vice", held))
    signing.recall(**at(reply, "officer", why="更新数字。"))
    User.objects.create(
        username="third", name="另一副局长", organisation_id="szgxj", rank="副局长", roles=["signer"]
    )
    assert code_of(lambda: signing.sign(**signature(reply, "third"))) == "proposals.other_signer"
    assert signing.sign(**signature(reply, "director")).version == 2


def test_both_sides_are_told_and_read_it_and_others_do_not() -> None:
    held = given()
    assert Message.objects.filter(to=who("vice"), kind=actions.GIVEN).count() == 1
    for username in ("director", "vice", "auditor", "inspector"):
        assert access_delegation(who(username), held.pk)
    with pytest.raises(Http404):
        access_delegation(who("reviewer"), held.pk)
    assert code_of(lambda: revoked(held, "vice")) == "casework.not_permitted"
    revoked(held)
    assert Message.objects.filter(to=who("vice"), kind=actions.REVOKED).count() == 1
    assert code_of(lambda: revoked(held)) == "casework.delegation_revoked" and verify_delegations() == []


@pytest.mark.parametrize(
    "change", [{"ends_on": date(2099, 1, 1)}, {"revoked_on": date(2026, 1, 1)}, {"acts": []}]
)
def test_a_delegation_changed_behind_the_ledger_is_found(change: dict[str, Any]) -> None:
    Delegation.objects.filter(pk=given().pk).update(**change)
    assert len(verify_delegations()) == 1


def test_of_a_delegate_and_a_signer_at_once_one_signs() -> None:
    reply, held = lead_to("to_sign"), given(delegate="reviewer")
    first, second = signature(reply, "reviewer", held), signature(reply, "director")
    the_refusal(together(lambda: signing.sign(**first), lambda: signing.sign(**second)))
    assert SignedLetter.objects.count() == 1 == CaseAct.objects.filter(act="sign").count()
    assert verify_states() == [] == verify_delegations() and verify().holds


def test_a_delegation_revoked_in_the_instant_of_signing_either_came_first_or_came_after() -> None:
    for number in ("1", "2", "3"):
        reply = lead_to("to_sign", life.hand_over(life.register(number)))
        held = given(delegate="reviewer")
        said = signature(reply, "reviewer", held)
        results = together(lambda said=said: signing.sign(**said), lambda held=held: revoked(held))
        refused = [result for result in results if isinstance(result, Refusal)]
        revoking = Event.objects.get(act="casework.revoke_delegation", object_id=str(held.pk))
        letter = SignedLetter.objects.filter(reply=reply).first()
        assert (letter is None) == bool(refused)
        assert letter is None or letter.event.pk < revoking.pk
    assert verify_delegations() == []


def test_control_a_delegation_looked_at_before_the_lock_signs_after_it_was_revoked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same moment where the delegation is read too early: a letter stands that nobody was allowed to sign any more."""
    reply, held = lead_to("to_sign"), given(delegate="reviewer")
    said = signature(reply, "reviewer", held)
    looked, gone = threading.Event(), threading.Event()
    read_early = Delegation.objects.select_related("principal").get(pk=held.pk)

    def sign() -> SignedLetter:
        assert read_early.covers(delegated.ACT, today())
        looked.set()
        gone.wait(timeout=60)
        return signing.sign(**said)

    def revoke() -> None:
        looked.wait(timeout=60)
        try:
            revoked(held)
        finally:
            gone.set()

    monkeypatch.setattr(signing, "signer_for", lambda by, on, delegation: (read_early.principal, read_early))
    assert not [result for result in together(sign, revoke) if isinstance(result, Refusal)]
    letter = SignedLetter.objects.get()
    assert letter.event.pk > Event.objects.get(act="casework.revoke_delegation").pk


# --- by the pages ----------------------------------------------------------------------------------------------

Browser = Callable[[str], Client]


def posted(browser: Client, reply: Reply, **more: str) -> Any:
    reply.case.refresh_from_db()
    sent = {
        "on": today().isoformat(), "why": "同意签发。", "expected_version": str(reply.case.version),
        "seen_hash": life.seen_hash(reply),
    }  # fmt: skip
    return browser.post(f"/proposals/replies/{reply.pk}/acts/sign/", sent | more)


def test_the_page_asks_in_whose_name_only_who_has_a_choice(browser_of: Browser) -> None:
    reply, held = lead_to("to_sign"), given()
    address = f"/proposals/replies/{reply.pk}/acts/sign/"
    assert "以谁的名义签发" not in browser_of("director").get(address).content.decode()
    page = browser_of("vice").get(address).content.decode()
    assert "以谁的名义签发" in page and "代局长" in page and "本人" in page
    assert posted(browser_of("vice"), reply, delegation=str(held.pk)).status_code == 302
    assert (
        "分管副局长（代局长签发）"
        in browser_of("director").get(f"/proposals/replies/{reply.pk}/").content.decode()
    )


def test_who_chose_anothers_name_never_signs_in_their_own(browser_of: Browser) -> None:
    """The delegation is revoked while the page is open; the deputy head could sign alone, but did not ask to."""
    reply, held = lead_to("to_sign"), given()
    revoked(held)
    answer = posted(browser_of("vice"), reply, delegation=str(held.pk))
    assert (
        answer.status_code == 422 and "已于" in answer.content.decode() and not SignedLetter.objects.exists()
    )


def test_a_reviewer_finds_the_way_to_sign_for_another_on_the_reply(browser_of: Browser) -> None:
    reply, held = lead_to("to_sign"), given(delegate="reviewer")
    address = f"/proposals/replies/{reply.pk}/acts/sign/"
    assert address in browser_of("reviewer").get(f"/proposals/replies/{reply.pk}/").content.decode()
    assert browser_of("reviewer").get(address).status_code == 200
    revoked(held)
    assert address not in browser_of("reviewer").get(f"/proposals/replies/{reply.pk}/").content.decode()
    assert "您的角色不能" in browser_of("reviewer").get(address).content.decode()


def test_giving_and_revoking_by_the_pages(browser_of: Browser) -> None:
    sent = {
        "delegate": str(who("vice").pk), "acts": delegated.ACT, "starts_on": today().isoformat(),
        "ends_on": (today() + WEEK).isoformat(), "on": today().isoformat(), "why": "外出参会",
    }  # fmt: skip
    director = browser_of("director")
    assert director.post("/casework/delegations/new/", sent | {"ends_on": "2020-01-01"}).status_code == 422
    assert director.post("/casework/delegations/new/", sent).status_code == 302
    held = Delegation.objects.get()
    assert "有效" in director.get(f"/casework/delegations/{held.pk}/").content.decode()
    address = f"/casework/delegations/{held.pk}/revoke/"
    assert director.post(address, {"on": today().isoformat(), "why": "已返回"}).status_code == 302
    assert "已撤销" in director.get("/casework/delegations/").content.decode()
    assert director.get("/casework/delegations/export/").status_code == 200
    assert "您没有可以授权" in browser_of("officer").get("/casework/delegations/new/").content.decode()
