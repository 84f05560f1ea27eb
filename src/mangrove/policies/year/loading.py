"""The city, its people and firms, and what the registry knows of them: taken in by the imports that people use."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from mangrove.casework.calendars import load_calendar
from mangrove.jobs.actions import submit
from mangrove.jobs.models import State
from mangrove.ledger.refs import SYSTEM
from mangrove.policies.year.firms import Firm
from mangrove.policies.year.people import Year, done
from mangrove.policies.year.sheets import rows_file
from mangrove.registry.accounts import create_account
from mangrove.registry.city import create_sample_accounts, load_registry
from mangrove.registry.importing.files import keep
from mangrove.registry.importing.kinds import importing
from mangrove.registry.models import Organisation, User

Rows = Sequence[Mapping[str, Any]]
SOURCE = "合成年度"
ORGANISATIONS, PRIOR_MONEY, CREDIT = "organisations", "prior_money", "dishonesty_record"


def load_city(year: Year) -> str:
    """The city's files, its working days, and its sample accounts where they are not there yet; those with a password nobody knows."""
    day, why = year.told.day("registry"), year.told.why
    load_registry(settings.MANGROVE_CITY, by=SYSTEM, on=day, why=why)
    load_calendar(by=SYSTEM, on=timezone.localdate())  # it takes no reason, and so is entered today
    wanted = set(year.told.calendar["people"].values())
    if wanted <= set(User.objects.values_list("username", flat=True)):
        return "账号已在"
    made = create_sample_accounts(settings.MANGROVE_CITY, secrets.token_urlsafe(24))
    return f"开立样例账号 {len(made)} 个；登录前请用 mangrove account password 重设密码"


def load_firms(year: Year) -> str:
    """Firms, then everything known of them, each by one file."""
    city = year.city
    take(
        year,
        ORGANISATIONS,
        "organisation",
        [organisation(one) for one in city.firms],
        "registry",
        "registrar",
    )
    for entity in ("firm_year", "title", "standard_result", "listing_step", "ownership"):
        take(year, entity, entity, city.known.of(entity), "registry", "registrar")
    take(year, CREDIT, CREDIT, city.credit, "registry", "registrar")
    take(year, PRIOR_MONEY, "prior_money", city.prior, "registry", "payer")
    return f"企业 {len(city.firms)}，企业年度 {len(city.known.of('firm_year'))}，先前资金 {len(city.prior)}"


def load_later(year: Year) -> str:
    """Listings that came after the applications."""
    take(year, CREDIT, CREDIT, year.city.later, "later_records", "registrar", "年中")
    return f"新列入失信名单 {len(year.city.later)}"


def organisation(one: Firm) -> dict[str, Any]:
    return {
        "id": one.id, "name": one.name, "kind": "firm", "trade": one.trade, "scope": "city", "district": one.district,
        "note": "合成数据", "synthetic": True,
    }  # fmt: skip


def take(
    year: Year, importing_id: str, entity: str, rows: Rows, day: str, part: str, which: str = ""
) -> None:
    """Done once: a file that was taken in already is the same job."""
    if not rows:
        return
    title = f"合成{year.told.year}年{which}{entity}.csv"
    sha256 = keep(io.BytesIO(rows_file(entity, rows)))
    job = submit(
        importing(importing_id).take_kind, title=f"导入 {title}", key=f"year/{sha256[:40]}",
        arguments={"sha256": sha256, "file": title, "source": SOURCE}, **year.written(day, part),
    )  # fmt: skip
    if job.state != State.DONE:
        done(job)


# --- accounts of those who apply -------------------------------------------------------------------------------------


def username(firm: Firm) -> str:
    return f"{firm.id}-a"


def accounts(year: Year) -> str:
    """One person for each firm that applies; nobody knows the password, so nobody signs in as them by accident."""
    password = secrets.token_urlsafe(24)
    hashed = make_password(password)
    missing = list(without_account(year))
    with transaction.atomic():
        for one in missing:
            open_account(year, one, password, hashed)
    return f"新开申报账号 {len(missing)}"


def without_account(year: Year) -> Iterator[Firm]:
    held = set(
        User.objects.filter(username__startswith=f"y{year.told.year}-").values_list("username", flat=True)
    )
    firms = {one.firm.id: one.firm for one in year.city.applications}
    return (one for id, one in sorted(firms.items()) if username(one) not in held)


def open_account(year: Year, firm: Firm, password: str, hashed: str) -> None:
    create_account(
        username=username(firm), name=f"申报经办{firm.id[-5:]}", roles=["applicant"], password=password, hashed=hashed,
        organisation=Organisation.objects.get(pk=firm.id), must_change_password=False, synthetic=True, by=SYSTEM,
        on=year.told.day("registry"), why=year.told.why,
    )  # fmt: skip
