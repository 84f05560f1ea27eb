"""A condition of the audit that a line does not meet, as people say it: 开票日期 2024-02-01 早于费用起日 2025-06-01，差 486 天."""

from __future__ import annotations

from mangrove.rulebook.explaining.parts import Part, sides
from mangrove.rulebook.explaining.saying import Saying, days, is_literal
from mangrove.rulebook.language import typed
from mangrove.rulebook.language.types import DAY
from mangrove.rulebook.language.wording import Wording

#: Which side of what is asked a value lies on: of days, and of anything else.
DAYS = {"short": ("早于", "is before"), "over": ("晚于", "is after")}
SIZES = {"short": ("低于", "is below"), "over": ("高于", "is above")}


def unmet(part: Part, say: Saying) -> str:
    """Where it compares nothing (a paper that is not there, a group), the condition as it is written."""
    found = sides(part.node)
    if found is None or part.has is None or None in part.asked:
        return say.pick("不符合：", "Not met: ") + say.condition(part)
    wording = say.wording(part.entity)
    _kind, value, others = found
    has = name(value, wording) + " " + wording.value(part.has, value.type, value)
    asked = [beside(one, said, value, wording) for one, said in zip(others, part.asked, strict=True)]
    return has + apart(part, asked, value, say)


def apart(part: Part, asked: list[str], value: typed.Typed, say: Saying) -> str:
    """How what it is differs from what is asked."""
    gap = part.gap
    space = say.pick("", " ")
    if gap is None or gap.way not in SIZES:
        return say.pick("，", ", ") + wanted(part, asked, say) + edge(part, say)
    words = (DAYS if gap.kind == DAY else SIZES)[gap.way]
    side = asked[-1] if gap.way == "over" else asked[0]
    far = say.gap(gap, value, part.entity)
    if gap.kind == DAY:
        far = say.pick(f"差 {gap.size} 天", f"off by {days(int(gap.size))}")
    return f" {say.pick(*words)}{space}{side}{say.pick('，', ', ')}{far}"


def wanted(part: Part, asked: list[str], say: Saying) -> str:
    """What it must be, or must not be."""
    node, listed = part.node, say.wording(part.entity).listed(asked)
    denied = getattr(node, "wanted", True) is False or getattr(node, "sign", "") == "!="
    if isinstance(node, typed.Between):
        listed = say.pick("至", " to ").join(asked)
    if denied:
        return say.pick(f"不得为{listed}", f"must not be {listed}")
    if isinstance(node, typed.Among) and len(asked) > 1:
        return say.pick(f"应为{listed}之一", f"must be {listed}")
    return say.pick(f"应为{listed}", f"must be {listed}")


def edge(part: Part, say: Saying) -> str:
    """Right on a bound that does not count."""
    on_it = part.gap is not None and part.gap.way == "edge"
    return say.pick("，恰在界上，界不算在内", ", right on the bound, which does not count") if on_it else ""


def beside(node: typed.Typed, said: object, value: typed.Typed, wording: Wording) -> str:
    """A bound with its name, or the number alone."""
    words = wording.value(said, value.type, value)  # type: ignore[arg-type]
    return words if is_literal(node) else f"{name(node, wording)} {words}"


def name(node: typed.Typed, wording: Wording) -> str:
    """A field by its own name, whichever thing it is a field of; anything else in words."""
    if isinstance(node, typed.Column):
        field = wording.end(node.steps[:-1]).fields[node.steps[-1]]
        return wording.pick(field.zh, field.en)
    return wording.words(node)
