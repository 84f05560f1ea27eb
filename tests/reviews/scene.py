"""A life of reviews with something to show on every page of the room, for browsers; all of it synthetic."""

from __future__ import annotations

import io
from dataclasses import dataclass

from mangrove.registry.models import User
from mangrove.reviews import actions, assigning, pool, rounds
from mangrove.reviews.models import Assignment, Expert, Item, Round

from . import life

TITLES = ("5G质检", "5G远程塔吊", "5G巡检机器人", "港口无人集卡", "超高清直播", "园区专网")
PARAGRAPH = (
    "项目在一条总装线上部署5G专网，十二路相机的图像传到边缘服务器判定，漏检率由千分之三降到千分之一，"
    "每班减少复检工时六小时。专网上行保障四百兆，端到端时延的第九十九百分位为十八毫秒，由第三方测试。"
)
SAID = {
    "need": (85, "解决本行业共有的漏检问题，有两家同行来看过。"),
    "technology": (78, "方案可行；上行带宽的余量没有说清。"),
    "outcome": (80, "有第三方的时延数据，工时是自己统计的。"),
    "means": (90, "已建成运行八个月。"),
}


@dataclass(frozen=True)
class Reviews:
    """What visits name."""

    preparing: Round
    preparing_item: Item
    scoring: Round
    item: Item
    expert: Expert
    to_declare: Assignment
    marking: Assignment
    submitted: Assignment
    released: Round
    released_item: Item
    applicant: User

    @property
    def choice(self) -> str:
        """Two items and four experts, for whom there is something for and something against."""
        items = [self.item, *self.scoring.items.exclude(pk=self.item.pk)[:1]]
        experts = Expert.objects.filter(bureau=life.BUREAU).exclude(
            user__username__in=("expert_2", "expert_5")
        )
        return "&".join([*(f"item={one.pk}" for one in items), *(f"expert={one.pk}" for one in experts)])


def set_the_reviews() -> Reviews:
    experts = [life.admit(n) for n in range(1, 7)]
    pool.suspend(by=life.officer(), expert_id=experts[5].pk, on=life.today(), why="两次逾期未交。")
    preparing = life.open_round(title="第二批示范项目评审（合成）")
    prepared = life.add(preparing, 9)
    scoring = round_of(6, "第一批示范项目评审（合成）")
    given = at_work(scoring, experts)
    released = finished(experts)
    applicant = life.account("applicant_1", "申报人甲", [], life.applicant(1))
    mine = sorted((one for one in given if one.expert == experts[0]), key=lambda one: one.item.code)
    return Reviews(
        preparing, prepared, scoring, given[0].item, experts[0], mine[3], mine[1], mine[0], released,
        released.items.get(parties=applicant.organisation), applicant,
    )  # fmt: skip


def round_of(items: int, title: str) -> Round:
    found = life.open_round(title=title)
    for n in range(1, items + 1):
        text = "\n\n".join([PARAGRAPH] * 4)
        item = life.add(found, n, blind_title=f"{TITLES[n - 1]}项目", text=text)
        upload = io.BytesIO("第三方测试报告（合成）".encode())
        rounds.add_file(
            by=life.officer(), item_id=item.pk, upload=upload, name=f"报告{n}.txt", on=life.today()
        )
    life.step(found, "start")
    return found


def said(shift: int = 0) -> dict[str, object]:
    marks = {id: {"mark": min(100, mark + shift), "reason": why} for id, (mark, why) in SAID.items()}
    return {**marks, "comment": "示范价值清楚，建议补上带宽余量的计算和一个月的连续数据。"}


def submit(one: Assignment, shift: int = 0) -> None:
    life.declare(one)
    user = one.expert.user
    actions.submit(by=user, uid=one.pk, said=said(shift), key=f"{one.pk}", on=life.today())


def at_work(found: Round, experts: list[Expert]) -> list[Assignment]:
    """Two assigned to everything; of the first's items one submitted, one begun, one declared; one left; others drawn."""
    items = list(found.items.all())
    unsuitable = experts[2]
    rounds.name_unsuitable(
        by=life.officer(), item_id=items[0].pk, expert_id=unsuitable.pk, on=life.today(), why="同行竞争。"
    )
    given = life.assign(found, experts[:2])
    for one in given:
        place = items.index(one.item)
        if one.expert == experts[0]:
            first_expert(one, place)
        elif place in (0, 1, 2):
            submit(one, shift=(-35, 5, 0)[place])
    left = next(one for one in given if one.expert == experts[1] and one.item == items[4])
    actions.decline(by=left.expert.user, uid=left.pk, ground="no_time", on=life.today(), why="出差至月底。")
    assigning.draw(
        by=life.officer(),
        round_id=found.pk,
        item_ids=[items[0].pk, items[1].pk],
        due_on=life.due(),
        on=life.today(),
    )
    return given


def first_expert(one: Assignment, place: int) -> None:
    if place == 0:
        submit(one)
    elif place == 1:
        life.declare(one)
        actions.save_draft(by=one.expert.user, uid=one.pk, said=said(), base_revision=0, on=life.today())
    elif place == 2:
        life.declare(one)


def finished(experts: list[Expert]) -> Round:
    found = round_of(3, "去年示范项目评审（合成）")
    for one in life.assign(found, experts[1:4]):
        submit(one, shift=one.item_id % 2 * 3)
    for act in ("close", "release"):
        life.step(found, act)
    return found
