"""What files say of their makers: text, properties, pictures; and what is an ordinary word."""

from __future__ import annotations

import io
from base64 import b64decode

import docx
import pytest
import typst

from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.reviews import rounds
from mangrove.reviews.leaks import found_in, marks_of
from mangrove.reviews.models import NAMED, Item, ItemFile

from . import life

pytestmark = pytest.mark.django_db
PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.fixture
def item() -> Item:
    return life.add(life.open_round())


def add(item: Item, content: bytes, name: str, **more: bool) -> ItemFile:
    return rounds.add_file(
        by=life.officer(), item_id=item.pk, upload=io.BytesIO(content), name=name, on=life.today(), **more
    )


def office(text: str = "实测数据", company: str = "", header: str = "", picture: bool = False) -> bytes:
    made = docx.Document()
    made.add_paragraph(text)
    made.core_properties.author = company
    made.sections[0].header.paragraphs[0].text = header
    if picture:
        made.add_picture(io.BytesIO(PIXEL))
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def printed(text: str = "Measured", author: str = "") -> bytes:
    source = f'#set document(author: "{author}")\n#set page(width: 9cm, height: 9cm)\n{text}'
    return bytes(typst.Compiler(source.encode()).compile(format="pdf"))


def leaking() -> list[tuple[str, bytes]]:
    name, code = life.applicant(1).name, life.applicant(1).credit_code or ""
    return [
        ("a.txt", f"由{name}承担".encode()), ("b.txt", f"由{name}承担".encode("gb18030")),
        ("c.docx", office(f"由{name}承担")), ("d.docx", office(company=name)), ("e.docx", office(header=name)),
        ("f.pdf", printed(f"Code {code}")), ("g.pdf", printed(author=name)),
    ]  # fmt: skip


@pytest.mark.parametrize("place", range(7))
def test_a_file_that_gives_the_applicant_away_is_refused_and_leaves_nothing(item: Item, place: int) -> None:
    name, content = leaking()[place]
    with pytest.raises(Refusal) as refused:
        add(item, content, name)
    assert refused.value.code == "reviews.leak" and not ItemFile.objects.exists()
    assert not Event.objects.filter(act__in=("reviews.add_file", "casework.attach")).exists()


@pytest.mark.parametrize("place", range(7))
def test_control_under_names_the_same_file_is_kept(place: int) -> None:
    named = life.add(life.open_round(NAMED))
    name, content = leaking()[place]
    assert add(named, content, name)


def test_files_without_a_trace_are_kept(item: Item) -> None:
    for name, content in (("a.txt", "实测".encode()), ("b.docx", office()), ("c.pdf", printed())):
        assert add(item, content, name)
    assert ItemFile.objects.count() == 3


def test_pictures_must_have_been_looked_at_and_that_is_recorded(item: Item) -> None:
    for name, content in (
        ("a.png", PIXEL),
        ("b.docx", office(picture=True)),
        ("c.pdf", printed(text="#pagebreak() x")),
    ):
        with pytest.raises(Refusal) as refused:
            add(item, content, name)
        assert refused.value.code == "reviews.not_looked"
        assert add(item, content, name, looked=True)
    bodies = Event.objects.filter(act="reviews.add_file").values_list("body__text", flat=True)
    assert len(bodies) == 3 and all('"looked":true' in text for text in bodies)


def test_a_broken_pdf_is_refused(item: Item) -> None:
    with pytest.raises(Refusal):
        add(item, b"%PDF-1.7\nnothing of a document\n", "a.pdf")


def test_width_case_and_blanks_hide_nothing_and_other_words_are_none() -> None:
    marks = marks_of([life.applicant(1)])
    assert found_in("由 深圳市金丝雀 １号 通信有限公司 牵头", marks)
    assert found_in("91440300 canary001x", marks)
    assert not found_in("深圳市的通信有限公司很多", marks)
