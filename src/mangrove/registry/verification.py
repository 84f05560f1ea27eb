"""What the registry keeps that two people decided on, checked against the ledger: merges of organisations, changes of accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.registry.models import AccountChange, Merge, Organisation

#: Where each act leads.
MERGING = {
    "registry.propose_merge": "proposed", "registry.confirm_merge": "confirmed",
    "registry.decline_merge": "declined", "registry.undo_merge": "undone",
}  # fmt: skip
CHANGING = {
    "registry.propose_account_change": "proposed", "registry.confirmed_account_change": "confirmed",
    "registry.declined_account_change": "declined",
}  # fmt: skip
#: In which order states may follow one another.
NEXT = {"": {"proposed"}, "proposed": {"confirmed", "declined"}, "confirmed": {"undone"}}
Told = Mapping[str, list[tuple[str, Event, dict[str, Any] | None]]]


def told(acts: Mapping[str, str], key: str) -> Told:
    """By the number that the events name under ``key``: each state, its event and what it says; withheld ones are left out."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for event in Event.objects.filter(act__in=acts).select_related("body").order_by("pk").iterator():
        words = said(event)
        if words is not None and key in words:
            found[str(words[key])].append((acts[event.act], event, words))
    return found


def walked(steps: Iterable[str]) -> str | None:
    """The state at the end; ``None`` where one does not follow from the one before: decided twice, say."""
    state = ""
    for step in steps:
        if step not in NEXT.get(state, ()):
            return None
        state = step
    return state


def verify_merges() -> list[str]:
    """One sentence for each merge that is not where its events lead, and each entry that points elsewhere than its merge."""
    events = told(MERGING, "merge")
    merges = list(Merge.objects.order_by("pk"))
    wrong = [fault for one in merges for fault in wrong_merge(one, events.get(str(one.pk), []))]
    return [*wrong, *wrong_pointers(merges)]


def wrong_merge(one: Merge, events: list[Any]) -> Iterator[str]:
    named = {"id": one.pk, "other": one.other_id, "kept": one.kept_id}
    if withheld(one.ref.room, one.other_id, MERGING):
        return
    state = walked(step for step, _event, _words in events)
    if state != one.state:
        yield _("机构合并 %(id)s（%(other)s 并入 %(kept)s）存的状态与账本不符") % named
    if any((words["kept"], words["other"]) != (one.kept_id, one.other_id) for _step, _event, words in events):
        yield _("机构合并 %(id)s 存的两家与账本不符") % named


def withheld(room: str, object_id: str, acts: Mapping[str, str]) -> bool:
    """Whether something said of this object was taken off the ledger: then nothing can be said of it."""
    rows = Event.objects.filter(room=room, object_id=object_id, act__in=acts).select_related("body")
    return any(said(event) is None for event in rows)


def wrong_pointers(merges: Iterable[Merge]) -> list[str]:
    right = {one.other_id: one.kept_id for one in merges if one.state == "confirmed"}
    kept = dict(Organisation.objects.exclude(merged_into=None).values_list("pk", "merged_into"))
    return [
        _("机构“%(id)s”存的是并入“%(kept)s”，按合并记录应是“%(right)s”")
        % {"id": id, "kept": kept.get(id) or _("无"), "right": right.get(id) or _("无")}
        for id in sorted(right.keys() | kept.keys())
        if right.get(id) != kept.get(id)
    ]


def verify_account_changes() -> list[str]:
    """One sentence for each change of an account whose state, content or deciders are not as the ledger has them."""
    events = told(CHANGING, "change")
    return [
        fault
        for one in AccountChange.objects.order_by("pk")
        if (fault := wrong_change(one, events.get(str(one.pk), [])))
    ]


def wrong_change(one: AccountChange, events: list[Any]) -> str | None:
    named = {"id": one.pk, "username": one.username}
    if withheld("registry", one.username, CHANGING):
        return None
    steps = [step for step, _event, _words in events]
    before_numbers = steps[:1] != [
        "proposed"
    ]  # proposals were once recorded without the number of the change
    if walked(["proposed", *steps] if before_numbers else steps) != one.state:
        return _("账号变动 %(id)s（%(username)s）存的状态与账本不符") % named
    if any(event.object_id != one.username for _step, event, _words in events):
        return _("账号变动 %(id)s（%(username)s）不是账本上的那个账号") % named
    if not before_numbers and events[0][2] != {"change": one.pk, "kind": one.kind, **one.content}:
        return _("账号变动 %(id)s（%(username)s）的内容与账本不符") % named
    deciders = [event.actor for step, event, _words in events if step != "proposed"]
    if deciders != [one.decided_by] * len(deciders):
        return _("账号变动 %(id)s（%(username)s）的复核人与账本不符") % named
    return None
