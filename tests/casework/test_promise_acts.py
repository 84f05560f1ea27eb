"""Settling, evidence and steps over the pages: who may, what is refused and where, and that nothing typed is lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mangrove.casework.models import Case, Promise
from mangrove.casework.promise_pages import own_events
from mangrove.casework.promise_pages import said as said_by
from mangrove.casework.promises import Span, settle_promise
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import Organisation, User

from .conftest import BY
from .promising import account, browser, evidence, letter_promises, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def promise(case: Case) -> Promise:
    return letter_promises(case)[0]


@pytest.fixture
def clerk(bureau: Organisation) -> User:
    return account("ban", "case_officer", organisation=bureau, unit="应用处")


@pytest.fixture
def client(clerk: User) -> Client:
    return browser(clerk)


@pytest.fixture
def signer(bureau: Organisation) -> Client:
    return browser(account("ju", "signer", organisation=bureau))


def path(promise: Promise, act: str) -> str:
    own = {"settle", "evidence"}
    return f"/casework/promises/{promise.pk}/" + (f"{act}/" if act in own else f"acts/{act}/")


def post(client: Client, promise: Promise, act: str, **said: Any) -> Any:
    """Open the page and send its form, so that hidden fields are as a browser would send them."""
    form = client.get(path(promise, act)).context["form"]
    fields = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    hidden = {
        f"initial-{name}": "" for name in ("owner_unit", "due_on", "measure", "line") if name in form.fields
    }
    hidden |= {f"initial-{name}": value for name, value in fields.items() if f"initial-{name}" in hidden}
    return client.post(path(promise, act), fields | hidden | said)


def fresh(promise: Promise) -> Promise:
    return Promise.objects.select_related("case").get(pk=promise.pk)


def test_what_an_officer_settles_is_settled_and_the_rest_stays_open(client: Client, promise: Promise) -> None:
    answer = post(client, promise, "settle", owner_unit="应用处", due_on="2027-06-30")
    assert answer.status_code == 302
    now = fresh(promise)
    assert (now.owner_unit, now.due_on, now.measure) == ("应用处", date(2027, 6, 30), None)
    assert "已落实承诺 C01" in text(client.get(answer.url))


def test_only_what_was_changed_on_the_page_is_recorded(client: Client, promise: Promise) -> None:
    post(client, promise, "settle", owner_unit="应用处")
    post(client, promise, "settle", measure="政策印发", why="补齐")
    last = said_by(own_events(fresh(promise))[-1])
    assert set(last) == {"measure"} and fresh(promise).case.version == 3


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"due_on": "9999-12-31"}, "due_on", "30 年以后，多半是写错了年份"),
        ({}, None, "至少写明"),
        ({"due_on": "2021-08-29"}, "due_on", "早于作出承诺的 2021-08-30"),
        ({"due_on": "明年"}, "due_on", "有效的日期"),
        ({"owner_unit": "应用处", "on": "2999-01-01"}, "on", "不能在今天之后"),
        ({"owner_unit": "应用处", "on": "2021-09-01"}, "why", "属于补录"),
    ],
)
def test_a_settlement_that_cannot_be_is_refused_at_its_field_with_all_that_was_typed(
    client: Client, promise: Promise, given: dict[str, str], field: str | None, words: str
) -> None:
    answer = post(client, promise, "settle", **({"measure": ""} | given))
    errors = answer.context["form"].errors
    assert answer.status_code == 422
    assert words in str(errors[field or "__all__"])
    for value in given.values():
        assert f'value="{value}"' in text(answer)
    assert fresh(promise).case.version == 1


def test_changing_what_was_set_asks_for_the_reason_and_clearing_is_refused(
    client: Client, promise: Promise
) -> None:
    post(client, promise, "settle", due_on="2027-06-30")
    changed = post(client, promise, "settle", due_on="2027-12-31")
    assert "须写明理由" in str(changed.context["form"].errors["why"])
    cleared = post(client, promise, "settle", due_on="")
    assert "可以改，不能清空" in str(cleared.context["form"].errors["due_on"])
    assert fresh(promise).due_on == date(2027, 6, 30)
    assert post(client, promise, "settle", due_on="2027-12-31", why="经局长办公会同意").status_code == 302


def test_the_line_of_work_is_settled_in_words_recorded_and_counted_under_its_line(
    client: Client, case: Case
) -> None:
    spans = [Span("C03", 3, 13)]  # a promise that no heading puts under a line of work
    (promise,) = letter_promises(case, spans=spans)
    form = client.get(path(promise, "settle"))
    assert '<option value="" selected>未归条线</option>' in text(form)
    assert post(client, promise, "settle", line="standards").status_code == 302
    assert fresh(promise).line == "standards"
    assert said_by(own_events(fresh(promise))[-1]) == {"line": {"from": "", "to": "standards"}}
    page = text(client.get(f"/casework/promises/{promise.pk}/"))
    assert "工作条线：未定 → 标准与复制" in page
    assert "C03" in text(client.get("/casework/promises/", {"line": "standards"}))


def test_the_present_line_stands_chosen_and_changing_it_asks_for_the_reason(
    client: Client, promise: Promise
) -> None:
    page = text(client.get(path(promise, "settle")))
    assert '<option value="policies" selected>奖励补贴</option>' in page and "未归条线</option>" not in page
    changed = post(client, promise, "settle", line="standards")
    assert "须写明理由" in str(changed.context["form"].errors["why"]) and fresh(promise).line == "policies"
    cleared = post(client, promise, "settle", line="", measure="政策印发", why="更正")
    assert "line" in cleared.context["form"].errors
    assert post(client, promise, "settle", line="standards", why="更正条线").status_code == 302
    assert fresh(promise).line == "standards"


def test_a_line_that_a_city_alone_knows_stays_unless_it_is_changed(client: Client, promise: Promise) -> None:
    Promise.objects.filter(pk=promise.pk).update(line="harbour")
    assert post(client, promise, "settle", owner_unit="应用处").status_code == 302
    assert fresh(promise).line == "harbour"


def test_a_line_of_work_that_is_none_is_refused(promise: Promise) -> None:
    with pytest.raises(Refusal) as refused:
        settle_promise(
            promise.pk, line="nonsense", by=BY, on=timezone.localdate(), expected_version=1, why="更正"
        )
    assert refused.value.code == "casework.unknown_line"


def test_two_officers_on_one_promise_the_second_is_told_keeps_what_they_typed_and_can_go_on(
    client: Client, promise: Promise
) -> None:
    stale = client.get(path(promise, "settle")).context["form"]["expected_version"].value()
    settle_promise(
        promise.pk, owner_unit="基础设施处", by=BY, on=timezone.localdate(), expected_version=stale
    )
    today = timezone.localdate().isoformat()
    sent = {
        "owner_unit": "", "initial-owner_unit": "", "due_on": "", "initial-due_on": "",
        "measure": "政策印发", "initial-measure": "", "line": "policies", "initial-line": "policies", "on": today, "why": "", "expected_version": stale,
    }  # fmt: skip
    answer = client.post(path(promise, "settle"), sent)
    assert "此件在您打开之后已被办理" in text(answer) and "政策印发" in text(answer)
    assert fresh(promise).measure is None
    form = answer.context["form"]
    assert (form["owner_unit"].value(), form["measure"].value(), form["expected_version"].value()) == (
        "基础设施处", "政策印发", "2",
    )  # fmt: skip
    again = {name: form[name].value() or "" for name in form.fields}
    settled = ("owner_unit", "due_on", "measure", "line")
    again |= {f"initial-{name}": form.data[f"initial-{name}"] for name in settled}
    assert client.post(path(promise, "settle"), again).status_code == 302
    assert (fresh(promise).owner_unit, fresh(promise).measure) == ("基础设施处", "政策印发")


def test_evidence_is_listed_with_who_added_it(client: Client, promise: Promise) -> None:
    said = {"what": "若干措施已印发", "source": "深府办〔2022〕某号", "dated": "2022-10-24"}
    assert post(client, promise, "evidence", **said).status_code == 302
    page = text(client.get(f"/casework/promises/{promise.pk}/"))
    assert "若干措施已印发" in page and "账号ban（应用处）" in page


def test_the_same_evidence_sent_twice_is_taken_once(client: Client, promise: Promise) -> None:
    said = {
        "what": "已印发", "source": "某号", "dated": "2022-10-24", "expected_version": 1,
        "on": timezone.localdate().isoformat(),
    }  # fmt: skip
    first, second = (client.post(path(promise, "evidence"), said) for _ in range(2))
    assert first.status_code == 302 and "已被办理" in text(second)
    assert promise.evidence.count() == 1


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"what": ""}, "what", "请填写"),
        ({"source": " "}, "source", "请填写"),
        ({"dated": "2999-01-01"}, "dated", "不能在今天之后"),
        ({"dated": "去年"}, "dated", "有效的日期"),
    ],
)
def test_evidence_that_shows_nothing_is_refused_at_its_field(
    client: Client, promise: Promise, given: dict[str, str], field: str, words: str
) -> None:
    said = {"what": "若干措施已印发", "source": "某号", "dated": "2022-10-24"} | given
    answer = post(client, promise, "evidence", **said)
    assert words in str(answer.context["form"].errors[field])
    assert not promise.evidence.exists()


def test_a_step_names_its_evidence(client: Client, promise: Promise) -> None:
    shown = evidence(promise)
    assert post(client, promise, "report_limited", evidence=[shown.pk]).status_code == 302
    assert fresh(promise).case.state == "limited"
    page = text(client.get(f"/casework/promises/{promise.pk}/"))
    assert "凭证据：印发若干措施" in page and "账号ban" in page


def test_without_evidence_the_step_is_refused_and_the_page_says_where_to_add_it(
    client: Client, promise: Promise
) -> None:
    assert "先登记证据" in text(client.get(path(promise, "report_limited")))
    answer = post(client, promise, "report_limited", why="开了会")
    assert "没有指明证据" in str(answer.context["form"].errors["evidence"]) and "开了会" in text(answer)
    assert fresh(promise).case.state == "not_started"


def test_evidence_of_another_promise_or_later_than_the_step_does_not_count(
    client: Client, case: Case
) -> None:
    promise = fresh(Promise.objects.get(pk=letter_promises(case)[0].pk))
    other = evidence(Promise.objects.exclude(pk=promise.pk).get())
    answer = post(client, promise, "report_limited", evidence=[other.pk])
    assert "evidence" in answer.context["form"].errors
    own = evidence(promise)
    answer = post(client, promise, "report_limited", evidence=[own.pk], on="2022-01-01", why="补录")
    assert "晚于 2022-01-01" in str(answer.context["form"].errors["evidence"])


def test_giving_up_asks_for_reason_and_notice_and_tells_the_date(signer: Client, promise: Promise) -> None:
    shown = evidence(promise)
    without = post(signer, promise, "report_impossible", evidence=[shown.pk], why="上级政策调整")
    assert "须书面告知代表" in str(without.context["form"].errors["notice"])
    silent = post(signer, promise, "report_impossible", evidence=[shown.pk], notice="告知函 2023-01-05")
    assert "why" in silent.context["form"].errors and "告知函 2023-01-05" in text(silent)
    said = {"evidence": [shown.pk], "why": "上级政策调整", "notice": "告知函 2023-01-05"}
    assert post(signer, promise, "report_impossible", **said).status_code == 302
    page = text(signer.get(f"/casework/promises/{promise.pk}/"))
    assert "告知函：告知函 2023-01-05" in page and "无法完成" in page


def test_a_step_overtaken_by_another_says_who_was_faster_and_keeps_what_was_typed(
    client: Client, promise: Promise, bureau: Organisation
) -> None:
    shown = evidence(promise)
    version = client.get(path(promise, "report_limited")).context["form"]["expected_version"].value()
    faster = browser(account("kuai", "case_officer", organisation=bureau))
    post(faster, promise, "report_substantial", evidence=[shown.pk])
    sent = {
        "evidence": [shown.pk], "why": "开了座谈会", "expected_version": version,
        "on": timezone.localdate().isoformat(),
    }  # fmt: skip
    answer = client.post(path(promise, "report_limited"), sent)
    assert "最近一步由账号kuai" in text(answer) and "开了座谈会" in text(answer)
    assert fresh(promise).case.state == "substantial"


def test_a_finished_promise_is_changed_no_more(client: Client, signer: Client, promise: Promise) -> None:
    shown = evidence(promise)
    post(signer, promise, "report_complete", evidence=[shown.pk])
    assert client.get(f"/casework/promises/{promise.pk}/").context["acts"] == []
    for act, said in (
        ("settle", {"owner_unit": "应用处"}),
        ("evidence", {"what": "又一件", "source": "某号", "dated": "2022-10-24"}),
    ):
        assert "了结" in text(post(client, promise, act, **said))


def test_an_unknown_step_and_an_unknown_promise_are_not_found(client: Client, promise: Promise) -> None:
    assert client.get(path(promise, "no_such_step")).status_code == 404
    assert client.get("/casework/promises/999999/settle/").status_code == 404


# Who may do what: reading, settling, adding evidence, an officer's step, a signer's step.
NOTHING, READS = (404, 404, 404, 404, 404), (200, 422, 422, 422, 422)
MATRIX = {
    "case_officer": (200, 200, 200, 200, 422),
    "registrar": (200, 200, 200, 200, 422),
    "reviewer": (200, 422, 422, 422, 200),
    "signer": (200, 422, 422, 422, 200),
}
OUTSIDE = {
    "case_officer": NOTHING,
    "registrar": NOTHING,
    "signer": NOTHING,
    "inspector": READS,
    "auditor": READS,
    "deputies_office": READS,
    "chain_chief": READS,
    "deputy": NOTHING,
    "operator": NOTHING,
    "district": NOTHING,
    "sysadmin": NOTHING,
}


def answers(user: User, promise: Promise) -> tuple[int, ...]:
    client = browser(user)
    acts = ("settle", "evidence", "report_limited", "report_complete")
    paths = [f"/casework/promises/{promise.pk}/", *(path(promise, act) for act in acts)]
    return tuple(client.get(one).status_code for one in paths)


@pytest.mark.parametrize(("role", "expected"), MATRIX.items())
def test_in_the_bureau_each_role_does_its_part(
    promise: Promise, bureau: Organisation, role: str, expected: tuple[int, ...]
) -> None:
    assert answers(account("x", role, organisation=bureau), promise) == expected


@pytest.mark.parametrize(("role", "expected"), OUTSIDE.items())
def test_outside_the_bureau_offices_read_and_others_learn_nothing(
    promise: Promise, role: str, expected: tuple[int, ...]
) -> None:
    other = Organisation.objects.create(id="other", name="另一个单位")
    assert answers(account("x", role, organisation=other), promise) == expected


def test_who_may_only_read_is_offered_no_act_and_a_forced_post_changes_nothing(promise: Promise) -> None:
    client = browser(account("du", "inspector"))
    assert client.get(f"/casework/promises/{promise.pk}/").context["acts"] == []
    said = {"owner_unit": "应用处", "expected_version": 1, "on": timezone.localdate().isoformat()}
    answer = client.post(path(promise, "settle"), said)
    assert answer.status_code == 422 and "由以下人员办理：市工信局的经办人、登记" in text(answer)
    shown = evidence(promise)
    promise.case.refresh_from_db()
    step = {"evidence": [shown.pk], "expected_version": promise.case.version, "on": said["on"]}
    assert "您的角色不能" in text(client.post(path(promise, "report_limited"), step))
    assert (fresh(promise).owner_unit, fresh(promise).case.state) == (None, "not_started")


def test_the_inbox_leads_to_the_promise(client: Client, promise: Promise) -> None:
    assert f'href="/casework/promises/{promise.pk}/"' in text(client.get("/inbox/"))
