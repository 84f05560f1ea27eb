"""What changed from one version of a form to the next: questions and papers added, dropped, moved, asked otherwise. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mangrove.intake.definition import Form, Paper, Question, Section
from mangrove.ui.languages import listed

Item = Question | Paper


@dataclass(frozen=True)
class Difference:
    """``kind``: added, dropped or changed; ``what`` says in words how it was and how it is."""

    kind: str
    section: str
    label: str
    what: str = ""


def differences(before: Form, after: Form) -> list[Difference]:
    """In the order of the newer form; what was dropped comes last."""
    found = [one for item in items(after) for one in compared(before, after, item)]
    dropped = [item for item in items(before) if item.id not in after.by_id]
    gone = [Difference("dropped", section_title(before, one), str(one.label)) for one in dropped]
    return [*sections(before, after), *found, *gone]


def items(form: Form) -> list[Item]:
    found: list[Item] = []
    for section in form.sections:
        found += [*section.questions, *section.papers]
    return found


def section_title(form: Form, item: Item) -> str:
    return str(form.section(item.section).title)


def sections(before: Form, after: Form) -> Iterator[Difference]:
    """Of the sections themselves: their words. What is in them is told by item."""
    held: dict[str, Section] = {one.id: one for one in before.sections}
    for one in after.sections:
        if one.id in held and (held[one.id].title, held[one.id].note) != (one.title, one.note):
            what = change(str(held[one.id].title), str(one.title)) or _("说明有改动")
            yield Difference("changed", str(one.title), _("本节标题、说明"), what)


def compared(before: Form, after: Form, item: Item) -> Iterator[Difference]:
    title, old = section_title(after, item), before.by_id.get(item.id)
    if old is None:
        yield Difference("added", title, str(item.label), item_words(item))
    elif what := [words for words in ways(before, after, old, item) if words]:
        yield Difference("changed", title, str(item.label), listed(what))


def ways(before: Form, after: Form, old: Item, new: Item) -> Iterator[str]:
    """Each respect in which an item is asked otherwise than before; empty where it is the same."""
    yield change(section_title(before, old), section_title(after, new))
    yield change(str(old.label), str(new.label))
    yield change(must(old), must(new))
    yield change(when(old), when(new))
    yield change(most(old), most(new))
    yield change(asked(old), asked(new))
    yield change(day_before(before, old), day_before(after, new))
    yield _("说明有改动") if old.note != new.note else ""


def change(was: str, now: str) -> str:
    return "" if was == now else _("“%(was)s”改为“%(now)s”") % {"was": was, "now": now}


def must(item: Item) -> str:
    return _("必填") if item.required else _("选填")


def when(item: Item) -> str:
    return item.shown.said if item.shown else _("一律要")


def most(item: Item) -> str:
    words = _("最多 %(n)s 个文件") if isinstance(item, Paper) else _("最多 %(n)s 字")
    return words % {"n": item.most}


def day_before(form: Form, item: Item) -> str:
    """The day that a day must not precede."""
    if not isinstance(item, Question) or not item.after:
        return _("不与别的日期比")
    return _("不早于%(label)s") % {"label": form.by_id[item.after].label}


def asked(item: Item) -> str:
    """What is taken: kinds of files, or the field of the vocabulary behind the question."""
    if isinstance(item, Paper):
        return " ".join(extension for kind in item.kinds for extension in kind.extensions)
    if item.rows is not None:
        return _("逐行填写：%(columns)s") % {"columns": listed(one.label for one in item.rows.columns)}
    return f"{item.of}.{item.field.id}" if item.of else _("自由填写")


def item_words(item: Item) -> str:
    return listed([must(item), *([when(item)] if item.shown else [])])
