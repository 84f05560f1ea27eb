"""``make demo``: a city answers its deputies. Data in, letter out, each file said as it is written.

Everything goes through the acts that officers use; running it again keeps the data and writes the files anew.
"""

from __future__ import annotations

import csv
import json
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from mangrove.casework.models import Promise
from mangrove.casework.promise_counts import LEDGER_COLUMNS, ledger_rows
from mangrove.documents.docx import write_docx
from mangrove.documents.pdf import set_letter
from mangrove.figures.check import check_text
from mangrove.figures.report import as_data, as_text
from mangrove.ledger.verify import verify
from mangrove.policies.year.living import live as live_year
from mangrove.policies.year.offering import offer_to_sample_firms
from mangrove.policies.year.telling import SAMPLE_YEAR
from mangrove.proposals.composition import signed_letter
from mangrove.proposals.lines import mapped_number
from mangrove.proposals.map import carried_rows
from mangrove.proposals.models import Proposal, SignedLetter
from mangrove.proposals.sample import live_all
from mangrove.registry.city import create_sample_accounts
from mangrove.registry.models import User
from mangrove.workbench.loading import SEAL, Step, city_steps, saying, take
from mangrove.workbench.sample.living import live_programmes
from mangrove.workbench.settings import write_secret

WHY = "装入样例城市"


def run(out: Path, address: str) -> None:
    """Prepare the database, load the city, live its proposals, and leave the papers in ``out``."""
    prepare(
        ("合成的一年：从公布扶持措施到拨付（约一分钟）", year_of_support),
        ("比对免申即享，列给样例企业确认", offer_to_sample_firms),
    )
    with translation.override("zh-hans"):
        write_papers(out, address)
    print(f"\n已写入 {out}/：{'、'.join(sorted(path.name for path in out.iterdir()))}")
    say_accounts()


def prepare(*more: Step) -> None:
    """``more`` comes before the programmes, whose experts it may admit."""
    sample: list[Step] = [
        ("开立样例账号", accounts),
        ("按业务日期补录建议办理过程", live_all),
        *more,
        ("按业务日期补录申报、评审、公示、付款", live_programmes),
    ]
    take([*city_steps(WHY), *sample, SEAL])


def year_of_support() -> None:
    """As small a year as has every kind of case; `mangrove policies run-year` lives one of full size."""
    live_year(year=SAMPLE_YEAR, firms=60, applications=24, seed=1, say=lambda _line: None)


def password_file() -> Path:
    return Path(settings.MANGROVE_VAR) / "demo_password"


def accounts() -> list[User]:
    """Sample accounts share one password: the environment's, or one made now and kept beside the database."""
    path = password_file()
    if not path.exists():
        write_secret(path, os.environ.get("MANGROVE_DEMO_PASSWORD") or secrets.token_urlsafe(12))
    return create_sample_accounts(settings.MANGROVE_CITY, path.read_text(encoding="utf-8").strip())


def say_accounts() -> None:
    print(
        f"样例账号（registrar_a、officer_a、director、deputy_zhang、applicant_a、expert_a、payer_b …，见 README）的口令在 {password_file()}"
    )


def write_papers(out: Path, address: str) -> None:
    """Letter, font report, figure checks, promises ledger, letter map."""
    out.mkdir(parents=True, exist_ok=True)
    letter = SignedLetter.objects.filter(reply__proposal__number=mapped_number()).order_by("-version")[0]
    with saying("排版复函（PDF、DOCX、字体报告）"):
        paper = set_letter(signed_letter(letter))
        (out / "letter.pdf").write_bytes(paper.pdf)
        (out / "letter.docx").write_bytes(write_docx(signed_letter(letter)))
        (out / "font_report.txt").write_text(paper.fonts.as_text(), encoding="utf-8")
    with saying("核对数字"):
        write_checks(out, letter)
    with saying("承诺台账"):
        write_promises(out)
    with saying("来函对照"):
        write_map(out, address)
    with saying("核验账本"):
        found = verify()
        (out / "ledger.txt").write_text(
            f"已核验 {found.sealed} 条；{'完整' if found.holds else found.broken}\n链头 {found.head}\n",
            encoding="utf-8",
        )


def write_checks(out: Path, letter: SignedLetter) -> None:
    founding = (settings.MANGROVE_CITY / "founding_letter.txt").read_text(encoding="utf-8")
    ours = check_text(letter.body, on=letter.signed_on)
    theirs = check_text(founding, on=letter.signed_on)
    report = f"一、本函\n{as_text(ours)}\n\n二、原复函\n{as_text(theirs)}\n"
    (out / "figure_check.txt").write_text(report, encoding="utf-8")
    both = {"ours": as_data(ours), "founding": as_data(theirs)}
    (out / "figure_check.json").write_text(json.dumps(both, ensure_ascii=False, indent=1), encoding="utf-8")


def write_promises(out: Path) -> None:
    with (out / "promises.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(LEDGER_COLUMNS)
        writer.writerows(ledger_rows(Promise.objects.order_by("number")))


def write_map(out: Path, address: str) -> None:
    rows = carried_rows(Proposal.objects.all())
    page = render_to_string("proposals/map_file.html", {"rows": rows, "base": address})
    (out / "letter_map.html").write_text(page, encoding="utf-8")
