"""Every engine by name, and in which environment it runs: the peers, and Mangrove's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from rulebook_peers.data import Data
from rulebook_peers.results import Run


@dataclass(frozen=True)
class Engine:
    """``module`` of this package has ``prepare(data, **options)``, which gets ready untimed and gives what is timed."""

    name: str
    module: str
    options: dict[str, Any] = field(default_factory=dict)
    #: In the environment of `make bench-peers`, not in ours.
    apart: bool = False
    #: The row against which its ratio is given; reasons are compared with the same engine without them.
    against: str = "hand NumPy"

    def prepare(self, data: Data) -> Run:
        return import_module(f"rulebook_peers.{self.module}").prepare(data, **self.options)


PEERS = (
    Engine("hand NumPy", "hand_numpy"),
    Engine("hand NumPy + reasons", "hand_numpy", {"reasons": True}),
    Engine("hand NumPy + near misses", "hand_numpy", {"near": True}),
    Engine("hand Numba, 1 thread", "hand_numba"),
    Engine("hand Numba, all threads", "hand_numba", {"threads": True}),
    Engine("hand Numba + reasons", "hand_numba", {"reasons": True}),
    Engine("hand Polars", "hand_polars"),
    Engine("hand DuckDB SQL", "hand_duckdb"),
    Engine("hand DuckDB SQL, gate last", "hand_duckdb", {"gate_last": True}),
    Engine("hand DuckDB SQL + reasons", "duckdb_reasons"),
    Engine("OpenFisca-core", "openfisca_peer", apart=True),
    Engine("OpenFisca-core, max avoided", "openfisca_peer", {"by_max": False}, apart=True),
    Engine("PolicyEngine-core", "policyengine_peer", apart=True),
    Engine("PolicyEngine-core, max avoided", "policyengine_peer", {"by_max": False}, apart=True),
)


#: Mangrove's own back ends, all in ours.py.
OURS = (
    Engine("Mangrove NumPy", "ours", {"engine": "numpy"}),
    Engine("Mangrove NumPy + reasons", "ours", {"engine": "numpy", "tell": "reasons"}),
    Engine("Mangrove NumPy + near misses", "ours", {"engine": "numpy", "tell": "all"}),
    Engine("Mangrove Numba", "ours", {"engine": "numba"}),
    Engine("Mangrove Numba + reasons", "ours", {"engine": "numba", "tell": "reasons"}),
    Engine("Mangrove DuckDB", "ours", {"engine": "duckdb"}),
    Engine("Mangrove DuckDB + reasons", "ours", {"engine": "duckdb", "tell": "reasons"}),
)


def find(name: str) -> Engine:
    return next(engine for engine in (*PEERS, *OURS) if engine.name == name)
