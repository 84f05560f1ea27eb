"""What each step of a plan is in the SQL of DuckDB: texts from the texts of its arguments. NULL is unknown.

AND, OR, NOT and comparisons are Kleene's already; CASE, least and greatest pass over NULL and are told not to. ``//`` cuts
towards zero. Nothing here may raise: divisors are above zero or NULL, widths come from :mod:`facts`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mangrove.rulebook.engines.days import DAY_BEFORE, EPOCH, LEAP_DAY


@dataclass(frozen=True)
class Term:
    """One step with the texts of its arguments; ``unknown`` and ``signed`` say of each whether it may be NULL or below 0."""

    args: tuple[str, ...]
    unknown: tuple[bool, ...]
    signed: tuple[bool, ...]
    least: int = 0


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def select(term: Term) -> str:
    condition, yes, no = term.args
    if not term.unknown[0]:
        return f"CASE WHEN {condition} THEN {yes} ELSE {no} END"
    return f"CASE WHEN {condition} THEN {yes} WHEN NOT {condition} THEN {no} END"


def extreme(function: str, sign: str) -> Callable[[Term], str]:
    """``least`` and ``greatest`` would take the known one of two."""

    def made(term: Term) -> str:
        a, b = term.args
        if not any(term.unknown):
            return f"{function}({a}, {b})"
        if not all(term.unknown):
            a, b = (b, a) if term.unknown[0] else (a, b)  # now b is the one that may be NULL, and stays so
            return f"CASE WHEN {a} {sign} {b} THEN {a} ELSE {b} END"
        return f"CASE WHEN {a} {sign} {b} THEN {a} WHEN {b} {sign} {a} THEN {b} END"

    return made


def divided(rest: Callable[[str], str]) -> Callable[[Term], str]:
    """A quotient cut towards zero, of a number that ``rest`` of the divisor was added to, away from zero."""

    def made(term: Term) -> str:
        top, under = term.args
        more = rest(under)
        if term.signed[0]:
            return f"(({top} + CASE WHEN {top} < 0 THEN -{more} ELSE {more} END) // {under})"
        return f"(({top} + {more}) // {under})"

    return made


def at_least(term: Term) -> str:
    yes = " + ".join(f"CASE WHEN {one} THEN 1 ELSE 0 END" for one in term.args)
    if not any(term.unknown):
        return f"({yes} >= {term.least})"
    might = " + ".join(f"CASE WHEN NOT {one} THEN 0 ELSE 1 END" for one in term.args)
    return f"CASE WHEN {yes} >= {term.least} THEN true WHEN {might} < {term.least} THEN false END"


def sure(term: Term) -> str:
    return f"CASE WHEN {term.args[0]} IS NOT NULL THEN true END" if term.unknown[0] else "true"


def or_zero(term: Term) -> str:
    return f"coalesce({term.args[0]}, 0)" if term.unknown[0] else term.args[0]


# --- days ------------------------------------------------------------------------------------------------------------


def day(ordinal: str) -> str:
    return f"(DATE '1970-01-01' + ({ordinal} - {EPOCH})::INTEGER)"


def month_day(ordinal: str) -> str:
    """29 February is 229."""
    return f"(month({day(ordinal)}) * 100 + day({day(ordinal)}))"


def is_leap(year: str) -> str:
    return f"({year} % 4 = 0 AND ({year} % 100 <> 0 OR {year} % 400 = 0))"


def full_years(start: str, end: str) -> str:
    """From a day to one that is not earlier."""
    to = f"year({day(end)})"
    last = f"({month_day(start)} = {LEAP_DAY} AND {month_day(end)} = {DAY_BEFORE} AND NOT {is_leap(to)})"
    early = f"({month_day(end)} < {month_day(start)} AND NOT {last})"
    return f"({to} - year({day(start)}) - CASE WHEN {early} THEN 1 ELSE 0 END)"


def years_between(term: Term) -> str:
    a, b = term.args
    return f"CASE WHEN {a} <= {b} THEN {full_years(a, b)} WHEN {b} < {a} THEN -{full_years(b, a)} END"


def years_after(term: Term) -> str:
    """NULL where the calendar ends."""
    start, years = term.args
    year = f"(year({day(start)}) + {years})"
    cut = f"CASE WHEN {month_day(start)} = {LEAP_DAY} AND NOT {is_leap(year)} THEN 28 ELSE day({day(start)}) END"
    within = f"CASE WHEN {year} BETWEEN 1 AND 9999 THEN {year} END"
    return f"(make_date({within}, month({day(start)}), {cut}) - DATE '1970-01-01' + {EPOCH})"


def infix(sign: str) -> Callable[[Term], str]:
    return lambda term: f"({term.args[0]} {sign} {term.args[1]})"


WORDS: dict[str, Callable[[Term], str]] = {
    "add": infix("+"), "sub": infix("-"), "mul": infix("*"), "eq": infix("="), "ne": infix("<>"), "lt": infix("<"),
    "le": infix("<="), "and": infix("AND"), "or": infix("OR"), "not": lambda term: f"(NOT {term.args[0]})",
    "neg": lambda term: f"(-{term.args[0]})", "abs": lambda term: f"abs({term.args[0]})",
    "sign": lambda term: f"sign({term.args[0]})::BIGINT", "min": extreme("least", "<="), "max": extreme("greatest", ">="),
    "divide_half_up": divided(lambda under: f"({under} // 2)"), "divide_down": infix("//"),
    "divide_up": divided(lambda under: f"({under} - 1)"),
    "select": select, "which": select, "at_least": at_least, "sure": sure, "or_zero": or_zero,
    "nonzero": lambda term: f"nullif({term.args[0]}, 0)", "years_between": years_between, "years_after": years_after,
}  # fmt: skip
#: Steps that say an argument more than once: it becomes a column of its own first.
OFTEN = frozenset(
    {
        "min",
        "max",
        "select",
        "which",
        "divide_half_up",
        "divide_up",
        "at_least",
        "years_between",
        "years_after",
    }
)
