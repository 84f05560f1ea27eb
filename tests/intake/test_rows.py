"""Questions that are answered line by line: what is read, what is refused and where, what a page sends and shows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some

from mangrove.intake import rows
from mangrove.intake.comparing import differences
from mangrove.intake.definition import read_form
from mangrove.intake.likeness import free_text
from mangrove.intake.models import Submission
from mangrove.ledger.refusals import Refusal

from . import life

FORM = life.FORM.replace("form: sample", "form: rowed").replace(
    "  - {id: revenue,",
    """  - id: goals
    text: {zh: 绩效指标, en: Performance indicators}
    required: "true"
    rows:
      most: "4"
      columns:
      - {id: name, zh: 指标, en: Indicator, kind: text}
      - {id: amount, zh: 数量, en: Amount, kind: number}
      - {id: unit, zh: 单位, en: Unit, kind: unit}
      - {id: year, zh: 完成年份, en: Due year, kind: year}
      starts:
      - [新增营业收入, "", 万元, ""]
  - {id: revenue,""",
)
FIRST = "新增营业收入\t200\t万元\t2028"


def goals() -> rows.Rows:
    found = next(one.rows for one in read_form(FORM).questions if one.id == "goals")
    assert found is not None
    return found


def read(text: str) -> str | None:
    return rows.read(goals(), "绩效指标", text)


@given(some.decimals("0", "999999999999.9999", places=4))
def test_an_amount_is_kept_exactly(amount: Decimal) -> None:
    kept = read(f"{FIRST}\n带动就业\t{amount}\t人\t2027")
    assert kept is not None
    assert Decimal(rows.entries(goals(), kept)[1]["amount"]) == amount


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("带动就业\t约12\t人\t2027", "绩效指标第 2 行：数量要写数字，如 12 或 3.5。"),
        ("带动就业\t十二\t人\t2027", "绩效指标第 2 行：数量要写数字，如 12 或 3.5。"),
        ("带动就业\t\t人\t2027", "绩效指标第 2 行：没有填数量，请填上，或清空这一行。"),
        ("\t12\t人\t2027", "绩效指标第 2 行：没有填指标，请填上，或清空这一行。"),
        ("带动就业\t-1\t人\t2027", "绩效指标第 2 行：数量不能小于 0"),
        ("带动就业\t1.23456\t人\t2027", "最多写 12 位整数、4 位小数"),
        ("带动就业\t12\t人数合计超过的那个数\t2027", "单位“人数合计超过的那个数”不是单位"),
        ("带动就业\t12\t人\t27", "绩效指标第 2 行：完成年份要写四位年份，如 2028。"),
        ("税收\t0.001\t元\t2027", "绩效指标第 2 行：0.001元细于 1 分"),
        ("税收\t999999999999\t万亿元\t2027", "大得记不下"),
        ("新增营业收入\t5\t万元\t2027", "“新增营业收入”写了不止一行"),
    ],
)
def test_what_is_wrong_is_said_with_its_row_and_what_to_do(line: str, said: str) -> None:
    with pytest.raises(ValueError, match="绩效指标") as caught:
        read(f"{FIRST}\n{line}")
    assert said in str(caught.value)


def test_all_that_is_wrong_is_said_at_once_and_rows_count_as_the_page_shows_them() -> None:
    with pytest.raises(ValueError, match="第 2 行") as caught:
        read("\n新增营业收入\t二百\t家\t2028\n带动就业\t5\t人\t28")
    assert "第 2 行：数量要写数字" in str(caught.value) and "第 3 行：完成年份" in str(caught.value)


def test_a_row_that_must_be_there_and_its_unit_are_asked_for() -> None:
    with pytest.raises(ValueError, match="缺少“新增营业收入”一行，请补上"):
        read("带动就业\t12\t人\t2027")
    with pytest.raises(ValueError, match="“新增营业收入”的单位要用万元，或能与它换算的单位"):
        read("新增营业收入\t12\t家\t2027")
    assert read("新增营业收入\t0.02\t亿元\t2027年") == "新增营业收入\t0.02\t亿元\t2027"
    with pytest.raises(ValueError, match="最多 4 行，现为 5 行"):
        read("\n".join([FIRST, *(f"指标{n}\t1\t项\t2027" for n in "甲乙丙丁")]))


def test_rows_as_they_stand_in_the_form_are_no_answer_yet() -> None:
    assert read("新增营业收入\t\t万元") is None and read("\n\n") is None
    assert read("１\t１，２００.５０\t家\t２０２７\n" + FIRST) == "１\t1200.5\t家\t2027\n" + FIRST


@pytest.mark.parametrize(
    ("old", "new"),
    [("kind: number", "kind: float"), ("      most: \"4\"", "      most: \"0\""), ('万元, ""]', "万元]"), ("      columns:", "      rows_:")],
)  # fmt: skip
def test_a_form_whose_rows_cannot_be_asked_is_refused_at_its_question(old: str, new: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_form(FORM.replace(old, new))
    assert "goals" in str(caught.value.where)


@pytest.mark.django_db(transaction=True)
def test_typed_cell_by_cell_saved_mended_and_handed_in() -> None:
    life.office()
    life.window(id="rowed-2026", form=life.published(FORM))
    one = life.begun(opening="rowed-2026")
    client = Client()
    client.force_login(life.who("a1"), backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("intake:section", args=[one.pk, "project"])
    page = client.get(address).content.decode()
    assert 'name="goals__1__0" value="新增营业收入"' in page and 'aria-label="第 1 行 数量"' in page
    told = {
        "title": "样例", "summary": "样例。", "revenue": "500万元", "draft_revision": "0", "goals__1__0": "新增营业收入", "goals__1__1": "200",
        "goals__1__2": "万元", "goals__1__3": "2028", "goals__2__0": "带动就业", "goals__2__1": "不少", "goals__2__2": "人", "goals__2__3": "2027",
    }  # fmt: skip
    assert client.post(address, told).status_code == 302
    page = client.get(address).content.decode()
    assert (
        "绩效指标第 2 行：数量要写数字，如 12 或 3.5。" in page and 'name="goals__2__1" value="不少"' in page
    )
    saved = client.post(reverse("intake:autosave", args=[one.pk, "project"]), told | {"draft_revision": "1", "goals__2__1": "12"})  # fmt: skip
    assert saved.status_code == 200
    assert "要写数字" not in client.get(address).content.decode()
    life.write(one, "applicant", life.ANSWERS["applicant"])
    life.hand_in(one)
    life.submit(one)
    content = Submission.objects.get().content["answers"]
    assert content["goals"] == f"{FIRST}\n带动就业\t12\t人\t2027"
    shown = client.get(reverse("intake:submission", args=[Submission.objects.get().pk])).content.decode()
    assert "新增营业收入 · 200万元 · 2028；带动就业 · 12人 · 2027" in shown


@pytest.mark.django_db(transaction=True)
def test_two_people_who_changed_the_rows_see_both_as_people_read_them() -> None:
    life.office()
    life.window(id="rowed-2026", form=life.published(FORM))
    one = life.begun(opening="rowed-2026")
    life.write(one, "project", {"goals": FIRST}, base=0)
    kept = life.write(one, "project", {"goals": "新增营业收入\t300\t万元\t2028"}, by="a2", base=0)
    assert kept.both == ["goals"]
    client = Client()
    client.force_login(life.who("a2"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("intake:both", args=[one.pk, "project", kept.revision])).content.decode()
    assert "新增营业收入 · 200万元 · 2028" in page and "新增营业收入 · 300万元 · 2028" in page
    assert 'name="goals__1__1" value="300"' in page
    revision = client.get(reverse("intake:revision", args=[one.pk, "project", kept.revision]))
    assert "新增营业收入 · 300万元 · 2028" in revision.content.decode()


def test_a_question_that_became_rows_is_named_among_the_changes() -> None:
    start, end = FORM.index("    rows:\n"), FORM.index("  - {id: revenue,")
    found = differences(read_form(FORM[:start] + FORM[end:]), read_form(FORM))
    assert [(one.kind, one.label) for one in found] == [("changed", "绩效指标")]
    assert "“自由填写”改为“逐行填写：指标、数量、单位、完成年份”" in found[0].what


def test_rows_are_data_and_no_text_that_is_compared_for_likeness() -> None:
    content = {"answers": {"title": "样例项目", "goals": FIRST}}
    assert free_text(read_form(FORM), content) == "样例项目"
