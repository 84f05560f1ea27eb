"""How a page names an article of a measure: as the measure does, in English by its number."""

from __future__ import annotations

from mangrove.rulebook.language.articles import in_english
from mangrove.ui.languages import in_chinese


def article_said(article: str) -> str:
    return article if in_chinese() else in_english(article)
