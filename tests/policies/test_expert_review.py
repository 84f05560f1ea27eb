"""Experts review a claim in a round of the room of reviews, and its check follows from their marks; nobody types it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.policies import verification
from mangrove.policies.claims import actions
from mangrove.policies.claims.models import Check, Claim, ClaimReview
from mangrove.policies.claims.standing import checks
from mangrove.policies.schemes.definition import read
from mangrove.reviews.models import NAMED, Item, Round

from . import life, panel

pytestmark = pytest.mark.django_db
REVIEWED = "sector_platform"


def claim(firm: str = "a", scheme: str = REVIEWED, **answers: str) -> Claim:
    opening = life.Opening.objects.filter(pk=f"{scheme}-w".replace("_", "-")).first()
    opening = opening or life.window(scheme, id=f"{scheme}-w".replace("_", "-"))
    return life.claimed(opening, firm, **answers)


def browser(username: str) -> Client:
    client = Client()
    client.force_login(life.who(username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(name: str, *of: Any) -> str:
    return reverse(f"policies:{name}", args=of)


def outcome(of: Claim) -> Check | None:
    return next(one.last for one in checks(of) if one.kind == "review")


def test_what_the_marks_come_to_is_the_check_and_nobody_rounds_it_up() -> None:
    well, short = claim("a"), claim("b")
    found = panel.held({well: (60, 60, 60), short: (60, 60, 59)})
    passed, failed = outcome(well), outcome(short)
    assert passed is not None and passed.passed
    assert failed is not None and not failed.passed
    assert failed.detail["score"] == "179/3" and "≈59.67" in failed.opinion
    assert passed.detail["round"] == str(found.ref) and passed.detail["reviews"] == 3
    assert list(verification.verify_claims()) == []


def test_until_the_round_ends_there_is_no_result_and_no_page_tells_of_marks() -> None:
    one = claim("a")
    found = panel.opened(one)
    panel.assigned(found)
    panel.marked(found, {one.pk: (90, 90, 90)})
    assert outcome(one) is None
    for reader in ("officer", "auditor"):
        shown = browser(reader).get(page("claim_review", one.pk)).content.decode()
        assert "评审中" in shown and "90.00" not in shown
    panel.step(found, "close")
    assert "90.00" in browser("auditor").get(page("claim_review", one.pk)).content.decode()


def test_an_officer_types_neither_the_check_nor_the_score(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(life.CAST, "officer", "officer_b")  # of the office that takes this scheme
    one = claim("a", "park_upgrade")
    with pytest.raises(Refusal) as typed:
        actions.check(
            claim_id=one.pk, kind="review", passed=True, opinion="好", by=life.who("officer"), **life.at()
        )
    with pytest.raises(Refusal) as scored:
        actions.judge(
            claim_id=one.pk, name="综合得分", said="99", reason="好", by=life.who("officer"), **life.at()
        )  # fmt: skip
    assert typed.value.code == scored.value.code == "policies.from_review"
    panel.held({one: (80, 81, 82)})
    assert one.judgements.get(name="综合得分").value == "81.00"
    with pytest.raises(Refusal):
        actions.check(
            claim_id=one.pk, kind="review", passed=False, opinion="差", by=life.who("officer"), **life.at()
        )
    last = outcome(one)
    assert last is not None and last.passed


def test_the_check_page_leads_to_the_rounds_and_the_round_is_opened_from_there() -> None:
    one, other = claim("a"), claim("b")
    officer = browser("officer")
    led = officer.get(page("check", one.pk, "review"))
    assert led.status_code == 302 and led["Location"] == page("claim_review", one.pk)
    shown = officer.get(page("claim_review", one.pk)).content.decode()
    assert "待核" in shown and "平均不低于 60.00 分" in shown and page("open_review", one.pk) in shown
    posted = {
        "title": "第一轮（合成）", "claim_ids": [str(one.pk), str(other.pk)], "mode": NAMED,
        "due_on": life.days_ago(-9).isoformat(), "on": life.today().isoformat(), "why": "",
    }  # fmt: skip
    assert officer.post(page("open_review", one.pk), posted).status_code == 302
    found = Round.objects.get()
    assert found.least == 3 and {item.policies_review.claim_id for item in found.items.all()} == {
        one.pk,
        other.pk,
    }
    assert page("open_review", one.pk) not in officer.get(page("claim_review", one.pk)).content.decode()


def test_a_scheme_without_a_review_shows_nothing_of_it() -> None:
    one = claim("a", "testbed")
    officer = browser("officer")
    assert "专家评审" not in officer.get(page("claim", one.pk)).content.decode().split("<main", 1)[-1]
    assert officer.get(page("claim_review", one.pk)).status_code == 404
    assert officer.get(page("open_review", one.pk)).status_code == 404
    with pytest.raises(Refusal) as refused:
        panel.opened(one)
    assert refused.value.code == "policies.no_check"


def test_the_firm_and_strangers_do_not_know_of_the_review_and_oversight_opens_none() -> None:
    one = claim("a")
    panel.opened(one)
    for name in ("firm_a", "firm_b", "stranger"):
        assert browser(name).get(page("claim_review", one.pk)).status_code == 404
    assert browser("firm_b").get(page("open_review", one.pk)).status_code == 404
    auditor = browser("auditor")
    assert auditor.get(page("claim_review", one.pk)).status_code == 200
    assert auditor.get(page("open_review", one.pk)).status_code == 422


def test_a_claim_is_in_one_round_at_a_time_and_reviewed_again_only_with_a_reason() -> None:
    one = claim("a")
    found = panel.opened(one)
    with pytest.raises(Refusal) as busy:
        panel.opened(one)
    assert busy.value.code == "policies.under_review"
    panel.step(found, "drop")
    found = panel.held({one: (50, 50, 50)})
    with pytest.raises(Refusal) as silent:
        panel.opened(one, on=life.today(), why="", due_on=life.days_ago(-10))
    assert silent.value.code == "casework.needs_reason"
    panel.held({one: (70, 70, 70)})
    last = outcome(one)
    assert last is not None and last.passed and one.checks.filter(kind="review").count() == 2


def test_claims_of_two_schemes_do_not_share_a_round() -> None:
    with pytest.raises(Refusal) as refused:
        panel.opened(claim("a"), claim("b", "network_chip"))
    assert refused.value.code == "policies.one_scheme" and not Round.objects.exists()


def test_what_blind_experts_read_does_not_name_the_applicant() -> None:
    one = claim(
        "a", title="深圳A企业有限公司（合成）的平台", summary="深圳A企业有限公司（合成）建了一个平台。"
    )
    panel.opened(one)
    item = Item.objects.get()
    assert "深圳A企业" not in item.text + item.shown_title and "申报单位建了一个平台" in item.text
    assert "投资" in item.text


def test_a_claim_that_was_withdrawn_meanwhile_gets_no_result() -> None:
    one, other = claim("a"), claim("b")
    found = panel.opened(one, other)
    panel.assigned(found)
    panel.marked(found, {one.pk: (80, 80, 80), other.pk: (80, 80, 80)})
    one.case.refresh_from_db()
    actions.step(
        claim_id=one.pk, act="withdraw", by=life.who("firm_a"), expected_version=one.case.version, **life.at()
    )  # fmt: skip
    panel.step(found, "close")
    assert outcome(one) is None and outcome(other) is not None


def test_the_mean_that_counts_is_the_one_of_the_day_the_round_was_opened() -> None:
    one = claim("a")
    panel.opened(one)
    kept = ClaimReview.objects.get()
    assert kept.passing == "60"
    told = said(Event.objects.get(act="policies.claim.review"))
    assert told is not None and told["passing"] == "60" and told["round"] == str(kept.item.round.ref)


def test_a_scheme_that_asks_for_a_review_and_does_not_say_how_is_refused_at_start_up(tmp_path: Any) -> None:
    path = tmp_path / "one.yaml"
    path.write_text(
        "scheme: one\ntitle: {zh: 一, en: One}\npays: m.c\nchecks: [review]\nunit: 处\nsource: 样例\nstatus: 待核\n",
        encoding="utf-8",
    )
    with pytest.raises(ImproperlyConfigured, match="专家评审"):
        read(path)
