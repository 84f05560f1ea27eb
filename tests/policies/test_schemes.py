"""What can be applied for: everybody sees it, the office's officers open windows for it, and the form follows from the clause."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mangrove import vocabulary
from mangrove.intake.models import Opening
from mangrove.policies.measures.library import measure_of
from mangrove.policies.schemes.definition import schemes
from mangrove.policies.schemes.forming import form_of
from mangrove.policies.schemes.origins import ASKED, origins
from mangrove.policies.schemes.rules import paying, rule_on
from mangrove.rulebook.texts.needed import read_by

from . import life

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(db: None) -> None:
    life.bureau()


def browser(username: str) -> Client:
    client = Client()
    client.force_login(life.who(username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def told(**said: Any) -> dict[str, Any]:
    now = timezone.localtime()
    times = {"opens_at": now.strftime("%Y-%m-%dT00:00"), "closes_at": f"{now.year + 1}-01-31T18:00"}
    ids = {"id": "testbed-x", "title": "样例申报（合成）", "title_en": "Sample call (synthetic)"}
    return {**ids, **times, "grace_seconds": "0", "each_most": "1", "on": life.today().isoformat(), **said}


def opening_page(scheme: str = "testbed") -> str:
    return reverse("policies:scheme_open", args=[scheme])


def test_an_officer_opens_a_window_whose_form_asks_what_the_clause_reads() -> None:
    officer = browser("officer")
    page = officer.get(opening_page()).content.decode()
    assert "查重" in page and "专项审计" in page and "应用处" in page
    answer = officer.post(opening_page(), told(grace_seconds="60"))
    assert answer.status_code == 302
    made = Opening.objects.get(pk="testbed-x")
    assert (made.form.form, made.unit, made.grace_seconds) == ("testbed", "应用处", 60)
    assert {"joint", "total_investment", "begins_on"} <= {one.id for one in made.form.definition.questions}
    assert "样例申报（合成）" in officer.get(reverse("policies:schemes")).content.decode()


def test_a_number_that_was_used_is_told_at_its_field_and_nothing_is_lost() -> None:
    officer = browser("officer")
    officer.post(opening_page(), told())
    again = officer.post(opening_page(), told(title="另一次申报（合成）"))
    assert again.status_code == 422
    page = again.content.decode()
    assert "已经用过" in page and "另一次申报（合成）" in page and Opening.objects.count() == 1


@pytest.mark.parametrize("id", ["testbed", "park_upgrade", "network_chip", "material_first_batch"])
def test_every_question_and_every_input_of_the_clause_has_its_origin_once(id: str) -> None:
    one = schemes()[id]
    rule = rule_on(one, life.today())
    measure, form = measure_of(rule), form_of(one, rule)
    found = origins(one, rule)
    assert [each.item for each in found if each.item] == list(form.by_id)
    clause = paying(one, measure)
    fields = vocabulary.entity(clause.entity).fields
    read = {id for kind, id in read_by(measure, clause) if kind == clause.entity}
    judged = {each.name for each in measure.inputs if each.entity == clause.entity}
    told = [(each.how, each.input) for each in found if each.input]
    needed = {f"{clause.entity}.{id}" for id in read & set(fields)} | read & judged
    assert len(told) == len(set(told)) and needed <= {input for _how, input in told}
    asked = {each.input.partition(".")[2] for each in found if each.how == ASKED}
    assert not asked & set(one.sets) and "applied_on" not in asked


def test_the_page_of_a_scheme_says_where_its_form_comes_from_to_everybody() -> None:
    for username in ("firm_a", "officer", "auditor"):
        page = browser(username).get(reverse("policies:scheme", args=["testbed"])).content.decode()
        assert "表单从哪里来" in page and "审定数由专项审计写" in page and "扶持项目 · 经审核投资额" in page
        assert (opening_page() in page) is (username == "officer")
    assert browser("firm_a").get(reverse("policies:scheme", args=["nothing"])).status_code == 404
    instant = browser("officer").get(reverse("policies:scheme", args=["standards_base"])).content.decode()
    assert "免申即享：条款要的都取自名录和记录" in instant and ">问申报单位<" not in instant
    listed = browser("firm_a").get(reverse("policies:schemes")).content.decode()
    assert reverse("policies:scheme", args=["testbed"]) in listed


def test_the_page_of_a_measure_says_it_for_each_scheme_under_it() -> None:
    rule = rule_on(schemes()["testbed"], life.today())
    page = browser("firm_a").get(reverse("policies:measure", args=[rule.rule, rule.number])).content.decode()
    assert "表单从哪里来：测试验证环境扶持" in page and "表单从哪里来：行业级工业互联网平台扶持" in page


def test_firms_see_what_there_is_and_open_nothing() -> None:
    firm = browser("firm_a")
    page = firm.get(reverse("policies:schemes")).content.decode()
    assert "测试验证环境扶持" in page and "开放申报" not in page
    assert "由业务处室的经办人开放" in firm.get(opening_page()).content.decode()
    assert firm.post(opening_page(), told()).status_code == 422 and not Opening.objects.exists()


def test_the_office_that_handles_a_scheme_opens_its_windows_and_no_other() -> None:
    other = browser("officer_b")
    listed = other.get(reverse("policies:schemes")).content.decode()
    assert opening_page("park_upgrade") in listed and opening_page() not in listed
    assert "请交给应用处的经办人" in other.get(opening_page()).content.decode()
    assert other.post(opening_page(), told()).status_code == 422 and not Opening.objects.exists()


def test_what_is_paid_without_applying_has_no_window_and_what_is_not_there_no_page() -> None:
    officer = browser("officer")
    assert "不开申报窗口" in officer.get(opening_page("standards_base")).content.decode()
    assert officer.get(opening_page("nothing")).status_code == 404


def test_the_list_comes_as_a_workbook() -> None:
    answer = browser("auditor").get(reverse("policies:schemes_export"))
    assert answer.status_code == 200 and "spreadsheetml" in answer["Content-Type"]
