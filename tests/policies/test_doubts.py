"""What is found doubtful, and what is not: a labelled set of both, by the acts that people use."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from mangrove.funding import actions as funding
from mangrove.funding import evidence
from mangrove.funding.models import Award, Evidence, PriorMoney
from mangrove.funding.sending import ask_to_send, make_run
from mangrove.jobs import worker
from mangrove.jobs.models import Job
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Ref
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims import actions
from mangrove.policies.claims import evidence as claim_evidence
from mangrove.policies.claims.audit import conclude_audit, findings, reasons
from mangrove.policies.claims.credit import listings
from mangrove.policies.claims.expenses import take_expenses
from mangrove.policies.claims.models import Claim, Doubt
from mangrove.policies.claims.relations import Holding, related
from mangrove.policies.claims.searching_doubts import ask_to_search, search
from mangrove.registry.models import Organisation
from mangrove.registry.records.models import Record
from racing import together, wrong

from . import life
from .sheets import line, sheet

pytestmark = pytest.mark.django_db
PERCENT = 10_000  # shares are kept at four decimals


def claim_with(firm: str, *lines: Mapping[str, Any], text: str = "") -> Claim:
    """A claim of a firm with these lines, whose text is its own where nothing else is said."""
    opening = life.Opening.objects.filter(pk="testbed-w").first() or life.window()
    own = text or OWN[firm]
    claim = life.claimed(
        opening, firm, title=f"项目{firm}（合成）", summary=own, results=f"{firm}的成效：{own[:20]}"
    )
    if lines:
        take_expenses(
            claim_id=claim.pk, by=life.who("officer"), content=sheet(*lines), name="清单.csv", **life.at()
        )
    return claim


OWN = {
    "a": "在坪山厂区的焊装车间布设室内小站，用低时延专网控制三十台机械臂，并把视觉质检的图像送到边缘节点判读，次品当班剔除。",
    "b": "为龙华的医院建一套移动查房系统，医生推着平板车走到床前就能调看影像和检验结果，夜间护士站可远程会诊，减少往返。",
    "c": "沿盐田港区的堆场铺设无线回传，岸桥司机改在楼里操作，集卡按指令自动避让，雾天作业不停，司机不再爬高三十米。",
    "d": "给光明的蔬菜大棚装传感终端，温度、湿度和二氧化碳每五分钟上报一次，农户用手机开关风机和喷淋，歉收时可查原因。",
}


def searched(claim: Claim, **told: Any) -> list[Doubt]:
    return search(claim_id=claim.pk, by=life.who("officer"), **{**life.at(), **told})


def kinds(claim: Claim) -> set[str]:
    return set(claim.doubts.values_list("kind", flat=True))


def recorded(entity: str, about: str, **values: Any) -> Record:
    """A record as an import would leave it."""
    key = f"{entity}-{uuid.uuid4().hex[:8]}"
    said = {id: value.isoformat() if isinstance(value, date) else value for id, value in values.items()}
    return Record.objects.create(
        entity=entity, thing=uuid.uuid4(), key=key, organisation_id=about, values={"id": key, **said}, source="样例（合成）",
        synthetic=True, known_from=timezone.now(), on=life.today(), batch=uuid.uuid4(),
    )  # fmt: skip


def owns(holder: str, held: str, share: str = "60.0000", **told: Any) -> Record:
    return recorded("ownership", held, holder=holder, held=held, share=share, **told)


def listed(firm: str, since: date, until: date | None = None) -> Record:
    more = {"removed_on": until} if until else {}
    return recorded(
        "dishonesty_record", firm, organisation=firm, listed_on=since, list="市级失信惩戒清单（合成）", **more
    )


class TestFound:
    def test_an_invoice_that_counts_in_another_claim(self) -> None:
        first, second = claim_with("a", line(1)), claim_with("b", line(2, invoice="26440000 0000 0000 0001"))
        assert searched(first) == []
        [doubt] = searched(second)
        assert (doubt.kind, doubt.other) == ("invoice", str(first.ref))
        assert (
            doubt.detail["there"]["claimant"] == first.organisation.name
            and doubt.detail["there"]["amount"] == 1_130_000
        )

    def test_a_contract_of_the_same_seller_in_two_claims(self) -> None:
        first, second = claim_with("a", line(1)), claim_with("b", line(2, contract="ht-2025-0007"))
        searched(first), searched(second)
        assert kinds(second) == {"contract"}

    def test_two_claims_with_an_invoice_that_was_paid_for_elsewhere(self) -> None:
        prior("26440000000000000001")
        first, second = claim_with("a", line(1)), claim_with("b", line(2, invoice="26440000000000000001"))
        searched(first), searched(second)
        assert kinds(first) == {"elsewhere", "invoice"} and kinds(second) == {"elsewhere", "invoice"}
        assert not Evidence.objects.filter(key="26440000000000000001").exists()

    def test_money_had_elsewhere_for_another_part_is_accepted_once_a_person_says_so(self) -> None:
        prior("26440000000000000001")
        claim = claim_with("a", line(1))
        [doubt] = searched(claim)
        actions.weigh(
            doubt_id=doubt.pk, upheld=False, reason="那一次只资助安装费", by=life.who("officer"), **life.at()
        )
        assert searched(claim) == []
        assert Evidence.objects.get(kind="invoice").accepted_reason == "那一次只资助安装费"

    def test_a_contract_split_over_two_claims_of_a_firm(self) -> None:
        first = claim_with("a", line(1, contract="HT-2025-0101", declared="50000"))
        second = life.claimed(
            life.window(id="testbed-2"),
            "a",
            title="另一项（合成）",
            summary=OWN["c"],
            results=OWN["d"],
        )
        take_expenses(
            claim_id=second.pk, by=life.who("officer"), name="清单.csv", **life.at(),
            content=sheet(line(2, contract="HT-2025-0102", contract_on=date(2025, 2, 9), invoice_on=date(2025, 6, 1))),
        )  # fmt: skip
        searched(first), searched(second)
        assert kinds(second) == {"split"} and second.doubts.get().other == str(first.ref)

    def test_a_text_copied_from_another_firm(self) -> None:
        first = claim_with("a")
        second = claim_with("b", text=OWN["a"].replace("坪山", "龙岗") + "另配备一名值守人员。")
        searched(second)
        assert kinds(second) == {"alike"} and second.doubts.get().other == str(first.ref)

    def test_an_invoice_on_two_lines_of_one_list(self) -> None:
        """It names both lines, holds the claim up, and the audit says so at the second."""
        claim = claim_with(
            "a", line(1, invoice="26440000000000000009"), line(2), line(3, invoice="26440000000000000009")
        )
        [doubt] = searched(claim)
        assert doubt.kind == "repeated" and [one["line"] for one in doubt.detail["lines"]] == [1, 3]
        assert doubt.detail["amount"] == 2_260_000 and searched(claim) == []
        with pytest.raises(Refusal) as open_:
            actions.check(
                claim_id=claim.pk,
                kind="doubles",
                passed=True,
                opinion="",
                by=life.who("officer"),
                **life.at(),
            )
        assert open_.value.code == "policies.doubts_open"
        audit = findings(claim)
        assert [one.waits for one in audit.lines] == [False, False, True]
        assert "与第 1 行是同一张发票" in reasons(audit.lines[2], audit, "zh")[0]

    @pytest.mark.parametrize("upheld", [True, False])
    def test_an_invoice_on_two_lines_counts_as_the_person_judged(self, upheld: bool) -> None:
        claim = claim_with(
            "a", line(1, invoice="26440000000000000009"), line(2, invoice="26440000000000000009")
        )
        [doubt] = searched(claim)
        actions.weigh(
            doubt_id=doubt.pk, upheld=upheld, reason="看过发票原件", by=life.who("officer"), **life.at()
        )
        audit = findings(claim)
        assert audit.totals["audited_investment"] == (1_000_000 if upheld else 2_000_000)
        assert bool(reasons(audit.lines[1], audit, "en")) is upheld
        assert searched(claim) == []

    def test_the_audit_itself_raises_the_doubt(self) -> None:
        claim = claim_with(
            "a", line(1, invoice="26440000000000000009"), line(2, invoice="26440000000000000009")
        )
        conclude_audit(claim_id=claim.pk, passed=True, opinion="", by=life.who("officer"), **life.at())
        assert kinds(claim) == {"repeated"}

    @pytest.mark.parametrize("way", ["holds", "held", "between", "sisters"])
    def test_the_same_equipment_by_a_related_firm(self, way: str) -> None:
        life.bureau()
        for holder, held in {
            "holds": [("firm_a", "firm_b")], "held": [("firm_b", "firm_a")],
            "between": [("firm_a", "firm_c"), ("firm_c", "firm_b")], "sisters": [("firm_c", "firm_a"), ("firm_c", "firm_b")],
        }[way]:  # fmt: skip
            owns(holder, held)
        first = claim_with("a", line(1, seller="甲"))
        second = claim_with("b", line(2, content=line(1)["content"], seller="乙"))
        searched(second)
        doubt = second.doubts.get()
        assert (doubt.kind, doubt.other) == ("related", str(first.ref))
        assert doubt.detail["equipment"] == [line(1)["content"]] and "sellers" not in doubt.detail

    def test_a_firm_on_a_list_when_it_applied(self) -> None:
        claim = claim_with("a")
        listed("firm_a", claim.applied_on)
        [doubt] = searched(claim)
        assert doubt.kind == "credit" and claim.applied_on.isoformat() in doubt.detail["days"]

    def test_a_firm_listed_since_it_applied(self) -> None:
        claim = claim_with("a")
        listed("firm_a", claim.applied_on + timedelta(1))
        assert [one.detail["days"] for one in searched(claim, on=life.today())] == [
            [life.today().isoformat()]
        ]


class TestInnocent:
    def test_an_invoice_split_over_lines_within_its_amount(self) -> None:
        told = {"invoice": "26440000000000000009", "invoice_amount": "22600"}
        claim = claim_with("a", line(1, **told), line(2, **told))
        assert searched(claim) == [] and not any(one.again for one in findings(claim).lines)
        over = claim_with("b", line(1, **told | {"invoice_amount": "22599.99"}), line(2, **told))
        searched(over)
        assert "repeated" in kinds(over)

    def test_two_sellers_with_one_short_number(self) -> None:
        claim = claim_with(
            "a", line(1, invoice="12", seller="甲（合成）"), line(2, invoice="12", seller="乙（合成）")
        )
        assert searched(claim) == []

    def test_one_seller_and_contracts_far_apart(self) -> None:
        first = claim_with("a", line(1, contract="HT-2025-0101"))
        second = life.claimed(
            life.window(id="testbed-2"),
            "a",
            title="另一项（合成）",
            summary=OWN["c"],
            results=OWN["d"],
        )
        later = line(
            2,
            contract="HT-2025-0102",
            contract_on=date(2025, 8, 1),
            invoice_on=date(2025, 9, 1),
            declared="22600",
        )
        take_expenses(
            claim_id=second.pk, by=life.who("officer"), name="清单.csv", content=sheet(later), **life.at()
        )
        assert searched(first) == [] and searched(second) == []

    def test_two_sellers_with_the_same_number_of_a_contract(self) -> None:
        first = claim_with("a", line(1))
        second = claim_with("b", line(2, contract=line(1)["contract"], seller="深圳乙设备有限公司（合成）"))
        assert searched(first) == [] and searched(second) == []

    def test_two_sellers_with_the_same_short_number_of_an_invoice(self) -> None:
        first = claim_with("a", line(1, invoice="00012345"))
        second = claim_with("b", line(2, invoice="12345", seller="深圳乙设备有限公司（合成）"))
        assert searched(first) == [] and searched(second) == []

    def test_and_a_third_claim_with_the_seller_s_own_number_is_found(self) -> None:
        claims = [
            claim_with("a", line(1, invoice="00012345")),
            claim_with("b", line(2, invoice="00012345", seller="乙")),
            claim_with("c", line(3, invoice="00012345", seller="乙")),
        ]
        for one in claims:
            searched(one)
        assert [kinds(one) for one in claims] == [set(), {"invoice"}, {"invoice"}]

    def test_however_the_number_is_written_in_the_two_lists(self) -> None:
        """Another has entered it under its own seller: neither of these two can."""
        claims = [
            claim_with("a", line(1, invoice="00012345")),
            claim_with("b", line(2, invoice="00012345", seller="乙")),
            claim_with("c", line(3, invoice="0001 2345", seller="乙")),
        ]
        for one in claims:
            searched(one)
        assert [kinds(one) for one in claims] == [set(), {"invoice"}, {"invoice"}]

    def test_a_framework_contract_with_an_invoice_for_each(self) -> None:
        first = claim_with("a", line(1, contract="年度框架-01"), line(2, contract="年度框架-01"))
        second = claim_with("b", line(3, contract="年度框架-01"))
        assert searched(first) == [] and searched(second) == []

    def test_sentences_of_a_template_in_texts_of_their_own(self) -> None:
        promise = "本单位承诺所填内容真实准确。"
        first = claim_with("a", text=OWN["a"] + promise)
        second = claim_with("b", text=OWN["b"] + promise)
        assert searched(first) == [] and searched(second) == []

    def test_related_firms_with_projects_of_their_own(self) -> None:
        life.bureau()
        owns("firm_a", "firm_b")
        claim_with("a", line(1, seller="甲"))
        assert searched(claim_with("b", line(2, seller="乙"))) == []

    def test_a_small_share_an_ended_one_and_none_but_a_like_name(self) -> None:
        life.bureau()
        owns("firm_a", "firm_b", share="49.9999")
        owns("firm_c", "firm_b", held_until=life.days_ago(40))
        owns("firm_d", "firm_b", held_from=life.days_ago(39))
        for firm in "acd":
            claim_with(firm, line(ord(firm)))
        assert "related" not in {one.kind for one in searched(claim_with("b", line(1)))}

    def test_a_listing_that_ended_is_shown_and_hinders_nobody(self) -> None:
        claim = claim_with("a")
        listed("firm_a", life.days_ago(400), life.days_ago(40))  # removed on the day of applying
        assert searched(claim, on=life.today()) == [] and len(listings(["firm_a"])) == 1

    def test_who_applies_again_after_a_refusal(self) -> None:
        first = claim_with("a", line(1))
        searched(first)
        actions.step(
            claim_id=first.pk,
            act="refuse",
            by=life.who("officer"),
            expected_version=first.case.version,
            **life.at(),
        )
        second = claim_with("b", line(1), text=OWN["a"])
        assert searched(second) == []
        assert Event.objects.filter(act="funding.evidence.release").count() == 2


class TestSearch:
    def test_asked_again_it_changes_nothing(self) -> None:
        first, second = claim_with("a", line(1)), claim_with("b", line(1), text=OWN["a"])
        for _again in range(2):
            searched(first), searched(second)
        assert kinds(second) == {"invoice", "contract", "alike"} and second.doubts.count() == 3
        assert Evidence.objects.count() == 2 and Event.objects.filter(act="policies.claim.doubt").count() == 2

    def test_what_was_weighed_stays_weighed(self) -> None:
        claim = claim_with("a")
        listed("firm_a", claim.applied_on)
        [doubt] = searched(claim)
        actions.weigh(
            doubt_id=doubt.pk, upheld=False, reason="同名，不是这家", by=life.who("officer"), **life.at()
        )
        assert searched(claim) == [] and claim.doubts.get().state == "dismissed"

    def test_all_at_once_in_the_background_and_who_handed_in_first_keeps_what_both_rest_on(self) -> None:
        first, second = claim_with("a", line(1)), claim_with("b", line(1))
        job = ask_to_search(by=life.who("officer"), **life.at())
        assert ask_to_search(by=life.who("officer"), **life.at()) == job
        worker.work(until_idle=True)
        job = Job.objects.get(pk=job.pk)
        assert job.state == "done" and job.result["claims"] == 2
        assert (kinds(first), kinds(second)) == (set(), {"invoice", "contract"})

    def test_a_corrected_list_lets_go_of_what_it_no_longer_names(self) -> None:
        claim = claim_with("a", line(1), line(2))
        searched(claim)
        take_expenses(
            claim_id=claim.pk, by=life.who("officer"), content=sheet(line(1)), name="x.csv", **life.at()
        )
        living = Evidence.objects.filter(released_on=None)
        assert {one.number for one in living} == {line(1)["invoice"], line(1)["contract"]}

    def test_not_by_who_is_not_its_officer(self) -> None:
        claim = claim_with("a")
        for name in ("director", "stranger", "firm_a"):
            with pytest.raises(Exception) as refused:
                search(claim_id=claim.pk, by=life.who(name), **life.at())
            assert type(refused.value).__name__ in ("Refusal", "Http404")


def prior(number: str) -> PriorMoney:
    return PriorMoney.objects.create(
        level="district", programme="区级专项（合成）", year=2025, recipient="深圳A企业有限公司（合成）", matter="设备（合成）",
        invoice_number=number, key=number, amount=500_000, source="样例（合成）",
    )  # fmt: skip


class TestPaying:
    def award(self) -> Award:
        life.bureau()
        return funding.decide(
            pot=life.pot(), recipient=Organisation.objects.get(pk="firm_a"), programme="policies",
            subject=Ref("policies", "claim", "1"), title="样例（合成）", amount=100_00, basis="纪要", by=life.who("payer").actor, **life.at(),
        )  # fmt: skip

    def order(self, award: Award) -> Any:
        return funding.prepare_order(
            award=award, tranche=1, amount=100_00, payee="深圳A企业有限公司（合成）", bank="样例银行", account="6222000000000001",
            by=life.who("payer").actor, on=life.today(),
        )  # fmt: skip

    def test_who_is_listed_is_not_paid_at_any_of_the_three_steps(self) -> None:
        award = self.award()
        order = self.order(award)
        approver = life.who("approver").actor
        entry = listed("firm_a", life.today())
        with pytest.raises(Refusal) as refused:
            funding.approve(order=order, expected_version=1, by=approver, on=life.today())
        assert refused.value.code == "policies.listed" and "市级失信惩戒清单" in refused.value.what
        ended(entry)
        funding.approve(order=order, expected_version=1, by=approver, on=life.today())
        run = make_run(
            title="一批",
            organisation=Organisation.objects.get(pk="gxj"),
            numbers=[order.number],
            by=approver,
            on=life.today(),
        )
        listed("firm_a", life.today())
        with pytest.raises(Refusal):
            ask_to_send(run=run, by=approver, on=life.today())

    def test_who_is_listed_gets_no_order(self) -> None:
        award = self.award()
        listed("firm_a", life.today())
        with pytest.raises(Refusal):
            self.order(award)

    def test_who_is_no_longer_listed_is_paid(self) -> None:
        award = self.award()
        listed("firm_a", life.days_ago(300), life.today())
        assert self.order(award).number

    def test_listed_while_the_run_waited_the_order_can_be_taken_out_and_the_rest_goes(self) -> None:
        from mangrove.funding.sending import take_out

        award, approver = self.award(), life.who("approver").actor
        order = self.order(award)
        funding.approve(order=order, expected_version=1, by=approver, on=life.today())
        office = Organisation.objects.get(pk="gxj")
        run = make_run(
            title="一批", organisation=office, numbers=[order.number], by=approver, on=life.today()
        )
        job = ask_to_send(run=run, by=approver, on=life.today())
        listed("firm_a", life.today())
        order.refresh_from_db()
        with pytest.raises(Refusal):  # it may leave at any moment
            take_out(
                order=order, expected_version=order.version, by=approver, on=life.today(), why="列入名单"
            )
        worker.work(until_idle=True)
        order.refresh_from_db()
        assert Job.objects.get(pk=job.pk).state == "failed" and order.state == "approved"
        take_out(order=order, expected_version=order.version, by=approver, on=life.today(), why="列入名单")
        order.refresh_from_db()
        assert order.run is None


def ended(entry: Record) -> None:
    entry.values = {**entry.values, "removed_on": life.today().isoformat()}
    entry.save(update_fields=["values"])


class TestRelations:
    def test_two_intermediates_are_one_too_many(self) -> None:
        chain = [
            Holding(str(n), one, other, 60 * PERCENT, None, None)
            for n, (one, other) in enumerate(["ab", "bc", "cd"])
        ]
        found = related("a", chain, date(2025, 1, 1), 50 * PERCENT, 1)
        assert set(found) == {"b", "c"} and [one.key for one in found["c"]] == ["0", "1"]

    def test_a_share_of_just_the_limit_counts_until_the_day_before_it_ends(self) -> None:
        one = Holding("1", "a", "b", 50 * PERCENT, date(2025, 1, 1), date(2025, 2, 1))
        days = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 1, 31), date(2025, 2, 1)]
        assert [bool(related("a", [one], day, 50 * PERCENT, 1)) for day in days] == [False, True, True, False]


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_one_has_the_invoice_and_the_other_the_doubt(self) -> None:
        first, second = claim_with("a", line(1)), claim_with("b", line(1))
        assert wrong(together(lambda: searched(first), lambda: searched(second))) == 0
        assert Evidence.objects.filter(kind="invoice").count() == 1
        assert Doubt.objects.filter(kind="invoice").count() == 1

    def test_control_without_the_unique_key_both_have_it_and_nobody_is_told(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = claim_with("a", line(1)), claim_with("b", line(1))
        unique = next(one for one in Evidence._meta.constraints if one.name == "funding_evidence_counts_once")
        with connection.schema_editor() as editor:
            editor.remove_constraint(Evidence, unique)
        monkeypatch.setattr(evidence, "refuse_counted", lambda kind, key: None)
        monkeypatch.setattr("mangrove.policies.claims.doubles.holder", lambda one: None)
        monkeypatch.setattr("mangrove.policies.claims.doubles.listed_places", lambda one, claim: [])
        try:
            together(lambda: searched(first), lambda: searched(second))
            assert Evidence.objects.filter(kind="invoice").count() == 2
            assert not Doubt.objects.filter(kind="invoice").exists()
        finally:
            Evidence.objects.all().delete()
            with connection.schema_editor() as editor:
                editor.add_constraint(Evidence, unique)


def test_proofs_come_in_one_order_so_that_two_searches_wait_in_one_order() -> None:
    claim = claim_with("a", line(3), line(1), line(2))
    found = [(one.kind, one.key) for one in claim_evidence.proofs(claim)]
    assert found == sorted(found) and len(found) == 6
