"""Standings, bitmasks, binding caps and near misses, on what numpy_stages.py has computed."""

from __future__ import annotations

import numpy as np

from rulebook_peers.data import Array, Data
from rulebook_peers.numpy_stages import Firms, Part, Projects, Tests
from rulebook_peers.policy import FAILS, LACKS, MEETS
from rulebook_peers.results import Near, Reasons

#: How many bits of a byte are set.
BITS = np.array([value.bit_count() for value in range(256)], np.uint8)


def bits(masks: tuple[Array | None, ...], rows: int) -> Array:
    found = np.zeros(rows, np.uint8)
    for place, mask in enumerate(masks):
        if mask is not None:
            found |= mask.view(np.uint8) << np.uint8(place)
    return found


def stands(fails: Array, lacks: Array) -> Array:
    """No branch: 1 for what meets, 2 for what lacks, 0 for what fails."""
    return (MEETS + lacks.view(np.uint8)) * ~fails


def gated(part: Part, gate_fails: Array, gate_open: Array, own_gate: bool) -> Reasons:
    """The reasons of a clause under its gate. ``own_gate``: bit 0 of its tests is to be replaced by the gate's."""
    rest = slice(1, None) if own_gate else slice(None)
    tests = Tests((gate_fails, *part.tests.false[rest]), (gate_open, *part.tests.unknown[rest]))
    fails = part.fails | gate_fails
    standing = stands(fails, (part.lacks | gate_open) & ~fails)
    rows = len(fails)
    binding = np.full(rows, -1, np.int8)
    if part.cap is not None:
        binding[(part.fen > part.cap) & (standing == MEETS)] = 0
    return Reasons(standing, bits(tests.false, rows), bits(tests.unknown, rows), binding)


def choice(one: Reasons, other: Reasons) -> Reasons:
    """Its one condition is that one of the two is met."""
    fails = (one.standing == FAILS) & (other.standing == FAILS)
    lacks = (one.standing == LACKS) | (other.standing == LACKS)
    met = (one.standing == MEETS) | (other.standing == MEETS)
    return combined(fails, lacks, met)


def combined(fails: Array, lacks: Array, met: Array) -> Reasons:
    never = np.full(len(fails), -1, np.int8)
    return Reasons(stands(fails, lacks), fails.view(np.uint8), (lacks & ~met).view(np.uint8), never)


def gate(tests: Tests) -> Reasons:
    fails, rows = tests.fails(), len(tests.false[0])
    unknown = tests.open()
    never = np.full(rows, -1, np.int8)
    return Reasons(stands(fails, unknown & ~fails), bits(tests.false, rows), bits(tests.unknown, rows), never)


def reasons(
    data: Data, projects: Projects, firms: Firms, entitled: Array, lacks: Array
) -> dict[str, Reasons]:
    found = {"firm_gate": gate(firms.gate)}
    found |= of_projects(data, projects, found["firm_gate"])
    found |= of_firms(data, firms, found["firm_gate"])
    return found | {"firm_cap": total(firms, found["firm_gate"], entitled, lacks)}


def total(firms: Firms, gate: Reasons, entitled: Array, lacks: Array) -> Reasons:
    fails = ~(entitled > 0) & ~lacks
    told = combined(fails, lacks, firms.met & (gate.standing == MEETS))
    cap = np.minimum(*firms.caps)
    told.binding[firms.caps[1] < firms.caps[0]] = 1
    told.binding[firms.caps[1] >= firms.caps[0]] = 0
    told.binding[fails | lacks | (firms.fen <= cap)] = -1
    return told


def of_projects(data: Data, projects: Projects, firm: Reasons) -> dict[str, Reasons]:
    standing = firm.standing[data.projects["firm"]]
    own = projects.own
    found = {"project_gate": gate(Tests((*own.false, standing == FAILS), (*own.unknown, standing == LACKS)))}
    fails, unsure = found["project_gate"].standing == FAILS, found["project_gate"].standing == LACKS
    for name in ("device", "loan", "platform"):
        found[name] = gated(getattr(projects, name), fails, unsure, True)
    found["device_or_loan"] = choice(found["device"], found["loan"])
    return found


def of_firms(data: Data, firms: Firms, firm: Reasons) -> dict[str, Reasons]:
    fails, unsure = firm.standing == FAILS, firm.standing == LACKS
    parts = ("research", "growth", "scale_up")
    found = {name: gated(getattr(firms, name), fails, unsure, False) for name in parts}
    for name in ("station", "award"):
        found[name] = gated(under(getattr(firms, name), fails, unsure), fails, unsure, False)
    found["research_or_growth"] = choice(found["research"], found["growth"])
    return found


def under(part: Part, fails: Array, unsure: Array) -> Part:
    """A clause on "any project with project_gate": the gate of a project holds the firm's, so what is sure becomes unknown
    under an unknown gate, and false under one that fails."""
    (false,), (unknown,) = part.tests.false, part.tests.unknown
    tests = Tests((false | fails,), ((unknown | unsure) & ~(false | fails),))
    return Part(tests, part.fails, part.lacks, part.fen, part.cap)


def near(data: Data, projects: Projects, firms: Firms, capped: Array) -> dict[str, Near]:
    return {"firm_gate": firm_near(firms, capped), "project_gate": project_near(data, projects, firms)}


def firm_near(firms: Firms, capped: Array) -> Near:
    sole = sole_false(firms.gate)
    missed = sole >= 0
    stake = np.zeros(len(sole), np.int64)
    stake[missed] = np.where(firms.lacks[missed], -1, capped[missed])
    return Near(sole, stake)


def project_near(data: Data, projects: Projects, firms: Firms) -> Near:
    """Only the few that nearly pass are computed once more without their gate."""
    owner = data.projects["firm"]
    fails, unsure = firms.gate.fails(), firms.gate.open()
    own = projects.own
    tests = Tests((*own.false, fails[owner]), (*own.unknown, (unsure & ~fails)[owner]))
    sole = sole_false(tests)
    rows = np.flatnonzero(sole >= 0)
    parts = [ungated(getattr(projects, name), rows) for name in ("device", "loan", "platform")]
    (one, one_lacks), (other, other_lacks), (more, more_lacks) = parts
    stake = np.zeros(len(sole), np.int64)
    stake[rows] = np.where(one_lacks | other_lacks | more_lacks, -1, np.maximum(one, other) + more)
    return Near(sole, stake)


def ungated(part: Part, rows: Array) -> tuple[Array, Array]:
    """(fen, lacks) of these rows as if the project's gate, the first of the tests, held."""
    fails = np.zeros(len(rows), np.bool_)
    for mask in part.tests.false[1:]:
        fails |= mask[rows] if mask is not None else False
    lacks = np.zeros(len(rows), np.bool_)
    for mask in (*part.tests.unknown[1:], part.amount_lacks):
        lacks |= mask[rows] if mask is not None else False
    cap = part.cap[rows] if isinstance(part.cap, np.ndarray) else part.cap
    fen = part.fen[rows] if cap is None else np.minimum(part.fen[rows], cap)
    lacks &= ~fails
    return np.where(fails | lacks, 0, fen), lacks


def sole_false(tests: Tests) -> Array:
    """The one condition that is false where the others are known and hold; −1 elsewhere."""
    rows = len(tests.false[0])
    false = bits(tests.false, rows)
    place = np.full(256, -1, np.int8)
    place[[1 << bit for bit in range(8)]] = range(8)
    found = place[false]
    found[bits(tests.unknown, rows) != 0] = -1
    return found
