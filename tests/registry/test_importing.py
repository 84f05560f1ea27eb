"""A bureau's spreadsheet becomes organisations: looked at first, then taken in whole, and the second time changes nothing."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.styles import Font
from pytest_django import Settings

from mangrove.jobs import worker
from mangrove.jobs.models import Job, State
from mangrove.ledger.models import Event
from mangrove.ledger.verify import verify
from mangrove.registry.importing.entering import IMPORT
from mangrove.registry.importing.organisations import ORGANISATIONS
from mangrove.registry.models import District, Organisation, OrganisationName, User
from mangrove.registry.names import find_organisation

pytestmark = pytest.mark.django_db(transaction=True)

HEADS = ("机构名称", "简称", "类别", "地域", "所在区", "统一社会信用代码")
FIRST = ("深圳市示例通信有限公司", "示例通信", "企业", "本市", "南山区", "91440300MA5EQ0X43G")
SECOND = ("深圳市示例器件有限公司", "示例器件", "企业", "本市", "宝安区", "")


@pytest.fixture(autouse=True)
def districts() -> None:
    for n, (id, name) in enumerate((("nanshan", "南山区"), ("baoan", "宝安区"))):
        District.objects.create(id=id, name=name, short_name=name[:-1], kind="district", order=n)


@pytest.fixture
def registrar(client: Client) -> Client:
    user = User.objects.create_user("registrar_a", name="登记甲", roles=["registrar"])
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def csv_of(*rows: tuple[Any, ...], heads: tuple[str, ...] = HEADS, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(",".join(map(str, row)) for row in (heads, *rows)).encode(encoding)


def workbook(*rows: tuple[Any, ...], merge: tuple[str, ...] = ()) -> bytes:
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for area in merge:
        sheet.merge_cells(area)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def looked(client: Client, content: bytes, name: str = "名单.csv", **dated: str) -> Job:
    """The file uploaded and looked at by the worker."""
    answer = client.post(
        reverse("registry:import", args=["organisations"]),
        {
            "file": SimpleUploadedFile(name, content),
            "source": "市场监管名单",
            "on": timezone.localdate(),
            "why": "",
            **dated,
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    worker.work(until_idle=True)
    return Job.objects.latest("id")


def taken(client: Client, content: bytes, name: str = "名单.csv") -> Job:
    look = looked(client, content, name)
    assert not (look.result or {}).get("wrong"), look.result
    client.post(reverse("registry:import_file", args=["organisations", look.uid]))
    worker.work(until_idle=True)
    return Job.objects.latest("id")


def wrong(job: Job) -> list[tuple[int, str, str]]:
    return [tuple(row) for row in job.result["wrong_rows"]]


def counts(job: Job) -> dict[str, int]:
    return {name: job.result[name] for name in ("new", "changed", "renamed", "same")}


class TestTakingIn:
    def test_looking_changes_nothing_and_taking_in_enters_names_and_one_event(
        self, registrar: Client
    ) -> None:
        look = looked(registrar, csv_of(FIRST, SECOND))
        assert counts(look) == {"new": 2, "changed": 0, "renamed": 0, "same": 0}
        assert not Organisation.objects.exists()
        job = taken(registrar, csv_of(FIRST, SECOND))
        assert (job.state, counts(job)["new"]) == (State.DONE, 2)
        one = Organisation.objects.get(name=FIRST[0])
        assert (one.district_id, one.kind, one.scope, one.source) == (
            "nanshan",
            "firm",
            "city",
            "市场监管名单",
        )
        assert find_organisation("示例通信", timezone.localdate()) == one
        assert Event.objects.get(act=IMPORT).actor == "registrar_a"
        assert verify().holds

    def test_the_second_time_nothing_is_new_and_no_event_is_written(self, registrar: Client) -> None:
        taken(registrar, csv_of(FIRST, SECOND))
        assert counts(taken(registrar, csv_of(FIRST, SECOND))) == {
            "new": 0,
            "changed": 0,
            "renamed": 0,
            "same": 2,
        }
        assert Event.objects.filter(act=IMPORT).count() == 1
        assert OrganisationName.objects.count() == 4

    def test_a_file_marked_as_a_state_secret_is_not_kept(self, registrar: Client, settings: Settings) -> None:
        content = csv_of(("机密★10年", "", ""), ("甲公司", "", ""))
        file = SimpleUploadedFile("名单.csv", content)
        answer = registrar.post(
            reverse("registry:import", args=["organisations"]),
            {"file": file, "source": "S", "on": timezone.localdate(), "why": ""},
        )
        assert answer.status_code == 422 and "不收涉密内容" in answer.content.decode()
        assert not Job.objects.exists()
        assert not list((settings.MANGROVE_VAR / "imports").glob("*"))

    def test_two_clicks_are_one_import(self, registrar: Client) -> None:
        look = looked(registrar, csv_of(FIRST))
        address = reverse("registry:import_file", args=["organisations", look.uid])
        assert registrar.post(address).url == registrar.post(address).url
        assert Job.objects.filter(kind=ORGANISATIONS.take_kind).count() == 1

    def test_an_empty_cell_leaves_what_is_known_and_a_filled_one_changes_it(self, registrar: Client) -> None:
        taken(registrar, csv_of(FIRST))
        job = taken(registrar, csv_of((FIRST[0], "", "企业", "本市", "宝安区", "")))
        one = Organisation.objects.get()
        assert (counts(job)["changed"], one.short_name, one.district_id) == (1, "示例通信", "baoan")
        change = Event.objects.filter(act=IMPORT).latest("id").body.text
        assert '"was":{"district_id":"nanshan"}' in change.replace(" ", "")

    def test_the_same_code_under_another_name_is_a_renaming_from_that_day(self, registrar: Client) -> None:
        taken(registrar, csv_of(FIRST))
        OrganisationName.objects.filter(kind="full").update(valid_from=date(2020, 1, 1))
        job = taken(registrar, csv_of(("深圳市新名通信有限公司", *FIRST[1:])))
        one = Organisation.objects.get()
        assert (counts(job)["renamed"], one.name) == (1, "深圳市新名通信有限公司")
        assert find_organisation(FIRST[0], date(2021, 1, 1)) == one
        assert find_organisation(FIRST[0], timezone.localdate()) is None


class TestSpreadsheets:
    def test_titles_above_merged_cells_stars_and_numbers_are_read_as_a_person_reads_them(
        self, registrar: Client
    ) -> None:
        content = workbook(
            ("南山区、宝安区企业名单", None, None, None, None),
            ("* 机构名称", "类别", "地域", "所在区", "联系人"),
            ("深圳市甲有限公司", "企业", "本市", "南山区", "某"),
            ("深圳市乙有限公司", "企业", "本市", None, None),
            merge=("A1:E1", "D3:D4"),
        )
        look = looked(registrar, content, "名单.xlsx")
        assert counts(look)["new"] == 2
        assert [row[1]["district"] for row in look.result["new_rows"]] == ["南山区", "南山区"]
        notes = "".join(look.result["notes"])
        assert "合并单元格" in notes and "表头在第2行" in notes and "“联系人”" in notes

    def test_a_formula_is_refused_where_it_stands(self, registrar: Client) -> None:
        content = workbook(HEADS, (*FIRST[:1], '=HYPERLINK("http://x")', *FIRST[2:]))
        assert "第2行B列：是公式" in wrong(looked(registrar, content, "名单.xlsx"))[0][2]

    def test_a_code_that_excel_has_rounded_is_refused(self, registrar: Client) -> None:
        content = workbook(HEADS, (*FIRST[:5], 914403001922038216))
        assert "数字超过15位" in wrong(looked(registrar, content, "名单.xlsx"))[0][2]

    def test_gb18030_and_characters_beyond_the_first_plane(self, registrar: Client) -> None:
        name = "深圳市𠮷祥𫖯有限公司"
        job = taken(registrar, csv_of((name, *FIRST[1:]), encoding="gb18030"))
        assert job.result["new"] == 1
        assert Organisation.objects.get().name == name

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"\x89PNG\r\n\x1a\n\x00\x00", "空字符"),
            (b"PK\x03\x04broken", "不是可读的 Excel"),
            ("甲,乙\n1,2".encode(), "没有找到表头"),
            (b"", "没有找到表头"),
            (b"\xff\xff\xff\xfe\x80", "既不是 UTF-8"),
        ],
    )
    def test_what_is_no_table_is_refused_in_words(self, registrar: Client, content: bytes, said: str) -> None:
        job = looked(registrar, content or b" ")
        told = str(job.refusal) if job.refusal else str(job.result["wrong_rows"])
        assert said in told

    def test_two_sheets_with_content_are_a_question(self, registrar: Client) -> None:
        book = Workbook()
        book.active.append(HEADS)
        book.create_sheet("另一张").append(HEADS)
        file = io.BytesIO()
        book.save(file)
        assert "不止一张" in str(looked(registrar, file.getvalue(), "名单.xlsx").refusal)


class TestWrongRows:
    def test_every_wrong_cell_is_named_by_row_and_column_and_nothing_is_taken_in(
        self, registrar: Client
    ) -> None:
        content = csv_of(
            FIRST,
            ("", "甲", "企业", "本市", "", ""),
            ("深圳市丙有限公司", "", "公司", "本市", "福田", ""),
            ("深圳市丁有限公司", "", "企业", "", "", "91440300MA5EQ0X43?"),
            FIRST,
        )
        look = looked(registrar, content)
        assert {(line, column) for line, column, _what in wrong(look)} == {
            (3, "机构名称"), (4, "类别"), (5, "统一社会信用代码"), (6, ""),
        } | {(4, "所在区")}  # fmt: skip
        registrar.post(reverse("registry:import_file", args=["organisations", look.uid]))
        assert not Job.objects.filter(kind=ORGANISATIONS.take_kind).exists()
        assert not Organisation.objects.exists()
        page = registrar.get(
            reverse("registry:import_file", args=["organisations", look.uid])
        ).content.decode()
        assert "一行也没有导入" in page and "没有区“福田”" in page

    def test_a_file_that_was_taken_is_not_offered_again(self, registrar: Client) -> None:
        look = looked(registrar, csv_of(FIRST, SECOND))
        address = reverse("registry:import_file", args=["organisations", look.uid])
        assert "还没有导入" in registrar.get(address).content.decode()
        registrar.post(address)
        worker.work(until_idle=True)
        page = registrar.get(address).content.decode()
        assert "还没有导入" not in page and "这份文件已交付导入" in page
        assert reverse("jobs:job", args=[Job.objects.latest("id").uid]) in page

    def test_what_became_wrong_since_it_was_looked_at_is_refused_whole(self, registrar: Client) -> None:
        look = looked(registrar, csv_of(FIRST, SECOND))
        Organisation.objects.create(id="x", name="别家", credit_code=FIRST[5])
        Organisation.objects.create(id="y", name=FIRST[0])
        OrganisationName.objects.create(organisation_id="y", kind="full", text=FIRST[0], key=FIRST[0])
        registrar.post(reverse("registry:import_file", args=["organisations", look.uid]))
        worker.work(until_idle=True)
        job = Job.objects.latest("id")
        assert (job.state, job.refusal["code"]) == (State.FAILED, "registry.import.wrong")
        assert Organisation.objects.count() == 2

    def test_texts_that_do_not_fit_and_hidden_characters(self, registrar: Client) -> None:
        look = looked(registrar, csv_of(("深" * 201, *FIRST[1:]), ("深圳市\x07有限公司", *SECOND[1:])))
        assert ["最多200个字" in wrong(look)[0][2], "看不见的字符" in wrong(look)[1][2]] == [True, True]


class TestWhoIsWho:
    """Two rows, or a row and the registry, that mean one body: told, never doubled and never guessed."""

    @pytest.mark.parametrize(
        "second",
        [
            (FIRST[0], "", "企业", "本市", "", ""),
            ("深圳市别名有限公司", "", "企业", "本市", "", FIRST[5]),
        ],
    )
    def test_two_rows_of_one_name_or_one_code(self, registrar: Client, second: tuple[str, ...]) -> None:
        look = looked(registrar, csv_of(FIRST, second))
        assert [(line, "与第2行" in what) for line, _column, what in wrong(look)] == [(3, True)]

    def test_an_old_list_after_a_renaming_names_the_body_by_its_former_name(self, registrar: Client) -> None:
        taken(registrar, csv_of(FIRST))
        renamed_in_2021(FIRST[0], "深圳市新名有限公司")
        look = looked(registrar, csv_of((FIRST[0], "", "企业", "本市", "", "")))
        assert "“深圳市新名有限公司”的曾用名" in wrong(look)[0][2]

    @pytest.mark.parametrize("name", ["深圳市旧名有限公司", "深圳市新名有限公司"])
    def test_a_list_of_an_earlier_day_neither_renames_nor_doubles(self, registrar: Client, name: str) -> None:
        taken(registrar, csv_of(("深圳市旧名有限公司", "", "企业", "本市", "", "")))
        renamed_in_2021("深圳市旧名有限公司", "深圳市新名有限公司")
        look = looked(
            registrar, csv_of((name, "", "企业", "本市", "", "")), on="2020-06-01", why="补录旧名单"
        )
        assert counts(look) == {"new": 0, "changed": 0, "renamed": 0, "same": 1}, look.result

    def test_a_renaming_before_the_present_name_began_is_refused_where_it_stands(
        self, registrar: Client
    ) -> None:
        taken(registrar, csv_of(FIRST))
        renamed_in_2021(FIRST[0], "深圳市新名有限公司")
        rows = csv_of(("深圳市又名有限公司", *FIRST[1:]))
        look = looked(registrar, rows, on="2020-06-01", why="补录")
        assert "现名称自 2021-01-01 起用" in wrong(look)[0][2]

    def test_no_file_says_that_a_person_saw_the_licence_or_takes_the_synthetic_mark_off(
        self, registrar: Client
    ) -> None:
        heads = (*HEADS, "核对状态", "代码核对状态", "合成数据")
        taken(registrar, csv_of((*FIRST, "已核", "已核", "是"), heads=heads))
        one = Organisation.objects.get()
        assert (one.check_status, one.credit_code_status, one.synthetic) == ("unverified", "unverified", True)
        look = looked(registrar, csv_of((*FIRST, "", "", "否"), heads=heads))
        assert wrong(look)[0][1] == "合成数据"

    def test_a_code_is_read_as_people_write_it(self, registrar: Client) -> None:
        spaced = f"{FIRST[5][:4]} {FIRST[5][4:8]}-{FIRST[5][8:]}".lower()
        assert taken(registrar, csv_of((*FIRST[:5], spaced))).result["new"] == 1
        assert Organisation.objects.get().credit_code == FIRST[5]


def renamed_in_2021(former: str, name: str) -> None:
    one = Organisation.objects.get(name=former)
    one.names.filter(kind="full").update(valid_until=date(2021, 1, 1))
    OrganisationName.objects.create(
        organisation=one, kind="full", text=name, key=name, valid_from=date(2021, 1, 1)
    )
    Organisation.objects.filter(pk=one.pk).update(name=name)


class TestAfterMidnight:
    def test_what_was_asked_for_yesterday_is_done_today_and_says_why(
        self, registrar: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        look = looked(registrar, csv_of(FIRST))
        registrar.post(reverse("registry:import_file", args=["organisations", look.uid]))
        yesterday = timezone.localdate() - timedelta(days=1)
        Job.objects.filter(state=State.QUEUED).update(business_date=yesterday)
        worker.work(until_idle=True)
        event = Event.objects.get(act=IMPORT)
        assert (event.business_date, event.back_entry) == (yesterday, True)
        assert "后台任务" in event.why


class TestBombs:
    def test_a_sheet_that_says_it_is_endless_is_read_by_what_is_in_it(self, registrar: Client) -> None:
        book = Workbook()
        book.active.append(("机构名称", "类别", "地域"))
        book.active.append((FIRST[0], "企业", "本市"))
        book.active["Z1048576"].font = Font(bold=True)
        book.create_sheet("空表")["XFD1048576"].font = Font(bold=True)
        file = io.BytesIO()
        book.save(file)
        assert counts(looked(registrar, file.getvalue(), "名单.xlsx"))["new"] == 1

    def test_a_merge_of_the_whole_sheet_is_refused(self, registrar: Client) -> None:
        content = rewritten(
            workbook(HEADS, FIRST),
            b"</sheetData>",
            b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        )
        assert "合并的单元格太多" in looked(registrar, content, "名单.xlsx").refusal["what"]

    def test_a_workbook_that_unpacks_to_hundreds_of_megabytes_is_refused(self, registrar: Client) -> None:
        content = rewritten(
            workbook(HEADS, FIRST), b"</sheetData>", b" " * (201 * 1024 * 1024) + b"</sheetData>"
        )
        assert len(content) < 1024 * 1024
        assert "展开后太大" in looked(registrar, content, "名单.xlsx").refusal["what"]

    def test_a_line_of_very_many_columns_is_refused(self, registrar: Client) -> None:
        assert "最多500列" in looked(registrar, ("机构名称," * 600).encode()).refusal["what"]


def rewritten(content: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with a piece of its sheet's XML replaced."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for one in source.infolist():
            data = source.read(one)
            made.writestr(
                one.filename, data.replace(old, new) if one.filename.endswith("sheet1.xml") else data
            )
    return file.getvalue()


class TestOut:
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_what_was_exported_can_be_taken_in_again_and_changes_nothing(
        self, registrar: Client, kind: str
    ) -> None:
        taken(registrar, csv_of(FIRST, SECOND, ("=cmd|' /C calc'!A0", "", "企业", "国际", "", "")))
        content = registrar.get(reverse("registry:organisations_export"), {"as": kind}).content
        look = looked(registrar, content, f"名录.{kind}")
        assert counts(look) == {"new": 0, "changed": 0, "renamed": 0, "same": 3}, look.result

    def test_no_cell_of_a_csv_is_a_formula_and_it_says_who_exported_what(self, registrar: Client) -> None:
        taken(registrar, csv_of(("=1+1有限公司", "", "企业", "本市", "", "")))
        text = registrar.get(reverse("registry:organisations_export"), {"as": "csv"}).content.decode(
            "utf-8-sig"
        )
        assert "'=1+1有限公司" in text and "登记甲" in text
        assert not any(
            cell.startswith(("=", "+", "-", "@")) for line in text.splitlines() for cell in line.split(",")
        )


class TestAccess:
    def test_who_does_not_keep_the_registry_is_told_who_does(self, client: Client) -> None:
        user = User.objects.create_user("officer", name="经办人甲", roles=["case_officer"])
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        answer = client.get(reverse("registry:import", args=["organisations"]))
        assert answer.status_code == 422 and "登记" in answer.content.decode()
        assert "导入文件" not in client.get(reverse("registry:organisations")).content.decode()

    def test_who_no_longer_keeps_the_registry_takes_nothing_in(self, registrar: Client) -> None:
        """The role ended after the file was looked at and before its turn came."""
        look = looked(registrar, csv_of(FIRST))
        registrar.post(reverse("registry:import_file", args=["organisations", look.uid]))
        User.objects.update(roles=["case_officer"])
        worker.work(until_idle=True)
        job = Job.objects.latest("id")
        assert (job.state, job.refusal["code"]) == (State.FAILED, "registry.not_permitted")
        assert not Organisation.objects.exists()

    def test_what_nobody_imports_is_not_there(self, registrar: Client) -> None:
        assert registrar.get(reverse("registry:import", args=["stars"])).status_code == 404

    def test_nobody_takes_in_what_another_uploaded(self, registrar: Client) -> None:
        look = looked(registrar, csv_of(FIRST))
        other = Client()
        user = User.objects.create_user("registrar_b", name="登记乙", roles=["registrar"])
        other.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        assert (
            other.post(reverse("registry:import_file", args=["organisations", look.uid])).status_code == 404
        )
