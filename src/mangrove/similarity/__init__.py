"""Near-duplicates: texts that share rare words in a row or the same weighted terms, titles, files; and the passages.

The library reports. Whether a likeness is a copy, a resubmission or a set phrase is for the caller and then for a person.

>>> index = TextIndex.of([("2025-017", "在港口堆场部署5G专网并完成远程控制改造"), ("2025-018", "为医院建设远程会诊系统")])
>>> [found.second for found in index.compare("拟在港口堆场部署5G专网，并完成远程控制的改造", Limits(share=0.3, cosine=0.5))]
['2025-017']
"""

from __future__ import annotations

from mangrove.similarity.files import Same, file_digest, same, text_digest
from mangrove.similarity.findings import Finding, Limits
from mangrove.similarity.index import TextIndex
from mangrove.similarity.passages import Passage, common_passages
from mangrove.similarity.shingles import Measure
from mangrove.similarity.storing import load_index, save_index
from mangrove.similarity.titles import TitleMatch, near_titles, title_score

__all__ = [
    "Finding", "Limits", "Measure", "Passage", "Same", "TextIndex", "TitleMatch", "common_passages", "file_digest",
    "load_index", "near_titles", "same", "save_index", "text_digest", "title_score",
]  # fmt: skip
