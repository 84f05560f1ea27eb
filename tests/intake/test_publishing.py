"""Publishing a form: what is wrong with its line, what changed, what is published is what was seen; and what anybody may read."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from mangrove.cli import main
from mangrove.intake import actions
from mangrove.intake.comparing import differences
from mangrove.intake.definition import read_form
from mangrove.intake.models import FormVersion
from mangrove.ledger.models import Event
from mangrove.ledger.refs import SYSTEM
from mangrove.ledger.refusals import Refusal

from . import life
from .test_pages import at, hidden, page

NEXT = life.FORM.replace("version: 1", "version: 2", 1)


@pytest.fixture
def folder(tmp_path: Path, settings: object) -> Path:
    """A folder of forms with the sample in it, in place of the house's own."""
    shelf = Path(settings.MANGROVE_RULEBOOKS)  # type: ignore[attr-defined]
    for other in (one for one in shelf.iterdir() if one.name != "forms"):
        (tmp_path / other.name).symlink_to(other)
    settings.MANGROVE_RULEBOOKS = tmp_path  # type: ignore[attr-defined]
    (tmp_path / "forms").mkdir()
    write(tmp_path / "forms", life.FORM)
    return tmp_path / "forms"


def write(folder: Path, text: str) -> Path:
    at = folder / "sample.yaml"
    at.write_text(text, encoding="utf-8")
    return at


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("firm_year.revenue", "firm_year.revenu", "revenue"),
        ("id: summary", "id: title", "id: title, text: {zh: 项目概述"),
        ("kinds: [pdf], most", "kinds: [exe], most", "licence"),
        ("version: 1", "version: one", "version"),
        ("status: 待核", "status: [", "- id: applicant"),
    ],
)
def test_a_fault_is_told_with_its_line(old: str, new: str, line: str) -> None:
    text = life.FORM.replace(old, new, 1)
    with pytest.raises(Refusal) as caught:
        read_form(text)
    number = next(n for n, one in enumerate(text.splitlines(), 1) if line in one)
    assert f"第 {number} 行" in caught.value.where


def test_what_changed_is_told_item_by_item() -> None:
    text = NEXT.replace('most: "100"}', 'most: "80"}', 1)
    text = text.replace(
        "  - {id: large, text: {zh: 规模说明, en: On its size}", "  - {id: scale, text: {zh: 规模, en: Size}"
    )
    found = {(one.kind, one.label): one.what for one in differences(read_form(life.FORM), read_form(text))}
    assert found["changed", "联系人"] == "“最多 100 字”改为“最多 80 字”"
    assert "营业收入不低于" in found["added", "规模"] and "必填" in found["added", "规模"]
    assert ("dropped", "规模说明") in found
    assert differences(read_form(life.FORM), read_form(life.FORM)) == []


@pytest.mark.django_db
def test_an_older_number_does_not_come_back() -> None:
    actions.publish_form(text=NEXT, by=SYSTEM, on=life.today())
    with pytest.raises(Refusal, match="第 2 版") as caught:
        actions.publish_form(text=life.FORM, by=SYSTEM, on=life.today())
    assert caught.value.code == "intake.form_older" and "3" in caught.value.remedy


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("office")
class TestPages:
    def test_an_officer_sees_what_changed_and_publishes_it(self, folder: Path) -> None:
        write(folder, NEXT.replace('most: "100"}', 'most: "80"}', 1))
        officer = at("officer")
        assert "待公布" in page(officer, "forms")
        shown = page(officer, "form", "sample")
        assert "最多 80 字" in shown and "公布第 2 版" in shown and "disabled" in shown
        answer = officer.post(
            reverse("intake:form", args=["sample"]), {"seen": hidden(shown, "seen"), "on": life.today()}
        )
        assert answer.status_code == 302
        made = FormVersion.objects.get(form="sample", version=2)
        assert made.published_by == "officer"
        assert Event.objects.filter(act="intake.publish_form", object_id="sample@2", actor="officer").exists()
        assert "与在用的相同" in page(officer, "forms")
        assert f"?form={made.pk}" in page(officer, "form", "sample")

    def test_what_was_not_seen_is_not_published(self, folder: Path) -> None:
        write(folder, NEXT)
        officer = at("officer")
        seen = hidden(page(officer, "form", "sample"), "seen")
        write(folder, NEXT.replace("项目名称", "题目"))
        answer = officer.post(reverse("intake:form", args=["sample"]), {"seen": seen, "on": life.today()})
        assert answer.status_code == 422 and "有了改动" in answer.content.decode()
        assert not FormVersion.objects.filter(version=2).exists()
        again = officer.post(
            reverse("intake:form", args=["sample"]),
            {"seen": hidden(answer.content.decode(), "seen"), "on": life.today()},
        )
        assert again.status_code == 302

    def test_a_broken_file_says_where_and_cannot_be_published(self, folder: Path) -> None:
        write(folder, NEXT.replace("firm_year.revenue", "firm_year.revenu"))
        shown = page(at("officer"), "form", "sample")
        assert "行 revenue" in shown and "公布第" not in shown

    def test_others_do_not_publish(self, folder: Path) -> None:
        for name in ("a1", "auditor"):
            assert at(name).get(reverse("intake:forms")).status_code == 422
            assert at(name).post(reverse("intake:form", args=["sample"]), {}).status_code == 422
        assert at("officer").get(reverse("intake:form", args=["nothing"])).status_code == 404

    def test_anybody_reads_what_is_open_where_the_house_allows_it(self, settings: object) -> None:
        anybody, one = Client(), reverse("intake:public_opening", args=["sample-2026"])
        for address in (reverse("intake:public_openings"), one):
            assert anybody.get(address).status_code == 302
        settings.MANGROVE_PUBLIC_OPENINGS = True  # type: ignore[attr-defined]
        listed = anybody.get(reverse("intake:public_openings")).content.decode()
        assert "样例申报（合成）" in listed and "合成" in listed
        shown = anybody.get(one).content.decode()
        assert "登记证书" in shown and "受理单位" in shown and "登录后申报" in shown
        assert "经办人" not in shown
        english = Client(headers={"accept-language": "en"}).get(one).content.decode()
        assert "Sample call (synthetic)" in english and "Licence" in english
        assert anybody.get(reverse("intake:opening", args=["sample-2026"])).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_the_command_checks_tells_and_publishes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = write(folder, life.FORM)
    assert main(["intake", "publish", str(at), "--check"]) == 0
    assert not FormVersion.objects.exists() and "第一次公布" in capsys.readouterr().out
    assert main(["intake", "publish", str(at)]) == 0
    assert FormVersion.objects.get().published_by == "cli"
    assert main(["intake", "forms"]) == 0 and "与在用的相同" in capsys.readouterr().out
    write(folder, NEXT.replace("firm_year.revenue", "firm_year.revenu"))
    assert main(["intake", "publish", str(at)]) == 2
    assert "行 revenue" in capsys.readouterr().err
    assert main(["intake", "forms"]) == 1
