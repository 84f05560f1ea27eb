"""An index on disk: one npz file, read without running anything in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from mangrove.similarity.index import TextIndex
from mangrove.similarity.shingles import Evidence, Measure, joint

FORMAT = 1  # changes whenever folding or hashing does: old shingles would match nothing


def save_index(index: TextIndex, file: Path | BinaryIO) -> None:
    """Write an index; a path is written as named, and replaced only once all is written. Raises OSError as writing does."""
    if isinstance(file, Path):
        beside = file.with_name(f".{file.name}.part")
        with beside.open("wb") as stream:
            save_index(index, stream)
        beside.replace(file)
        return
    kept = joint(index.blocks)
    arrays: dict[str, Any] = {name: getattr(kept, name) for name in Evidence.__slots__}
    measure = np.array([index.measure.characters, index.measure.words, index.measure.common])
    keys = np.frombuffer(json.dumps(index.keys).encode(), np.uint8)
    np.savez(file, format=np.array(FORMAT), measure=measure, templates=index.templates, keys=keys, **arrays)


def load_index(file: Path | BinaryIO) -> TextIndex:
    """The index of a file; raises OSError as reading does, and ValueError if it is not an index of this format."""
    with np.load(file, allow_pickle=False) as stored:
        if "format" not in stored or int(stored["format"]) != FORMAT:
            raise ValueError("not an index of texts of this version: build it again from the texts")
        kept = Evidence(*(stored[name] for name in Evidence.__slots__))
        keys = tuple(json.loads(stored["keys"].tobytes()))
        blocks = (kept,) if keys else ()
        return TextIndex(keys, blocks, stored["templates"], Measure(*stored["measure"].tolist()))
