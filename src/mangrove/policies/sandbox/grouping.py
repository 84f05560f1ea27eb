"""Things by what their firm is: its district, its size, its trade. What the data do not say stands apart, last."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mangrove.policies.sandbox.rules import By, Classes, rules
from mangrove.rulebook.decide import Run
from mangrove.rulebook.engines.columns import Ints, Snapshot, Truths
from mangrove.rulebook.simulate.groups import Group, Grouping, compacted, followed, grouping

FIRM = "organisation"


def groupings(snapshot: Snapshot, entity: str, run: Run) -> Mapping[str, Grouping]:
    """The rows of an entity by each grouping of the rules."""
    return {one.id: grouped(snapshot, entity, one, run) for one in rules().groups}


def grouped(snapshot: Snapshot, entity: str, by: By, run: Run) -> Grouping:
    about = about_of(snapshot, entity)
    if by.classes is None:
        return grouping(snapshot, entity, f"{about}.{by.path}" if about else by.path)
    return by_size(snapshot, firms_of(snapshot, entity), by.classes, run)


def about_of(snapshot: Snapshot, entity: str) -> str:
    """The link of a thing to the organisation that it is about; empty for the organisation itself."""
    return "" if entity == FIRM else snapshot.vocabulary.entities[entity].about


def firms_of(snapshot: Snapshot, entity: str) -> Ints:
    """The row of each thing's firm; -1 is not known."""
    rows = np.arange(len(snapshot.tables[entity]), dtype=np.int64)
    if entity == FIRM:
        return rows
    about = about_of(snapshot, entity)
    return followed(rows, snapshot.link(entity, about)) if about else np.full(len(rows), -1, np.int64)


def by_size(snapshot: Snapshot, firms: Ints, classes: Classes, run: Run) -> Grouping:
    values, known = latest(snapshot, classes, run)
    bounds = np.array([one.below for one in classes.rows if one.below is not None], np.int64)
    sizes = np.where(known, np.searchsorted(bounds, values, side="right"), -1)
    groups = [Group(str(n), one.zh, one.en) for n, one in enumerate(classes.rows)]
    return compacted(groups, np.append(sizes, -1)[firms])


def latest(snapshot: Snapshot, classes: Classes, run: Run) -> tuple[Ints, Truths]:
    """Of each firm the number of its last year before the day of the run, and whether there is one."""
    count = len(snapshot.tables[FIRM])
    values, known = np.zeros(count, np.int64), np.zeros(count, bool)
    firm = snapshot.link(classes.of, about_of(snapshot, classes.of))
    number, year = snapshot.column(classes.of, classes.field), snapshot.column(classes.of, classes.year)
    told = (firm >= 0) & (True if number.known is None else number.known)
    if run.decide_on is not None:
        told = told & (year.values < run.decide_on.year)
    order = np.flatnonzero(told)
    order = order[np.argsort(year.values[order], kind="stable")]  # of several years the last one stays
    values[firm[order]], known[firm[order]] = number.values[order], True
    return values, known
