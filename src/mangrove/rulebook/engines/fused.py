"""The Numba engine: a plan as compiled passes, kept on disk by structure. The fastest for one machine, once compiled."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from mangrove.rulebook.choosing import with_quotas
from mangrove.rulebook.decide import Run
from mangrove.rulebook.engines import compiled as called
from mangrove.rulebook.engines.bounds import wide_nodes
from mangrove.rulebook.engines.columns import Snapshot
from mangrove.rulebook.engines.kernel import MONEY, kernels
from mangrove.rulebook.engines.plan import Compiled, Plan, Tell, TooWide
from mangrove.rulebook.engines.registers import Kernel, Key
from mangrove.rulebook.engines.results import (
    LACKS,
    ClauseResult,
    Interpreted,
    Money,
    Results,
    all_interpreted,
    mask_type,
    patch,
    told_clauses,
)
from mangrove.rulebook.engines.stages import Facts, Stage, Staging

#: A new number where the text of passes means something else; old ones on disk are then left alone.
FORM = 1
#: What the passes call is compiled into them; Numba looks at the file of the pass alone.
CALLED = hashlib.sha256(Path(str(called.__file__)).read_bytes()).hexdigest()[:16]
Array = npt.NDArray[Any]
Pass = Callable[..., None]


def kernel_folder() -> Path:
    """Where compiled passes are kept: ``MANGROVE_KERNELS``, else in the user's cache; for nobody else to write."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = Path(os.environ.get("MANGROVE_KERNELS") or cache / "mangrove" / "kernels")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.stat()
    if found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise PermissionError(f"{folder}：这里的文件会被执行，须归本用户所有、别人不能写（chmod go-w）。")
    return folder


class Fused:
    """One plan on one snapshot, told in the detail of ``tell``."""

    def __init__(self, plan: Plan, snapshot: Snapshot, tell: Tell = "reasons") -> None:
        self.plan, self.snapshot, self.tell = plan, snapshot, tell
        self.clauses = plan.told(tell)
        self.staging: Staging | None = None
        self.passes: list[tuple[Stage, Kernel, Pass]] = []

    def run(self, run: Run = Run(), constants: Mapping[str, Fraction | date] | None = None) -> Results:  # noqa: B008 a frozen value
        measure = self.plan.measure.with_constants(constants) if constants else self.plan.measure
        interpreted = Interpreted(measure, self.snapshot, run)
        results = Results(measure, self.snapshot, run)
        try:
            values = self.plan.bind(run, self.snapshot.texts, constants)
        except TooWide:
            found = {}
        else:
            self.prepare(self.facts(values))
            found = self.evaluate(np.array([value or 0 for value in values], np.int64))
        for clause in told_clauses(measure, self.tell):
            if clause.id not in found:
                results.clauses[clause.id] = all_interpreted(clause, self.snapshot, interpreted)
                results.interpreted += len(results.clauses[clause.id])
                continue
            result, risky = found[clause.id]
            results.clauses[clause.id] = result
            rows = np.flatnonzero(risky) if risky is not None else ()
            patch(result, (int(row) for row in rows), interpreted)
            results.interpreted += len(rows)
        return with_quotas(results)

    # --- which passes ----------------------------------------------------------------------------------------------

    def facts(self, values: list[int | None]) -> Facts:
        outputs = [one for compiled in self.clauses for one in compiled.outputs(self.tell)]
        needed = self.plan.needed(outputs)
        return Facts(
            nullable=frozenset(one for one in needed if self.is_nullable(one)),
            unsaid=frozenset(n for n, value in enumerate(values) if value is None),
            wide=wide_nodes(self.plan, self.snapshot, values, needed),
        )

    def is_nullable(self, index: int) -> bool:
        node = self.plan.nodes[index]
        name = str(node.detail[0]) if node.detail else ""
        if node.op == "load":
            return self.snapshot.column(node.entity, name).known is not None
        if node.op == "up":
            ends = self.snapshot.link(node.entity, name)
            return bool(len(ends) and ends.min() < 0)
        return False

    def prepare(self, facts: Facts) -> None:
        """Write and compile the passes, unless they are these already."""
        if self.staging is not None and self.staging.facts == facts:
            return
        self.staging = Staging(self.plan, facts, self.tell)
        made = kernels(self.plan, self.staging)
        self.passes = [(stage, kernel, self.compiled(kernel)) for stage, kernel in made]

    def compiled(self, kernel: Kernel) -> Pass:
        return compiled(kernel)

    # --- running them ----------------------------------------------------------------------------------------------

    def evaluate(self, parameters: Array) -> dict[str, tuple[ClauseResult, Array | None]]:
        """By clause id the result, and the rows that int64 does not hold."""
        arrays: dict[Key, Array] = {}
        for stage, kernel, run in self.passes:
            rows = len(self.snapshot.tables[stage.entity])
            for key in kernel.arrays:
                if key not in arrays:
                    arrays[key] = self.array(key, rows)
            run(rows, parameters, *(arrays[key] for key in kernel.arrays))
        return {one.clause.id: self.result(one, arrays) for one in self.clauses}

    def array(self, key: Key, rows: int) -> Array:
        """A column of the snapshot, or room for what a pass leaves."""
        what = str(key[0])
        if what in ("values", "known"):
            column = self.snapshot.column(str(key[1]), str(key[2]))
            found = column.values if what == "values" else column.known
            assert found is not None
            return found
        if what == "link":
            return self.snapshot.link(str(key[1]), str(key[2]))
        if what in GATHERED:
            return np.zeros(self.parents(int(str(key[1]))), GATHERED[what])
        return np.empty(rows, self.kind(key))

    def parents(self, index: int) -> int:
        return len(self.snapshot.tables[self.plan.nodes[index].entity])

    def kind(self, key: Key) -> Any:
        what = str(key[0])
        if what == "kept":
            return np.bool_ if self.plan.nodes[int(str(key[1]))].is_truth else np.int64
        if what in ("failed", "unsure"):
            clause = next(one for one in self.plan.compiled if one.clause.id == key[1])
            return mask_type(len(clause.conditions))
        return LEFT[what]

    def result(self, compiled: Compiled, arrays: dict[Key, Array]) -> tuple[ClauseResult, Array | None]:
        id = compiled.clause.id
        if ("told", id) in arrays:
            standing, binding, failed, unsure = unpacked(arrays["told", id])
        else:
            standing = arrays["standing", id]
            nothing = np.broadcast_to(np.zeros((), mask_type(len(compiled.conditions))), standing.shape)
            failed, unsure = (arrays.get((name, id), nothing) for name in ("failed", "unsure"))
            binding = arrays.get(("binding", id))  # type: ignore[assignment]
        found = ClauseResult(compiled.clause, standing, failed, unsure, binding=binding)
        if ("money", id, "result") in arrays:
            found.result = Money(arrays["money", id, "result"], standing != LACKS)
        for name in MONEY if self.tell == "all" and compiled.result is not None else ():
            setattr(found, name, Money(arrays["money", id, name], arrays.get(("money_known", id, name))))
        return found, arrays.get(("risky", id))


GATHERED = {"sum": np.int64, "some": np.bool_, "blank": np.bool_, "sum_risky": np.bool_, "size": np.float64}
LEFT = {
    "kept_known": np.bool_, "kept_risky": np.bool_, "standing": np.int8, "binding": np.int8, "money": np.int64,
    "money_known": np.bool_, "risky": np.bool_, "told": np.uint32,
}  # fmt: skip


def unpacked(told: Array) -> tuple[Array, Array, Array, Array]:
    """Standing, binding cap and the two masks of each row, from the lowest byte up; views, nothing is copied."""
    parts = told.astype("<u4", copy=False).view(np.uint8).reshape(-1, 4)
    return parts[:, 0].view(np.int8), parts[:, 1].view(np.int8), parts[:, 2], parts[:, 3]


def is_whole(path: Path, text: str) -> bool:
    """Whether the file says what it should: not cut off by a crash, not another's."""
    try:
        return path.read_text(encoding="utf-8") == text
    except (OSError, UnicodeDecodeError):
        return False


def compiled(kernel: Kernel) -> Pass:
    """The pass, from disk where it was compiled before."""
    said = f"{FORM} {numba.__version__} {CALLED}\n{kernel.text}"
    name = f"pass_{hashlib.sha256(said.encode()).hexdigest()[:24]}"
    path = kernel_folder() / f"{name}.py"
    if not is_whole(path, kernel.text):
        # Put in place whole: two threads or processes may come to the same pass at once.
        with NamedTemporaryFile("w", dir=path.parent, suffix=".new", encoding="utf-8", delete=False) as fresh:
            fresh.write(kernel.text)
        Path(fresh.name).replace(path)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # Numba finds what it compiled by the name of the module
    spec.loader.exec_module(module)
    found: Pass = getattr(module, kernel.name)
    return found
