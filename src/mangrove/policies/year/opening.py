"""The shelf is published, the year's money entered, a window opened for each scheme."""

from __future__ import annotations

from django.db import transaction

from mangrove.funding import actions as funding
from mangrove.funding.models import Pot
from mangrove.intake.models import Opening
from mangrove.ledger.refs import SYSTEM
from mangrove.policies.measures.publishing import publish_shelf
from mangrove.policies.schemes.definition import scheme
from mangrove.policies.schemes.opening import open_scheme
from mangrove.policies.year.people import Year, moment
from mangrove.policies.year.projects import YUAN
from mangrove.policies.year.telling import Said


def publish(year: Year) -> str:
    made = publish_shelf(by=SYSTEM, on=year.told.day("shelf"), why=year.told.why)
    return f"新公布规则 {len(made)}"


@transaction.atomic
def open_pots(year: Year) -> str:
    missing = [
        one for one in year.told.calendar["pots"] if not Pot.objects.filter(code=pot_code(year, one)).exists()
    ]
    for one in missing:
        open_pot(year, one)
    return f"新开资金池 {len(missing)}"


def pot_code(year: Year, told: Said) -> str:
    return f"y{year.told.year}-{told['id']}"


def pot_of(year: Year, told: Said) -> Pot:
    return Pot.objects.get(code=pot_code(year, told))


def open_pot(year: Year, told: Said) -> None:
    count = max(1, sum(len(year.city.of_scheme(one)) for one in told["schemes"]))
    number = year.told.calendar["pots"].index(told) + 1
    funding.open_pot(
        code=pot_code(year, told), name=f"{year.told.year}年{told['title']}（合成）", organisation=year.bureau,
        budget_year=year.told.year, document_number=f"合成财〔{year.told.year}〕{number}号",
        amount=told["yuan_each"] * YUAN * count, synthetic=True, **year.written("pots", "payer"),
    )  # fmt: skip


def window_id(year: Year, scheme_id: str) -> str:
    return f"y{year.told.year}-{scheme_id}".replace("_", "-")


@transaction.atomic
def open_windows(year: Year) -> str:
    missing = [
        one for one in year.told.schemes if not Opening.objects.filter(pk=window_id(year, one)).exists()
    ]
    for one in missing:
        title = scheme(one).title
        open_scheme(
            scheme_id=one, id=window_id(year, one), title=f"{year.told.year}年{title.zh}申报（合成）",
            title_en=f"{title.en}, {year.told.year} (synthetic)", opens_at=moment(year.told.day("opens")),
            closes_at=moment(year.told.day("closes")), synthetic=True, **year.by(year.officer_of(one), "pots"),
        )  # fmt: skip
    return f"新开窗口 {len(missing)}"
