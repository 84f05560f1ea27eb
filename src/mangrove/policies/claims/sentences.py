"""Sentences that are kept in rows in Chinese, and said in the reader's language on pages."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from mangrove.ui.languages import make_known

LIST_CHANGED = gettext_noop("费用支出清单已更换，须重新办理。")
PLAN_GAVE_NOTHING = gettext_noop("资助计划没有给这件申报安排资金。")
REVIEW_SAID = gettext_noop("%(n)s 名专家平均 %(score)s 分，及格分 %(passing)s。")
SEARCH_TITLE = gettext_noop("查找重复申报（%(n)s 件）")

make_known(LIST_CHANGED, PLAN_GAVE_NOTHING, REVIEW_SAID, SEARCH_TITLE)
