"""The page of a firm: what it could get by what is known, its claims and where they stand, its money; and who may see it."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mangrove.funding import actions as funding
from mangrove.funding.models import Award
from mangrove.intake import checking
from mangrove.jobs import worker
from mangrove.jobs.actions import submit
from mangrove.ledger.refs import Ref
from mangrove.policies.claims import actions as claims
from mangrove.policies.claims.models import Claim
from mangrove.policies.firms.access import awards_of
from mangrove.policies.schemes.definition import scheme
from mangrove.registry.importing.files import keep
from mangrove.registry.importing.kinds import importing
from mangrove.registry.models import Organisation, User

from . import life

pytestmark = pytest.mark.django_db

FUNDED = "到账标识,收款单位,来源层级,到账金额,到账日期"
BUILT = "年度建网标识,建设单位,年度,广电企业,万兆端口占比,网络质量达标,万兆端口新增数"


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def at(username: str) -> Client:
    client = Client()
    client.force_login(life.who(username))
    return client


def shown(username: str, firm: str = "firm_a", **more: Any) -> str:
    answer = at(username).get(reverse("policies:firm", args=[firm]), **more)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def recorded(entity: str, *lines: str) -> None:
    """Taken in from a sheet, as the office does."""
    content = io.BytesIO("\n".join(lines).encode())
    submit(
        importing(entity).take_kind, title="导入样例", by=life.who("officer").actor, on=life.today(),
        arguments={"sha256": keep(content), "file": f"{entity}.csv", "source": "样例（合成）"},
    )  # fmt: skip
    worker.work(until_idle=True)


def part(html: str, id: str) -> str:
    found = re.search(
        rf'<section class="card"[^>]*><h2 class="card__head" id="{id}">(.*?)</section>', html, re.S
    )
    return words(found.group(1)) if found else ""


@pytest.fixture
def bureau() -> None:
    life.bureau()


@pytest.mark.usefixtures("bureau")
def test_what_the_records_meet_is_told_with_its_money_and_reasons() -> None:
    recorded("received_funding", FUNDED, "r1,firm_a,国家级,450万元,2024-03-01")
    met = part(shown("firm_a"), "met")
    assert "符合" in met and "450万元" in met.replace(",", "") or "4,500,000" in met
    assert "到账日期不晚于决定日" in met and "没有已经符合" in part(shown("firm_b", "firm_b"), "met")


@pytest.mark.usefixtures("bureau")
def test_a_near_miss_is_told_with_its_gap_and_what_is_far_off_is_not() -> None:
    recorded("network_year", BUILT, "n1,firm_a,2022,是,88%,是,1000", "n2,firm_a,2021,是,10%,否,5")
    near = part(shown("firm_a"), "near")
    assert "差2个百分点" in near and "n1" in near and "n2" not in near


@pytest.mark.usefixtures("bureau")
def test_what_lacks_a_judgement_names_the_judge() -> None:
    recorded(
        "title",
        "称号标识,获认定单位,称号类别,认定层级,认定日期",
        "t1,firm_a,供给资源池服务商,省级,2024-05-01",
    )
    assert "由业务处室核定" in part(shown("firm_a"), "lacking")


def test_claims_stand_with_who_has_them_since_when_in_public_words() -> None:
    life.claimed(life.window())
    claims = part(shown("firm_a"), "claims")
    assert "审核中" in claims and "市工信局" in claims and life.days_ago(40).isoformat() in claims
    assert "经办人officer" not in claims
    assert "没有规定期限" in claims and "未列入计划" in claims


def test_a_claim_in_a_plan_says_the_budget_year() -> None:
    life.ready(life.claimed(life.window()))
    life.planned()
    assert "2026" in part(shown("firm_a"), "claims")


def awarded(firm: str, n: int = 1) -> Award:
    pot = life.pot(code=f"pot-{firm}-{n}")
    return funding.decide(
        pot=pot, recipient=Organisation.objects.get(pk=firm), programme="policies", subject=Ref("policies", "claim", f"{firm}-{n}"),
        title=f"资助{n}（合成）", amount=100_000_000, basis="纪要（合成）", by=life.who("officer").actor, on=life.today(), synthetic=True,
    )  # fmt: skip


@pytest.mark.usefixtures("bureau")
def test_the_five_amounts_are_kept_apart_and_no_day_is_made_up() -> None:
    award = awarded("firm_a")
    funding.prepare_order(
        award=award, tranche=1, amount=60_000_000, payee="深圳A企业有限公司（合成）", bank="银行（合成）", account="6222000000000001",
        by=life.who("payer").actor, on=life.today(),
    )  # fmt: skip
    html = shown("firm_a")
    money = part(html, "money")
    assert "1,000,000.00" in money and "600,000.00" in money
    assert "办理中" in money and "2026" in money
    assert "6222000000000001" not in html
    awarded("firm_a", 2)
    assert "没有规定日期" in part(shown("firm_a"), "money")


@pytest.mark.usefixtures("bureau")
def test_what_came_back_is_listed_with_its_reason_and_its_paper() -> None:
    award = awarded("firm_a")
    assert 'id="recoveries"' not in shown("firm_a")
    order = funding.prepare_order(
        award=award, tranche=1, amount=60_000_000, payee=award.recipient.name, bank="银行（合成）", account="6222000000000001",
        by=life.who("payer").actor, on=life.today(),
    )  # fmt: skip
    order.state, order.settled_on = "paid", life.days_ago(9)
    order.save()
    funding.recover(
        award=award, amount=12_345_00, basis="追回通知〔2026〕7号（合成）", receipt="缴0007", by=life.who("payer").actor, on=life.today(),
        why="设备数量核减（合成）",
    )  # fmt: skip
    for page in (shown("firm_a"), shown("officer")):
        part = page[page.index('id="recoveries"') :].split("</section>")[0]
        for told in (
            award.title,
            "设备数量核减（合成）",
            "追回通知〔2026〕7号（合成）",
            "缴0007",
            life.today().isoformat(),
            "12,345.00",
        ):
            assert told in part


@pytest.mark.usefixtures("bureau")
def test_the_word_for_the_money_and_its_day_go_together() -> None:
    order = funding.prepare_order(
        award=awarded("firm_a"), tranche=1, amount=60_000_000, payee="深圳A企业有限公司（合成）", bank="银行（合成）", account="6222000000000001",
        by=life.who("payer").actor, on=life.today(),
    )  # fmt: skip
    order.state, order.settled_on = "paid", life.days_ago(9)
    order.save()
    assert f"已支付 {life.days_ago(9)}" in part(shown("firm_a"), "money")
    funding.confirm_received(order=order, by=life.who("payer").actor, on=life.today())
    money = part(shown("firm_a"), "money")
    assert f"已到账 {life.today()}" in money and f"已支付 {life.today()}" not in money


def test_applications_that_became_no_claim_are_shown_as_well() -> None:
    window = life.window()
    one = life.applied(window)
    mine, theirs = part(shown("firm_a"), "other-applications"), part(shown("officer"), "other-applications")
    assert one.number in mine and "已提交，等待形式审查" in mine and "经办人officer" not in mine
    assert one.number in theirs and "待形式审查" in theirs
    assert "还没有申报" not in words(shown("firm_a"))
    assert one.number not in shown("stranger")
    checking.take(
        application_id=one.pk, by=life.who("officer"), **life.at(), expected_version=one.case.version
    )
    one.case.refresh_from_db()
    checking.decide(
        application_id=one.pk, outcome="accept", findings=[], by=life.who("officer"), **life.at(),
        expected_version=one.case.version,
    )  # fmt: skip
    assert one.number not in part(
        shown("firm_a"), "other-applications"
    ) and Claim.objects.get().title in shown("firm_a")


@pytest.mark.usefixtures("bureau")
def test_another_firm_is_not_there() -> None:
    for username, wanted in (
        ("firm_a", 200),
        ("firm_b", 404),
        ("officer", 200),
        ("auditor", 200),
        ("stranger", 200),
    ):
        assert at(username).get(reverse("policies:firm", args=["firm_a"])).status_code == wanted, username
    assert at("officer").get(reverse("policies:firm", args=["nobody"])).status_code == 404
    assert at("officer").get(reverse("policies:firm", args=["gxj"])).status_code == 404
    assert Client().get(reverse("policies:firm", args=["firm_a"])).status_code == 302


def test_an_officer_of_another_bureau_sees_neither_claims_nor_money() -> None:
    claim = life.claimed(life.window())
    awarded("firm_a")
    html = shown("stranger")
    assert claim.title not in html and "1,000,000.00" not in html
    for username in ("officer", "auditor"):
        assert claim.title in shown(username) and "1,000,000.00" in shown(username)


@pytest.mark.usefixtures("bureau")
def test_all_entries_of_a_merged_firm_are_one_page() -> None:
    other = Organisation.objects.create(
        id="firm_a_old", name="深圳旧名有限公司（合成）", kind="firm", merged_into_id="firm_a"
    )
    awarded(other.pk)
    assert "1,000,000.00" in shown("firm_a") and "1,000,000.00" in shown("firm_a", other.pk)
    User.objects.filter(username="firm_a").update(organisation=other)
    assert "1,000,000.00" in shown("firm_a")
    assert awards_of(life.who("firm_a"), Organisation.objects.get(pk="firm_a")).count() == 1
    assert at("firm_b").get(reverse("policies:firm", args=[other.pk])).status_code == 404


@pytest.mark.usefixtures("bureau")
def test_the_own_page_is_one_line_of_the_navigation_away() -> None:
    answer = at("firm_a").get(reverse("policies:own_firm"))
    assert answer.status_code == 302 and answer["Location"] == reverse("policies:firm", args=["firm_a"])
    assert at("officer").get(reverse("policies:own_firm")).status_code == 404
    assert reverse("policies:own_firm") in shown("firm_a")


@pytest.mark.usefixtures("bureau")
def test_the_list_has_for_a_firm_only_itself() -> None:
    def names(username: str) -> str:
        return words(at(username).get(reverse("policies:firms")).content.decode())

    assert "深圳B企业" in names("officer") and "市工信局" not in names("officer").split("深圳A企业")[1][:200]
    assert "深圳A企业" in names("firm_a") and "深圳B企业" not in names("firm_a")
    assert at("officer").get(reverse("policies:firms_export")).status_code == 200


def test_as_many_queries_for_one_row_as_for_five() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            shown("firm_a")
        return len(found)

    life.claimed(life.window())
    awarded("firm_a")
    recorded("received_funding", FUNDED, "r1,firm_a,国家级,450万元,2024-03-01")
    shown("firm_a")
    one = queries()
    for n in range(2, 6):
        life.claimed(life.window(id=f"testbed-{n}"))
        awarded("firm_a", n)
    recorded("received_funding", FUNDED, *(f"r{n},firm_a,省级,{n}0万元,2024-03-0{n}" for n in range(2, 6)))
    assert Claim.objects.count() == 5
    assert queries() == one


@pytest.mark.usefixtures("bureau")
def test_it_is_complete_in_english() -> None:
    recorded("received_funding", FUNDED, "r1,firm_a,国家级,450万元,2024-03-01")
    found = words(shown("firm_a", headers={"accept-language": "en"}))
    assert "What it can get now" in found and "qualifies" in found and "Decided" in found


@pytest.mark.usefixtures("bureau")
def test_a_thing_that_was_claimed_is_marked() -> None:
    """A claim of the very record stands beside the result that it came from."""
    recorded(
        "support_project",
        "扶持项目标识,申报单位,扶持方向,联合建设,经审核投资额",
        "p1,firm_a,测试验证环境,是,100万元",
    )
    assert "已申报" not in part(shown("firm_a"), "met")
    with transaction.atomic():
        claims.opened(
            scheme("testbed"), organisation=Organisation.objects.get(pk="firm_a"), title="测试环境（合成）", applied_on=life.today(),
            declared={}, by=life.who("officer").actor, on=life.today(), unit="应用处", office=Organisation.objects.get(pk="gxj"),
            thing="p1", synthetic=True,
        )  # fmt: skip
    assert "已申报 测试环境（合成）" in part(shown("firm_a"), "met")


@pytest.mark.usefixtures("bureau")
def test_what_needs_no_application_is_marked() -> None:
    recorded(
        "title", "称号标识,获认定单位,称号类别,认定层级,认定日期", "t1,firm_a,标准化试点示范,市级,2024-05-01"
    )
    met = part(shown("firm_a"), "met")
    assert "免申即享" in met and "不必申报" in met and "30万元" in met


def test_the_firms_own_list_says_how_its_accepted_application_goes_on() -> None:
    claim = life.ready(life.claimed(life.window()))
    assert claim.application is not None
    own = at("firm_a")
    listed = words(own.get(reverse("intake:mine")).content.decode())
    page = words(own.get(reverse("intake:application", args=[claim.application.pk])).content.decode())
    for said in (listed, page):
        assert "审核完成，等待资助计划" in said
    assert "经办人officer" not in listed
    assert "扶持申报的进展" in page
    office = words(at("officer").get(reverse("intake:submissions")).content.decode())
    assert "审核完成，等待资助计划" not in office


def test_what_is_open_is_told_and_each_instalment_with_its_days() -> None:
    opening = life.window()
    assert opening.title in words(shown("firm_a"))
    claim = life.ready(life.claimed(opening))
    assert "200万" not in shown("firm_a") and "还没有公示的资助计划" in own_claim(claim)
    plan = life.planned()
    assert "2,000,000.00" not in own_claim(claim)  # computed, and not told before the public is
    life.announced(plan)
    assert "2,000,000.00" in own_claim(claim)


def own_claim(claim: Claim) -> str:
    return words(at("firm_a").get(reverse("policies:claim", args=[claim.pk])).content.decode())


def test_who_only_applies_begins_with_the_page_of_the_firm(client: Client) -> None:
    life.bureau()
    for name, begins in (("firm_a", reverse("policies:own_firm")), ("officer", reverse("workbench:home"))):
        person = life.who(name)
        person.set_password("合成口令 2026 甲")
        person.save()
        entered = client.post(
            reverse("workbench:sign_in"), {"username": person.username, "password": "合成口令 2026 甲"}
        )
        assert entered.status_code == 302 and entered["Location"] == begins, name
        client.logout()


def test_what_waits_for_the_firm_is_what_it_has_not_handed_in_or_has_to_mend() -> None:
    from mangrove.intake.room import unfinished

    claim = life.claimed(life.window())
    assert unfinished(User.objects.get(pk=life.who("firm_a").pk)) == 0, claim
