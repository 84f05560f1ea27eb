"""Three accounts for every role: whose the scene's things are, a colleague of another unit, and one of another organisation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.contrib.auth.hashers import make_password
from django.test import Client

from browser.scenes import BACKEND, PASSWORD
from mangrove.registry.models import User
from mangrove.registry.roles import ROLES
from mangrove.workbench.reach.grants import Place

HOME, ELSEWHERE = "szgxj", "sz_ndrc"

#: Who of the sample accounts has a hand in the scene. A role that is not here gets an account in the unit that handles.
OWN = {
    "registrar": "registrar_a", "case_officer": "officer_a", "reviewer": "reviewer_a", "signer": "director",
    "deputy": "deputy_zhang", "payment_officer": "payer_a", "payment_approver": "payer_b", "objection_office": "objection_a",
    "complaint_office": "complaint_a", "applicant": "a1", "expert": "expert_1",
}  # fmt: skip
#: Deputies are of the congress, whoever handles what they proposed.
OF_THE_CONGRESS = {"deputy"}


@dataclass(frozen=True)
class Someone:
    role: str
    place: Place
    username: str

    def __str__(self) -> str:
        return f"{self.role}·{self.place}"


def everybody() -> list[Someone]:
    """Opened where they are not there yet. The sample registrar is moved into the organisation that handles."""
    User.objects.filter(username=OWN["registrar"]).update(organisation=HOME, unit="应用处")
    return [Someone(role.id, place, account(role.id, place)) for role in ROLES for place in places()]


def places() -> tuple[Place, ...]:
    return ("own", "house", "other")


def account(role: str, place: Place) -> str:
    if place == "own" and role in OWN:
        return OWN[role]
    home, unit = (HOME, {"own": "应用处", "house": "基础设施处", "other": ""}[place])
    if role in OF_THE_CONGRESS:
        home, unit = "sz_npc", ""
    elif place == "other":
        home = ELSEWHERE
    User.objects.create(
        username=f"{role}.{place}", name=f"样例{role}", organisation_id=home, unit=unit, roles=[role],
        rank="局长" if role == "signer" else "", password=hashed(), synthetic=True,
    )  # fmt: skip
    return f"{role}.{place}"


@cache
def hashed() -> str:
    return make_password(PASSWORD)


def browser_of(username: str, **how: bool) -> Client:
    client = Client(**how)
    client.force_login(User.objects.get(username=username), backend=BACKEND)
    return client
