"""What can be applied for: everybody sees it, the office's officers open windows for it, and the form follows from the clause."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mangrove.intake.models import Opening

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
