"""YAML as nodes that know their line, so that a refusal can name it. Every scalar is read as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from mangrove.vocabulary.errors import VocabularyError, hint, nearest


@dataclass(frozen=True)
class Mapped:
    """A YAML mapping with its file and line; duplicate keys have already been refused."""

    file: str
    line: int
    entries: dict[str, yaml.Node]

    def error(self, message: str, line: int = 0) -> VocabularyError:
        return VocabularyError(message, file=self.file, line=line or self.line)

    def only(self, *known: str) -> None:
        """Refuse keys that are not ``known``, naming the nearest."""
        for key, node in self.entries.items():
            if key not in known:
                raise self.error(f"不认识的键“{key}”{hint(nearest(key, known))}", line_of(node))

    def text(self, key: str, default: str | None = None) -> str:
        node = self.entries.get(key)
        if node is None:
            if default is None:
                raise self.error(f"缺“{key}”。")
            return default
        if not isinstance(node, yaml.ScalarNode):
            raise self.error(f"“{key}”应为一段文字。", line_of(node))
        return str(node.value)

    def texts(self, key: str) -> list[str]:
        """A list of texts, empty when the key is absent."""
        node = self.entries.get(key)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            raise self.error(f"“{key}”应为列表。", line_of(node))
        return [str(item.value) for item in node.value]

    def mapping(self, key: str) -> Mapped:
        """The mapping under ``key``, empty when the key is absent."""
        node = self.entries.get(key)
        return Mapped(self.file, self.line, {}) if node is None else as_mapping(node, self.file, key)

    def mappings(self) -> Iterator[tuple[str, Mapped]]:
        for key, node in self.entries.items():
            yield key, as_mapping(node, self.file, key)


def read_file(path: Path) -> Mapped:
    """The top mapping of a YAML file; raises :class:`VocabularyError` for broken YAML, with its line."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise VocabularyError(
            f"不是合法的 YAML：{error.problem}。", file=path.name, line=mark.line + 1 if mark else 1
        ) from error
    if node is None:
        raise VocabularyError("文件是空的。", file=path.name, line=1)
    return as_mapping(node, path.name, "文件顶层")


def as_mapping(node: yaml.Node, file: str, what: str) -> Mapped:
    if not isinstance(node, yaml.MappingNode):
        raise VocabularyError(f"“{what}”应为若干“键: 值”。", file=file, line=line_of(node))
    entries: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if key.value in entries:
            raise VocabularyError(f"键“{key.value}”重复。", file=file, line=line_of(key))
        entries[str(key.value)] = value
    return Mapped(file, line_of(node), entries)


def line_of(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
