"""Two entries of one organisation: merged by two people, answered for by one, and given back exactly."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import serializers
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mangrove.casework.access import readable_cases
from mangrove.casework.actions import open_case
from mangrove.casework.models import Case
from mangrove.casework.promise_workflow import PROMISES
from mangrove.ledger.checks import faults_of, said
from mangrove.ledger.models import Event
from mangrove.ledger.refs import SYSTEM, Ref
from mangrove.ledger.refusals import Refusal
from mangrove.registry import actions as registry
from mangrove.registry.merging import actions
from mangrove.registry.merging.doubles import suspected
from mangrove.registry.merging.holdings import in_words, relations
from mangrove.registry.models import Merge, Organisation, OrganisationName, User
from mangrove.registry.names import find_organisation, names_for_reading, search
from mangrove.registry.verification import verify_merges
from mangrove.ui.house import rooms

pytestmark = pytest.mark.django_db
CODES = ("91440300MA5EQ0X43G", "91440300708461136T")


def entry(id: str, name: str, code: str = "") -> Organisation:
    return registry.register_organisation(
        id=id, name=name, kind="firm", scope="city", credit_code=code, source="样例", synthetic=True,
        by=SYSTEM, on=timezone.localdate(),
    )  # fmt: skip


def told(by: User, **more: Any) -> dict[str, Any]:
    return {"by": by, "on": timezone.localdate(), "why": "对照了营业执照"} | more


def officer(username: str, role: str = "registrar") -> User:
    return User.objects.get_or_create(username=username, defaults={"name": username, "roles": [role]})[0]


def proposed(kept: str = "kept", other: str = "other") -> Merge:
    return actions.propose(kept=kept, other=other, **told(officer("one")))


def merged() -> Merge:
    return actions.confirm(merge=proposed(), **told(officer("two")))


@pytest.fixture
def pair(db: None) -> tuple[Organisation, Organisation]:
    return entry("kept", "深圳市示例通信有限公司", CODES[0]), entry("other", "深圳市示例通信股份有限公司")


def case(organisation: Organisation, title: str) -> Case:
    return open_case(
        subject=Ref("test", "thing", title), workflow_id=PROMISES.id, title=title, organisation=organisation,
        by=SYSTEM, on=timezone.localdate(),
    )  # fmt: skip


def everything(but: tuple[Any, ...] = ()) -> str:
    """All rows that a merge might touch, as text."""
    rows = [*Organisation.objects.order_by("pk"), *OrganisationName.objects.order_by("pk")]
    rows += [*Case.objects.exclude(pk__in=but).order_by("pk"), *User.objects.order_by("pk")]
    return serializers.serialize("json", rows)


def test_pairs_are_suspected_by_name_unless_the_licence_tells_them_apart(pair: Any) -> None:
    entry("third", "（深圳）另一家")
    registry.add_alias(
        organisation=pair[1], text="(深圳)另一家", source="样例", by=SYSTEM, on=timezone.localdate()
    )
    found = {(one.one.pk, one.other.pk): one.same for one in suspected()}
    assert found == {("kept", "other"): False, ("other", "third"): True}
    registry.correct_credit_code(
        organisation=pair[1], code=CODES[1], why="执照", by=SYSTEM, on=timezone.localdate()
    )
    assert ("kept", "other") not in {(one.one.pk, one.other.pk) for one in suspected()}


def test_what_was_declined_is_not_suggested_again(pair: Any) -> None:
    with pytest.raises(Refusal, match="理由"):
        actions.decline(merge=proposed(), **told(officer("two"), why=""))
    actions.decline(merge=Merge.objects.get(), **told(officer("two"), why="两家"))
    assert suspected() == [] and Organisation.objects.standing().count() == 2


def test_the_kept_one_answers_for_both_by_every_name(pair: Any) -> None:
    kept, other = pair
    today = timezone.localdate()
    merged()
    assert find_organisation(other.name, today) == kept
    assert names_for_reading(today)[other.name] == "kept"
    assert list(search(other.name)) == [kept] and list(search("other")) == [kept]
    assert kept.bodies == other.bodies == {"kept", "other"}


def test_people_of_both_entries_reach_what_either_has(pair: Any) -> None:
    kept, other = pair
    user = User.objects.create(
        username="u", name="u", roles=["case_officer"], organisation=kept, password="!"
    )
    hers = User.objects.create(
        username="v", name="v", roles=["case_officer"], organisation=other, password="!"
    )
    ours, theirs = case(kept, "甲"), case(other, "乙")
    merge = merged()
    for one in (user, hers):
        assert set(readable_cases(User.objects.get(pk=one.pk))) == {ours, theirs}
    actions.undo(merge=merge, **told(officer("one")))
    assert set(readable_cases(User.objects.get(pk=user.pk))) == {ours}


def test_undoing_gives_everything_back_and_tells_what_came_since(pair: Any) -> None:
    kept, other = pair
    officer("one"), officer("two")
    case(kept, "甲"), case(other, "乙")
    before = everything()
    merge = merged()
    assert everything() != before
    later = case(kept, "丙")
    after = case(other, "丁")
    actions.undo(merge=merge, **told(officer("one"), why="两家营业执照"))
    later.refresh_from_db(), after.refresh_from_db()
    assert (later.organisation_id, after.organisation_id) == ("kept", "other")
    assert everything(but=(later.pk, after.pk)) == before
    event = Event.objects.get(act="registry.undo_merge")
    since = said(event)["since"]
    assert since == {side: {"casework.case.organisation": 1} for side in ("kept", "other")}


@pytest.mark.parametrize(
    ("kept", "other", "codes", "said"),
    [
        ("kept", "other", CODES, "统一社会信用代码不同"),
        ("other", "kept", (CODES[0], ""), "应当保留它"),
        ("kept", "kept", (CODES[0], ""), "合并要两家不同"),
        ("kept", "nobody", (CODES[0], ""), "合并要两家不同"),
    ],
)
def test_what_can_be_no_merge_is_refused(
    db: None, kept: str, other: str, codes: tuple[str, str], said: str
) -> None:
    entry("kept", "示例甲", codes[0]), entry("other", "示例乙", codes[1])
    with pytest.raises(Refusal, match=said):
        proposed(kept, other)


def test_codes_that_differ_since_the_proposal_are_refused_when_confirming(pair: Any) -> None:
    merge = proposed()
    registry.correct_credit_code(
        organisation=pair[1], code=CODES[1], why="执照", by=SYSTEM, on=timezone.localdate()
    )
    with pytest.raises(Refusal, match="统一社会信用代码不同"):
        actions.confirm(merge=merge, **told(officer("two")))
    assert Organisation.objects.standing().count() == 2


def test_a_merge_takes_two_people_of_the_registry_and_happens_once(pair: Any) -> None:
    merge = proposed()
    for by, words in ((officer("one"), "自己提出的"), (officer("x", "auditor"), "您的角色不能")):
        with pytest.raises(Refusal, match=words):
            actions.confirm(merge=merge, **told(by))
    with pytest.raises(Refusal, match="等待复核"):
        proposed()
    actions.confirm(merge=merge, **told(officer("two")))
    for again in (actions.confirm, actions.decline):
        with pytest.raises(Refusal, match="已经复核过"):
            again(merge=merge, **told(officer("two")))
    actions.undo(merge=merge, **told(officer("two")))
    with pytest.raises(Refusal, match="没有生效"):
        actions.undo(merge=merge, **told(officer("two")))


def test_a_merged_entry_is_neither_changed_nor_merged_on(pair: Any) -> None:
    kept, other = pair
    entry("third", "示例丙")
    merged()
    given = {"organisation": other, "by": SYSTEM, "on": timezone.localdate()}
    for attempt in (
        lambda: registry.rename_organisation(**given, name="新名", source=""),
        lambda: registry.correct_credit_code(**given, code=CODES[1], why="x"),
        lambda: registry.add_alias(**given, text="又名", source=""),
        lambda: proposed("third", "other"),
        lambda: proposed("other", "third"),
    ):
        with pytest.raises(Refusal, match="已并入"):
            attempt()
    with pytest.raises(Refusal, match="应当保留它|名下已并入"):
        proposed("third", "kept")


def test_the_ledger_check_finds_what_was_changed_by_hand(pair: Any) -> None:
    merge = merged()
    assert faults_of(verify_merges) == []
    Organisation.objects.filter(pk="other").update(merged_into=None)
    assert len(verify_merges()) == 1
    Organisation.objects.filter(pk="other").update(merged_into="kept")
    Merge.objects.filter(pk=merge.pk).update(state="undone")
    assert len(verify_merges()) == 2
    Merge.objects.filter(pk=merge.pk).update(state="confirmed")
    assert verify_merges() == []


def test_every_relation_to_an_organisation_has_a_word(db: None) -> None:
    named = {key for room in rooms() for key in room.hangs}
    assert {one.key for one in relations()} == named


def page(user: User, name: str, *args: Any, **post: Any) -> Any:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse(name, args=args)
    return client.post(address, post) if post else client.get(address)


def test_the_pages_lead_from_the_suspicion_to_the_merge_and_back(pair: Any) -> None:
    one, two = officer("one"), officer("two", "sysadmin")
    assert "并排看" in page(one, "registry:doubles").content.decode()
    assert CODES[0] in page(one, "registry:double", "kept", "other").content.decode()
    wrong = page(one, "registry:double", "kept", "other", kept="other", why="执照")
    assert wrong.status_code == 422 and "应当保留它" in wrong.content.decode()
    assert page(one, "registry:double", "kept", "other", kept="kept", why="执照").status_code == 302
    merge = Merge.objects.get()
    assert "是同一家，合并" not in page(one, "registry:merge", merge.pk).content.decode()
    assert page(two, "registry:merge", merge.pk, decision="confirm", why="").status_code == 302
    assert "已并入保留的一家" in page(one, "registry:organisation", "other").content.decode()
    assert "股份有限公司" in page(one, "registry:organisation", "kept").content.decode()
    case(pair[0], "丙")
    assert (
        in_words({"casework.case.organisation": 1}) in page(one, "registry:merge", merge.pk).content.decode()
    )
    assert page(one, "registry:merge", merge.pk, decision="undo", why="不是").status_code == 302
    assert Organisation.objects.standing().count() == 2
