"""The policy on PolicyEngine-core, in an environment of its own (`make bench-peers`); the same formulas as for OpenFisca."""

from __future__ import annotations

from typing import Any

from rulebook_peers import formulas
from rulebook_peers.data import Data
from rulebook_peers.openfisca_peer import fill, runner
from rulebook_peers.results import Run


def prepare(data: Data, *, by_max: bool = True) -> Run:
    formulas.by_max = by_max
    return runner(simulation(data))


def simulation(data: Data) -> Any:
    from policyengine_core.entities import build_entity
    from policyengine_core.periods import YEAR
    from policyengine_core.simulations import SimulationBuilder
    from policyengine_core.taxbenefitsystems import TaxBenefitSystem
    from policyengine_core.variables import Variable

    formulas.masked = True
    return fill(data, build_entity, Variable, YEAR, TaxBenefitSystem, SimulationBuilder())
