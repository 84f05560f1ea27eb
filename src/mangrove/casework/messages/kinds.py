"""The sentences that messages say. A room makes its own known; each has ``%(name)s`` holes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from mangrove.ui.languages import in_chinese

KINDS: dict[str, Any] = {
    "casework.due": _("“%(title)s”须于 %(due)s 前办结：%(what)s。"),
    "casework.due_today": _("“%(title)s”今日到期：%(what)s。"),
    "casework.overdue": _("“%(title)s”已于 %(due)s 到期，尚未办结：%(what)s。"),
    "casework.mail_failed": _(
        "第 %(number)s 号消息的邮件试了 %(attempts)s 次没有送出（%(error)s）；站内消息已送达。"
    ),
}


def register(kinds: Mapping[str, Any]) -> None:
    KINDS.update(kinds)


def words_of(kind: str, said: Mapping[str, Any]) -> str:
    """The sentence in the reader's language, a hole ``what`` filled by ``what_en`` where there is one; the kind itself where no room knows it any more."""
    if kind not in KINDS:
        return kind
    english = {} if in_chinese() else {name: said[f"{name}_en"] for name in said if said.get(f"{name}_en")}
    return str(KINDS[kind]) % {**said, **english}
