"""Measures in the library, and some in the making: one at each place of the way that has a page of its own."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from mangrove.ledger.refs import SYSTEM
from mangrove.policies.issuing import sending
from mangrove.policies.issuing.models import Draft, Opinion
from mangrove.policies.measures.publishing import publish_shelf
from mangrove.registry.models import User
from policies import making

#: Who of the sample accounts drafts, reviews and publishes.
CAST = {
    "officer": "officer_a", "checker": "office_review", "lawyer": "reviewer_a", "director": "director",
    "deputy": "deputy_director",
}  # fmt: skip
WRONG = making.TEXT.replace("信用核查通过", "信用核查过").replace("sample_measure", "wrong_measure")
#: As a round finds it: two opinions to answer, one answered, one unit without any.
SAID = "“审定投资”的口径请写明，是否含进项税；另请写明资金来源与年度预算的关系。"


def measures_in_the_making() -> SimpleNamespace:
    publish_shelf(by=SYSTEM, on=timezone.localdate(), why="装入样例城市")
    with making.played_by(CAST):
        ending = making.ending(40, "ending_measure")
        seeking = answered()
        making.decision(held=30)
        open_to_all = making.circulated(
            making.started(title="公开征求意见的措施（合成）"),
            until=timezone.localdate() + timedelta(days=20),
        )
        return SimpleNamespace(
            ending=ending, seeking=seeking, open=open_to_all, sent=sent(open_to_all), opinion=seeking.seekings.get().opinions.first(),
            drafting=making.started(title="起草中的措施（合成）", text=WRONG),
            heard=making.heard(named("意见已收齐的措施（合成）")), settled=making.settled(named("意见已处理的措施（合成）")), competing=making.submitted(sought("待审查的措施（合成）")),
            legal=making.reviewed(making.submitted(sought("待审核的措施（合成）")), "checker", "exception", 38),
            meeting=making.lawful(making.submitted(sought("待审议的措施（合成）"))),
            numbering=making.decided(making.lawful(making.submitted(sought("待编号的措施（合成）")))),
            signing=signing("待公布的措施（合成）", "样例工信规〔2026〕2号", "other_sample"),
            published=published(),
        )  # fmt: skip


def sent(draft: Draft) -> Opinion:
    """By somebody of a firm of the scene, and answered."""
    one = sending.send(
        draft_id=draft.pk, clause="第一条", text=SAID, by=User.objects.get(username="a1"), on=timezone.localdate()
    )  # fmt: skip
    return making.disposed(one, "partly", "口径写进了第二条；预算另行公开。", on=timezone.localdate(), why="")


def named(title: str) -> Draft:
    return making.circulated(making.started(title=title))


def sought(title: str) -> Draft:
    return making.settled(named(title))


def answered() -> Draft:
    draft = making.circulated(making.started(title="征求意见中的措施（合成）", text=successor()))
    making.opined(draft, words=SAID)
    making.opined(draft, "门户网站留言 3 号", "上限一百万元太低，建议提高到二百万元。", public=True)
    making.disposed(
        making.opined(draft, "办公室", "第一条“资助”建议改为“补助”。"),
        "rejected",
        "“资助”与上位文件用语一致。",
    )
    return draft


def successor() -> str:
    """What follows the measure that ends, with another share and another cap."""
    return (
        making.text(share="比例: 40%")
        .replace("sample_measure", "ending_measure")
        .replace("100万元", "150万元")
    )


def signing(title: str, number: str, rule: str) -> Draft:
    draft = making.started(title=title, text=making.TEXT.replace("sample_measure", rule))
    return making.numbered(
        making.decided(making.lawful(making.submitted(making.settled(making.circulated(draft))))), number
    )


def published() -> Draft:
    """Published without its guide, so that its days run."""
    draft = making.started(title="已公布的措施（合成）")
    draft = making.decided(making.lawful(making.submitted(making.settled(making.circulated(draft)))))
    making.published(making.numbered(draft, guide=""))
    return Draft.objects.get(pk=draft.pk)
