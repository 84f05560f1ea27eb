"""Finding what is alike: texts are entered in the act that brings them, and a job compares those that wait with all others.

The worker asks for the job when something waits. However many texts came in since, one job looks at all of them.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mangrove.jobs.actions import submit
from mangrove.jobs.kinds import Kind
from mangrove.jobs.models import OPEN, Job
from mangrove.jobs.running import Running
from mangrove.ledger.refs import SYSTEM, Ref
from mangrove.likeness.corpora import Corpus, corpora
from mangrove.likeness.models import Pair, Text, Verdict
from mangrove.likeness.rules import pause, rule
from mangrove.similarity import Finding, TextIndex

KIND = "likeness.look"

BATCH = 500
#: What a look may change of a pair.
FOUND = (
    "share", "cosine", "shared", "smaller", "verdict", "why", "judged_by_name", "judged_on", "first_digest", "second_digest",
    "version", "found_at",
)  # fmt: skip
#: Seconds between looks for things that were there before their room brought their texts.
GATHER = 3600
_gathered = {"at": -float(GATHER)}


def enter(ref: Ref, text: str) -> None:
    """Enter the text of a thing, or that it is another now; in the transaction of the act that brings it."""
    corpus, digest = f"{ref.room}.{ref.kind}", digest_of(text)
    try:
        with transaction.atomic():
            Text.objects.create(corpus=corpus, object_id=ref.id, digest=digest)
    except IntegrityError:
        held = Text.objects.filter(corpus=corpus, object_id=ref.id).exclude(digest=digest)
        held.update(digest=digest, version=F("version") + 1)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def waiting() -> QuerySet[Text]:
    return Text.objects.filter(looked__lt=F("version"))


def look_after() -> None:
    """What the worker does between jobs: ask for a look where something waits, and nobody looks or did so a while ago."""
    if time.monotonic() - _gathered["at"] >= GATHER:
        gather()
        _gathered["at"] = time.monotonic()
    if waiting().exists() and not looked_lately():
        ask()


def looked_lately() -> bool:
    """Every look reads all there is: before a deadline what comes in is gathered, and looked at together."""
    lately = Q(state__in=OPEN) | Q(ended_at__gt=timezone.now() - pause())
    return Job.objects.filter(lately, kind=KIND).exists()


def ask() -> Job:
    """One job for what waits now; two workers that ask at once get the same."""
    found = sorted(waiting().values_list("pk", "version"))
    title = str(_("查找相近文本"))
    return submit(
        KIND, title=title, arguments={}, by=SYSTEM, on=timezone.localdate(), key=digest_of(str(found))
    )


def gather() -> None:
    """Enter what has a text and was never entered: things that are older than their corpus."""
    for corpus in corpora():
        known = set(Text.objects.filter(corpus=corpus.id).values_list("object_id", flat=True))
        missing = {str(id) for id in corpus.every()} - known
        for id, text in (corpus.texts(missing) if missing else {}).items():
            enter(corpus.ref(id), text)


def look(running: Running) -> None:
    """Compare what waits with all of its corpus, first; then write down what was found."""
    found = []
    chosen = list(corpora())
    for place, corpus in enumerate(chosen):
        running.progress(place, len(chosen), str(corpus.label))
        if new := list(waiting().filter(corpus=corpus.id)):
            found.append((corpus, new, *compared(corpus, new)))
    with running.effects() as result:
        result["pairs"] = sum(written(*one) for one in found)
        result["texts"] = sum(len(new) for _corpus, new, *_rest in found)


def compared(corpus: Corpus, new: Collection[Text]) -> tuple[list[Finding], Mapping[str, str]]:
    """The pairs with a new text in them, and the digests of the texts as they were compared."""
    known = Text.objects.filter(corpus=corpus.id).values_list("object_id", flat=True)
    texts = corpus.texts(list(known))
    touching = [one.object_id for one in new if one.object_id in texts]
    pairs = TextIndex.of(sorted(texts.items())).pairs(rule(corpus.id).limits, touching) if touching else []
    return pairs, {id: digest_of(text) for id, text in texts.items()}


def nearest(pairs: Collection[Finding], most: int, held: Collection[tuple[str, str]] = ()) -> list[Finding]:
    """Those that are held, and of the others in their order those in which either text has fewer than so many before.

    A thousand texts that are all alike are no half million pairs for anybody to look at.
    """
    kept, taken = [], Counter[str]()
    for one in pairs:
        if (one.first, one.second) in held or min(taken[one.first], taken[one.second]) < most:
            kept.append(one)
            taken.update((one.first, one.second))
    return kept


def written(
    corpus: Corpus, new: Collection[Text], pairs: Collection[Finding], digests: Mapping[str, str]
) -> int:
    """Keep each pair once, and of each text the nearest; returns how many of those found are kept.

    What nobody judged and is no longer alike goes; what somebody judged stays.
    """
    for one in new:
        Text.objects.filter(pk=one.pk).update(looked=one.version)
    ids = {one.object_id for one in new}
    held = {(one.first, one.second): one for one in Pair.objects.select_for_update().filter(corpus=corpus.id)}
    pairs = nearest(pairs, rule(corpus.id).kept, held)
    found = {(one.first, one.second) for one in pairs}
    gone = [pair.pk for key, pair in held.items() if key not in found and may_go(pair, ids)]
    for at in range(0, len(gone), BATCH):
        Pair.objects.filter(pk__in=gone[at : at + BATCH]).delete()
    kept = [as_found(held.get((one.first, one.second)), corpus, one, digests) for one in pairs]
    Pair.objects.bulk_update([one for one in kept if one.pk is not None], FOUND, batch_size=BATCH)
    Pair.objects.bulk_create([one for one in kept if one.pk is None], batch_size=BATCH)
    return len(kept)


def may_go(pair: Pair, ids: Collection[str]) -> bool:
    return pair.verdict == Verdict.OPEN and (pair.first in ids or pair.second in ids)


def as_found(held: Pair | None, corpus: Corpus, found: Finding, digests: Mapping[str, str]) -> Pair:
    """The pair as it now is; not written yet."""
    pair = held or Pair(corpus=corpus.id, first=found.first, second=found.second, version=0)
    compared_as = (digests[found.first], digests[found.second])
    if compared_as != (pair.first_digest, pair.second_digest):
        pair.verdict, pair.why, pair.judged_by_name, pair.judged_on = Verdict.OPEN, "", "", None
        pair.first_digest, pair.second_digest = compared_as
        pair.version, pair.found_at = pair.version + 1, timezone.now()
    pair.share, pair.cosine = round(found.share * 10_000), round(found.cosine * 10_000)
    pair.shared, pair.smaller = found.shared, found.smaller
    return pair


def said(job: Any) -> str:
    n = (job.result or {}).get("pairs", 0)
    return ngettext("找到 %(n)s 对相近的", "找到 %(n)s 对相近的", n) % {"n": n}


LOOK = Kind(KIND, _("查找相近文本"), look, said)
