"""Who may know that two texts are alike: whoever may read both of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.ledger.refusals import Refusal
from mangrove.likeness.corpora import Corpus, corpora, corpus
from mangrove.likeness.models import Pair
from mangrove.registry.models import User


def readable_pairs(user: Any) -> QuerySet[Pair]:
    if not isinstance(user, User) or not user.is_active:
        return Pair.objects.none()
    seen = Q(pk__in=[])
    for one in corpora():
        seen |= both(user, one)
    return Pair.objects.filter(seen)


def both(user: User, one: Corpus) -> Q:
    readable = one.readable(user)
    return Q(corpus=one.id, first__in=readable, second__in=readable)


def access_pair(user: Any, id: int, to: str = "read") -> Pair:
    """The pair, to ``read`` it or to ``judge`` it."""
    found = readable_pairs(user).filter(pk=id).first()
    if found is None:
        raise Http404(_("没有这一对文本，或您不能读其中的一份。"))
    if to == "judge" and not may_judge(user, found):
        raise Refusal(
            _("您不能判断这一对是否同一件。"), code="likeness.not_judge", where=str(_("相近文本")),
            remedy=_("由其中任何一件的经办人判断。"),
        )  # fmt: skip
    return found


def may_judge(user: User, pair: Pair) -> bool:
    """Whoever handles one of the two."""
    one = corpus(pair.corpus)
    return one.judges(user, pair.first) or one.judges(user, pair.second)
