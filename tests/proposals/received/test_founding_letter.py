"""The whole path of the founding letter through the pages, against the figures of the sample city."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from django.utils import timezone

from mangrove.casework.models import Promise
from mangrove.casework.promise_counts import counts
from mangrove.cli import main
from mangrove.figures.loading import load_figures
from mangrove.ledger.refs import SYSTEM
from mangrove.ledger.sealer import seal_pending
from mangrove.ledger.verify import verify
from mangrove.proposals.received.models import ReceivedLetter
from mangrove.registry.city import load_registry
from mangrove.registry.models import Organisation

from .conftest import browser, file, item, page, person, settle_all, upload

pytestmark = [pytest.mark.django_db, pytest.mark.acceptance]


@pytest.fixture
def city(db: None) -> Path:
    folder, today = Path(django_settings.MANGROVE_CITY), timezone.localdate()
    load_registry(folder, by=SYSTEM, on=today, why="装入")
    load_figures(folder, by=SYSTEM, on=today, why="装入")
    return folder


def test_read_checked_decided_filed_and_followed(city: Path) -> None:
    officer = person("officer_a", Organisation.objects.get(pk="szgxj"), "case_officer")
    desk = browser(officer)

    shown = upload(desk, "原复函.txt", (city / "founding_letter.txt").read_bytes()).content.decode()
    letter = ReceivedLetter.objects.get()

    assert (letter.numbers, letter.commitments, str(letter.dated)) == (9, 17, "2021-08-30")
    assert "与指标一致 8" in shown and "与指标不符 1" in shown and "应为：59.9%" in shown
    assert "5349.18亿元 ÷ 8932.6亿元 = 59.884%，来函写59.8%" in shown
    share = item(letter, "number", "59.8%")
    assert f'id="m-{share.number}"' in shown and f'href="#{share.number}"' in shown
    assert 'said said--differs" href="#' + share.number in shown

    settle_all(desk, letter)
    file(desk, letter)

    letter.refresh_from_db()
    assert letter.is_filed and Promise.objects.filter(number__startswith="R1-C").count() == 17
    followed = counts()
    assert (followed.total, followed.without_owner, followed.without_date) == (17, 17, 17)
    spans = sorted((one.start, one.end) for promise in Promise.objects.all() for one in promise.sources.all())
    assert all(before[1] <= after[0] for before, after in zip(spans, spans[1:], strict=False))
    seal_pending()
    assert verify().holds


def test_figures_that_change_after_filing_leave_the_filed_letter_as_it_was(city: Path) -> None:
    desk = browser(person("officer_a", Organisation.objects.get(pk="szgxj"), "case_officer"))
    upload(desk, "原复函.txt", (city / "founding_letter.txt").read_bytes())
    letter = ReceivedLetter.objects.get()
    settle_all(desk, letter)
    file(desk, letter)
    stations = item(letter, "number", "4.8万个")
    name = stations.verdict["name"]

    main(
        ["figures", "set", name, "61000", "--as-of", "2021-08-30", "--source", "letter", "--why", "统计更正"]
    )

    tags = (
        desk.get(reverse("proposals:received_item", args=[letter.pk, stations.number])).context["said"].tags
    )
    assert [tag.text for tag in tags] == [stations.verdict["verdict"]] and "与指标一致 8" in page(
        desk, letter
    )


def test_the_command_line_reads_and_checks_without_keeping_anything(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["letter", "read", str(city / "founding_letter.txt")]) == 0
    said = capsys.readouterr().out
    assert "与指标核对" in said and "应为：59.9%" in said and not ReceivedLetter.objects.exists()
