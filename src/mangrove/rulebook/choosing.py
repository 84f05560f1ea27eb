"""The quotas of a measure on a population: who of those that qualify is chosen, who falls to a full quota, who must wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from mangrove.rulebook.allotting import quotas
from mangrove.rulebook.decide import Deciding, Standing
from mangrove.rulebook.engines.results import MEETS, Results
from mangrove.rulebook.measures import Clause, Measure, Quota
from mangrove.rulebook.population import Stored, Thing
from mangrove.vocabulary.model import Field, Named

CHOSEN, WAITING = "入选", "待定"


def names_of(measure: Measure, clause: Clause) -> Mapping[str, Quota]:
    """The quotas of a clause by a name that people read: 名额10个; 每申报单位2个."""
    entity = measure.vocabulary.entities[clause.entity]
    things: list[Named] = [*entity.fields.values(), *entity.relations.values()]
    aliases = {one.id: one.zh for one in things}
    own = [one for one in measure.quotas if one.of == clause.id]
    return {
        f"每{'、'.join(aliases[name] for name in one.per)}{one.at_most}个"
        if one.per
        else f"名额{one.at_most}个": one
        for one in own
    }


def choose(measure: Measure, clause: Clause, qualified: Iterable[Thing]) -> quotas.Selection:
    """Of the things that clause ``clause`` is met by; ranked as the first of its quotas with an order says."""
    named, fields = names_of(measure, clause), measure.vocabulary.entities[clause.entity].fields
    order = next((one.order for one in measure.quotas if one.of == clause.id and one.order), ())
    candidates = [
        quotas.Candidate(
            thing.key,
            tuple(ranked_by(fields[field], thing.fields.get(field)) for field, _desc in order),
            {name: group(thing, one.per) for name, one in named.items()},
        )
        for thing in qualified
    ]
    limits = [quotas.Quota(name, one.at_most, name if one.per else "") for name, one in named.items()]
    return quotas.select(limits, candidates, [desc for _field, desc in order])


def ranked_by(field: Field, value: Stored) -> Stored:
    """A word by its place in its list: 一等 stands before 二等 and 三等, whatever their characters."""
    return list(field.enum.words).index(str(value)) if field.enum and value is not None else value


def group(thing: Thing, per: tuple[str, ...]) -> str | None:
    """Links and fields together as one text; ``None`` where one is not known."""
    parts = [thing.links.get(name, thing.fields.get(name)) for name in per]
    return None if None in parts else "\t".join(str(part) for part in parts)


def word(selection: quotas.Selection | None, key: str) -> str:
    """入选, 待定 or the full quota to which a thing fell; empty where there is none, or for who does not qualify."""
    if selection is None:
        return ""
    if key in selection.fell:
        return f"{selection.fell[key]}已满"
    return CHOSEN if key in selection.kept else WAITING if key in selection.waiting else ""


def chosen_by_interpreter(deciding: Deciding, things: Iterable[Thing]) -> dict[str, quotas.Selection]:
    """By clause id, for clauses under a quota."""
    given, found = list(things), {}
    for clause in under_quota(deciding.measure):
        qualified = [
            one
            for one in given
            if one.entity == clause.entity and deciding.outcome(clause, one).standing == Standing.MEETS
        ]
        found[clause.id] = choose(deciding.measure, clause, qualified)
    return found


def with_quotas(results: Results) -> Results:
    """The same results; of clauses under a quota only who is chosen is paid."""
    for clause in under_quota(results.measure):
        if (found := results.clauses.get(clause.id)) is None:
            continue
        rows = np.flatnonzero(found.standing == MEETS).tolist()
        names = names_looked_at(results.measure, clause.id)
        things = [looked_at(results, clause.entity, names, row) for row in rows]
        found.selection = choose(results.measure, clause, things)
        kept = set(found.selection.kept)
        found.chosen = np.zeros(len(found), bool)
        found.chosen[rows] = [one.key in kept for one in things]
    return results


def looked_at(results: Results, entity: str, names: set[str], row: int) -> Thing:
    """The thing of a row with what its quotas look at and nothing else: there may be a hundred thousand of them."""
    tables, people = results.snapshot.tables, results.people
    table = tables[entity]
    columns = ((name, table.columns[name]) for name in names if name in table.columns)
    fields = {name: people.stored(entity, name, column, row) for name, column in columns}
    ends = ((name, table.links[name][row]) for name in names if name in table.links)
    links = {name: str(tables[people.leads_to[entity, name]].keys[end]) for name, end in ends if end >= 0}
    return Thing(entity, str(table.keys[row]), fields, links)


def names_looked_at(measure: Measure, clause: str) -> set[str]:
    """Fields and links by which its quotas group and rank."""
    own = [one for one in measure.quotas if one.of == clause]
    return {name for one in own for name in (*one.per, *(field for field, _desc in one.order))}


def under_quota(measure: Measure) -> list[Clause]:
    limited = {one.of for one in measure.quotas}
    return [one for one in measure.clauses if one.id in limited]
