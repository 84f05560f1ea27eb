"""The sample life of a proposal, told in the city's YAML and lived through the same acts that officers use.

Nothing here writes a row itself: each line of the file calls one act, on its own business date, by the account
that holds the role. A proposal that is already registered is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from mangrove.proposals import actions, limit_actions, sending, signing
from mangrove.proposals.composition import compose
from mangrove.proposals.lines import letter_map
from mangrove.proposals.models import Claim, Proposal, Reply
from mangrove.proposals.registration import register_proposal
from mangrove.registry.models import Organisation, User

Line = Mapping[str, Any]


def live(path: Path) -> Proposal:
    """Live one proposal through its acts; returns it. Safe to call again."""
    said = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # noqa: S506 -- CSafeLoader is safe
    about = said["proposal"]
    known = Proposal.objects.filter(**{name: about[name] for name in ("kind", "meeting", "number")}).first()
    return known or Life(said, path).live()


class Life:
    """One proposal on its way: what the file says, and how far it has come."""

    def __init__(self, said: Line, path: Path) -> None:
        self.said = said
        self.why = said["why"]
        self.organisation = Organisation.objects.get(pk=said["organisation"])
        self.text = path.with_name(f"{path.stem}_reply.txt").read_text(encoding="utf-8")
        self.proposal: Proposal
        self.reply: Reply

    def live(self) -> Proposal:
        for line in self.said["acts"]:
            acts = self.acts()
            acts.get(line["act"], self.step)(line)
        return self.proposal

    def acts(self) -> dict[str, Callable[[Line], object]]:
        return {
            "register": self.register,
            "hand_over": self.hand_over,
            "contact": self.contact,
            "draft": self.draft,
            "particulars": self.particulars,
            "submit": self.submit,
            "pass_review": self.pass_review,
            "sign": self.sign,
            "number": self.number,
            "deliver": self.deliver,
            "stop_limit": self.stop_limit,
        }

    def person(self, line: Line) -> User:
        """The sample account that holds the role; a unit's people for a unit's acts; the highest rank signs."""
        holders = User.objects.filter(is_active=True).order_by("id")
        if line["by"] in {"case_officer", "reviewer", "signer"}:
            holders = holders.filter(organisation=self.organisation)
        fit = [user for user in holders if user.has_role(line["by"])]
        return next((user for user in fit if user.rank == line.get("rank", "局长")), fit[0])

    def moment(self, line: Line) -> dict[str, Any]:
        return {"by": self.person(line), "on": line["date"], "why": line.get("why", self.why)}

    def at(self, line: Line) -> dict[str, Any]:
        """What every step of the reply is told: who, when, why, and the version that it acts on."""
        self.reply.case.refresh_from_db()
        return self.moment(line) | {"reply_id": self.reply.pk, "expected_version": self.reply.case.version}

    def register(self, line: Line) -> None:
        deputies = [user for user in User.objects.order_by("id") if user.has_role("deputy")]
        about = self.said["proposal"]
        own = [user for user in deputies if user.name == about["lead_deputy"]]
        self.proposal = register_proposal(**self.moment(line), **about, deputies=own)
        for row in letter_map() if about["number"] == self.said.get("mapped", about["number"]) else ():
            if row.kind == "claim":
                Claim.objects.create(proposal=self.proposal, number=row.id, text=row.content)

    def hand_over(self, line: Line) -> None:
        self.reply = actions.hand_over(
            **self.moment(line), proposal_id=self.proposal.pk, organisation=self.organisation, part="主办",
            expected_version=self.proposal.case.version, unit=line.get("unit", ""),
        )  # fmt: skip

    def contact(self, line: Line) -> None:
        actions.record_contact(
            **self.moment(line), reply_id=self.reply.pk, deputy=self.proposal.lead_deputy, means=line["means"],
            summary=line["summary"],
        )  # fmt: skip

    def draft(self, line: Line) -> None:
        text = self.text
        for old, new in line.get("replace", {}).items():
            text = text.replace(old, new)
        last = self.reply.drafts.order_by("-revision").first()
        actions.save_draft(
            by=self.person(line), reply_id=self.reply.pk, text=text, base_revision=last.revision if last else 0
        )  # fmt: skip

    def particulars(self, line: Line) -> None:
        self.reply = actions.set_particulars(
            **self.at(line),
            result_class=line["result_class"],
            openness=line["openness"],
        )

    def submit(self, line: Line) -> None:
        actions.submit(**self.at(line), keep_reason=line.get("keep_reason", ""))

    def pass_review(self, line: Line) -> None:
        actions.pass_review(**self.at(line), seen_hash=self.seen_hash(line))

    def sign(self, line: Line) -> None:
        arguments = self.at(line)
        signing.sign(**(arguments | {"opinion": arguments.pop("why")}), seen_hash=self.seen_hash(line))

    def seen_hash(self, line: Line) -> str:
        return compose(self.reply, actions.latest_draft(self.reply), on=line["date"]).content_hash

    def number(self, line: Line) -> None:
        sending.give_number(**self.at(line), document_number=line["number"])

    def deliver(self, line: Line) -> None:
        to = [f"{self.proposal.lead_deputy}代表", *self.reply.copies]
        sending.deliver(**self.at(line), to=to, means=line["means"])

    def stop_limit(self, line: Line) -> None:
        clock = next(
            one for one in self.reply.case.clocks.order_by("-id") if one.terms["key"] == line["limit"]
        )
        limit_actions.stop_limit(**self.moment(line), clock_id=clock.pk, category=line["category"])

    def step(self, line: Line) -> None:
        actions.step(line["act"], **self.at(line))


def sample_files() -> list[Path]:
    return sorted((Path(settings.MANGROVE_CITY) / "proposals").glob("*.yaml"))


def live_all() -> list[Proposal]:
    """Every proposal of the sample city."""
    return [live(path) for path in sample_files()]
