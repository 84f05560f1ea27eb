"""The policy on OpenFisca-core, in an environment of its own (`make bench-peers`). Its own building of the simulation is not timed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from rulebook_peers import formulas
from rulebook_peers.data import Data
from rulebook_peers.results import Result, Run


def prepare(data: Data, *, by_max: bool = True) -> Run:
    formulas.by_max = by_max
    return runner(simulation(data))


def simulation(data: Data) -> Any:
    from openfisca_core.entities import build_entity
    from openfisca_core.model_api import YEAR, Variable
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem

    return fill(data, build_entity, Variable, YEAR, TaxBenefitSystem, SimulationBuilder())


def fill(data: Data, build_entity: Any, variable: Any, year: Any, system_class: Any, builder: Any) -> Any:
    """A simulation with all inputs set; firm rows are given as numbers, since joining by name loses firms without projects."""
    project = build_entity(key="project", plural="projects", label="Project", is_person=True)
    firm = build_entity(
        key="firm", plural="firms", label="Firm", roles=[{"key": "owned", "plural": "owneds"}]
    )
    system = system_class([project, firm])
    names = formulas.variables(
        SimpleNamespace(Variable=variable, YEAR=year, firm=firm, project=project), data
    )
    for one in names:
        system.add_variable(one)
    builder.create_entities(system)
    builder.declare_person_entity("project", range(len(data.projects["id"]) + 1))
    builder.declare_entity("firm", range(len(data.firms["id"]) + 1))
    owners = np.append(data.projects["firm"], len(data.firms["id"]))
    builder.populations["firm"].members_entity_id = owners.astype(np.int64)
    made = builder.build(system)
    for name, values in formulas.inputs(data).items():
        made.set_input(name, formulas.YEAR, values)
    return made


def runner(made: Any) -> Run:
    """Forgets what was computed, not what was given, before each run."""
    computed = [one.__name__ for one in (*formulas.PROJECT_FORMULAS, *formulas.FIRM_FORMULAS)]

    def run() -> Result:
        for name in computed:
            made.delete_arrays(name)
        paid, total = (made.calculate(name, formulas.YEAR)[:-1] for name in ("paid", "total"))
        lacks = np.isnan(total)
        entitled = np.rint(np.nan_to_num(total)).astype(np.int64)
        return Result(entitled, lacks, np.rint(paid).astype(np.int64))

    return run
