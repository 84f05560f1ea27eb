"""What each route's address names: the same scene that the browser tests look at, and what of it each act is tried on.

A route that ``test_every_page.VISITS`` opens is found there. What it does not open, and each act of a route that serves
several, has a line here. A path into the scene (``promise.pk``), or with ``=`` a plain word, as in ``VISITS``.
"""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.urls import resolve, reverse

from browser.scenes import set_the_scene, small_reply, with_evidence
from browser.test_every_page import REFUSED, VISITS, argument
from mangrove.casework.models import Attachment, Promise
from mangrove.casework.promises import advance
from mangrove.proposals import actions
from mangrove.proposals.models import ReceivedLetter, SignedLetter
from mangrove.proposals.received.intake import read_in
from mangrove.workbench.reach.declared import Line
from proposals import life
from proposals.received.conftest import WATER, file, settle_all

from .people import browser_of

NAMES = {
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
    return made


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
    return reverse(line.route, args=[argument(things, name) for name in names.split()])


#: A name that nothing has, by the kind of what it stands in for.
NOTHING = {"int": "987654321", "uuid": "00000000-0000-4000-8000-000000000000", "slug": "nothing-of-that-name"}


def address_of_nothing(line: Line, where: str) -> str:
    """The same route for a thing that does not exist; empty where the address names none."""
    match = resolve(where)
    if not match.kwargs:
        return ""
    first, value = next(iter(match.captured_kwargs.items()))
    kind = "int" if isinstance(value, int) else "uuid" if isinstance(value, UUID) else "slug"
    return reverse(line.route, kwargs=match.captured_kwargs | {first: NOTHING[kind]})
