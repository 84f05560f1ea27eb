"""Applications whose texts are alike: found by a job, shown to who may read both, judged by a person, in the ledger."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from intake import life
from mangrove.intake.models import Application
from mangrove.jobs import worker
from mangrove.jobs.models import Job
from mangrove.ledger.checks import run
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Ref
from mangrove.ledger.refusals import Refusal
from mangrove.likeness import actions, looking, rules
from mangrove.likeness.actions import judge
from mangrove.likeness.models import Pair, Text
from mangrove.likeness.pages import alike
from mangrove.likeness.verification import verify_judgements
from mangrove.registry.models import User
from mangrove.similarity import Finding
from mangrove.similarity.findings import ordered

pytestmark = pytest.mark.django_db

COPIED = "在冲压车间部署一张专网，连接四十台机床与十二辆搬运小车，由中控室远程下发程序并回传振动数据，停机时间减少三成。"
OWN = "为城市公园的巡查船装上摄像头和水质探头，每隔十分钟上传一次读数，超限时提醒管养单位到现场取样复核。"


def handed_in(firm: str, summary: str) -> Application:
    application = life.filled(firm)
    life.write(application, "project", {**life.ANSWERS["project"], "title": firm, "summary": summary}, firm)
    life.submit(application, firm)
    return life.again(application)


def looked() -> None:
    """Twice: the worker asks for the look once nothing else waits, and then does it."""
    worker.work(until_idle=True)
    worker.work(until_idle=True)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One look may follow another."""
    monkeypatch.setattr(looking, "pause", timedelta)


@pytest.fixture
def two() -> tuple[Application, Application]:
    life.office()
    both = handed_in("a1", f"{OWN}\n{COPIED}"), handed_in("b1", COPIED + "项目在建。")
    looked()
    return both


def browser(username: str) -> Client:
    client = Client()
    client.force_login(life.who(username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def the_pair() -> Pair:
    return Pair.objects.get(corpus="intake.application")


def said(by: str = "officer", **more: Any) -> Pair:
    told = {"verdict": "same", "why": "整段相同", "expected_version": 1} | more
    return judge(pair_id=the_pair().pk, by=life.who(by), on=life.today(), **told)


def test_what_was_copied_is_found_and_what_was_not_is_not(two: tuple[Application, Application]) -> None:
    life.firm("firm_c", "深圳丙企业有限公司", "c1")
    handed_in("c1", OWN[:20] + "，此外都不同：在港区试验无人机盘点集装箱，夜间由值守人员复核识别结果。")
    looked()
    assert {the_pair().first, the_pair().second} == {str(one.pk) for one in two}
    assert not Text.objects.exclude(looked=1).exists()


@given(some.sets(some.tuples(some.integers(0, 9), some.integers(10, 19))), some.integers(1, 4))
def test_each_text_keeps_its_nearest_and_there_are_never_more_than_that_for_each(
    found: set[tuple[int, int]], most: int
) -> None:
    pairs = ordered([Finding(str(a), str(b), (a * b % 7) / 10, 0.5, 1, 1) for a, b in found])
    kept = looking.nearest(pairs, most)
    assert (
        len(kept) <= most * 20
        and looking.nearest(pairs, most, {(one.first, one.second) for one in pairs}) == pairs
    )
    for text in {id for one in pairs for id in (one.first, one.second)}:
        own = [one for one in pairs if text in (one.first, one.second)]
        assert own[:most] == [one for one in kept if text in (one.first, one.second)][:most]


def test_one_look_takes_in_all_that_wait(two: tuple[Application, Application]) -> None:
    assert Job.objects.filter(kind="likeness.look").count() == 1
    looked()
    assert Job.objects.filter(kind="likeness.look").count() == 1


def test_what_comes_in_after_a_look_waits_for_the_pause(
    two: tuple[Application, Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "pause", rules.pause)
    looking.enter(two[0].ref, "别的文字")
    looking.look_after()
    assert (
        looking.waiting().count() == 1 and not Job.objects.filter(kind=looking.KIND, state="queued").exists()
    )
    Job.objects.filter(kind=looking.KIND).update(ended_at=timezone.now() - rules.pause())
    looking.look_after()
    assert Job.objects.filter(kind=looking.KIND, state="queued").count() == 1


def test_the_check_shows_it_and_leads_to_both_side_by_side(two: tuple[Application, Application]) -> None:
    life.take(two[0])
    href = f"/likeness/{the_pair().pk}/"
    assert href in browser("officer").get(f"/intake/{two[0].pk}/check/").content.decode()
    page = browser("officer").get(href).content.decode()
    assert all(f'href="/intake/{one.pk}/"' in page for one in two)
    assert 'id="a1"' in page and 'href="#b1"' in page and 'id="b1"' in page and 'href="#a1"' in page


def test_numbers_of_persons_are_not_shown_beside_each_other(two: tuple[Application, Application]) -> None:
    page = browser("officer").get(f"/likeness/{the_pair().pk}/").content.decode()
    assert COPIED[:10] in page and "0755-0000****" in page and "0755-00000000" not in page


@pytest.mark.parametrize("username", ["a1", "b1", "stranger"])
def test_whoever_may_not_read_both_hears_nothing(two: tuple[Application, Application], username: str) -> None:
    """Not even the applicant whose text was copied."""
    client, href = browser(username), f"/likeness/{the_pair().pk}/"
    assert client.get(href).status_code == 404 and client.post(href, {"verdict": "seen"}).status_code == 404
    assert href not in client.get("/likeness/").content.decode()
    assert alike(life.who(username), two[0].ref) == []


def test_who_oversees_reads_and_does_not_judge(two: tuple[Application, Application]) -> None:
    href = f"/likeness/{the_pair().pk}/"
    assert "记下判断" not in browser("auditor").get(href).content.decode()
    assert browser("auditor").post(href, {"verdict": "seen"}).status_code == 422
    assert the_pair().verdict == "open"


def test_a_judgement_is_a_note_with_its_reason_in_the_ledger(two: tuple[Application, Application]) -> None:
    state = life.case(two[0]).state
    href = f"/likeness/{the_pair().pk}/"
    form = {"verdict": "different", "why": "", "version": 1, "on": life.today().isoformat()}
    refused = browser("officer").post(href, form)
    assert refused.status_code == 422 and "判断的理由不能为空" in refused.content.decode()
    assert browser("officer").post(href, form | {"why": "同一供应商写的说明"}).status_code == 302
    event = Event.objects.get(act="likeness.judge")
    assert (event.actor, event.why) == ("officer", "同一供应商写的说明")
    assert the_pair().verdict == "different" and life.case(two[0]).state == state


def test_seen_needs_no_reason(two: tuple[Application, Application]) -> None:
    assert said(verdict="seen", why="").verdict == "seen"


def test_a_text_that_changes_is_to_be_judged_again(two: tuple[Application, Application]) -> None:
    said()
    looking.enter(two[0].ref, "别的文字")
    assert Text.objects.get(object_id=str(two[0].pk)).version == 2
    looking.enter(two[0].ref, "别的文字")
    assert Text.objects.get(object_id=str(two[0].pk)).version == 2
    Pair.objects.update(first_digest="0" * 64)
    looked()
    assert the_pair().verdict == "open" and Event.objects.filter(act="likeness.judge").exists()


def test_the_same_firm_again_is_marked_as_that(two: tuple[Application, Application]) -> None:
    assert not alike(life.who("officer"), two[0].ref)[0].again
    Application.objects.filter(pk=two[1].pk).update(organisation=two[0].organisation, slot=2)
    assert alike(life.who("officer"), two[0].ref)[0].again


def test_things_older_than_their_corpus_are_gathered(two: tuple[Application, Application]) -> None:
    Text.objects.all().delete()
    looking.gather()
    assert Text.objects.filter(corpus="intake.application", looked=0).count() == 2


def queries(user: User, ref: Ref) -> int:
    asked: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        alike(life.who("officer"), ref)
    return len(asked)


def test_as_many_queries_for_three_alike_as_for_one(two: tuple[Application, Application]) -> None:
    one = queries(life.who("officer"), two[0].ref)
    for n in ("c", "d"):
        life.firm(f"firm_{n}", f"深圳{n}企业有限公司", f"{n}1")
        handed_in(f"{n}1", COPIED)
    looked()
    assert len(alike(life.who("officer"), two[0].ref)) == 3
    assert queries(life.who("officer"), two[0].ref) == one


def test_a_judgement_that_was_changed_by_hand_is_named(two: tuple[Application, Application]) -> None:
    said()
    assert run("判断", verify_judgements).holds
    Pair.objects.update(verdict="seen")
    assert "与账本不符" in run("判断", verify_judgements).first


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_two_officers_judge_at_once(
    two: tuple[Application, Application], guarded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second is told. Without the look at the version, both are written and the first is lost unawares."""
    if not guarded:
        monkeypatch.setattr(actions, "locked", lambda id, version: Pair.objects.get(pk=id))
    barrier, refused = threading.Barrier(2), []

    def go(by: str) -> None:
        try:
            barrier.wait(10)
            said(by)
        except Refusal as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(by,)) for by in ("officer", "officer_b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == (["likeness.stale"] if guarded else [])
    assert Event.objects.filter(act="likeness.judge").count() == (1 if guarded else 2)
