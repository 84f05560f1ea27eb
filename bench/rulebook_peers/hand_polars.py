"""The policy as Polars expressions written by hand. Null is unknown; ``&`` and ``|`` are Kleene's, but sums and
``max_horizontal`` pass over nulls and are told not to. The firm's gate is laid over the total, as in hand_numpy.py."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from polars import Expr, col, lit, when

from rulebook_peers import policy
from rulebook_peers.data import Data
from rulebook_peers.results import Result, Run

NOT_KNOWN = lit(None, pl.Int64)


def day(number: int) -> Expr:
    return lit(date(1970, 1, 1) + timedelta(days=number))


def ladder(value: Expr, steps: tuple[int, ...], results: tuple[int, ...]) -> Expr:
    chain = when(value.is_null()).then(NOT_KNOWN)
    for step, result in zip(steps, results[:-1], strict=True):
        chain = chain.when(value < step).then(lit(result, pl.Int64))
    return chain.otherwise(lit(results[-1], pl.Int64))


def table(value: Expr, results: tuple[int, ...]) -> Expr:
    chain = when(value.is_null()).then(NOT_KNOWN)
    for key, result in enumerate(results[:-1]):
        chain = chain.when(value == key).then(lit(result, pl.Int64))
    return chain.otherwise(lit(results[-1], pl.Int64))


def share(fen: Expr, rate: Expr | int) -> Expr:
    return (fen * rate + policy.BASIS // 2) // policy.BASIS


def lesser(fen: Expr, cap: Expr | int) -> Expr:
    cap = cap if isinstance(cap, Expr) else lit(cap, pl.Int64)
    return when(fen <= cap).then(fen).when(fen > cap).then(cap).otherwise(NOT_KNOWN)


def higher(one: Expr, other: Expr) -> Expr:
    return when(one >= other).then(one).when(one < other).then(other).otherwise(NOT_KNOWN)


def due(test: Expr, fen: Expr) -> Expr:
    """0 where the test is false, null where it or the amount is unknown."""
    return when(~test).then(lit(0, pl.Int64)).when(test).then(fen).otherwise(NOT_KNOWN)


def whole_sum(fen: Expr) -> Expr:
    """Null as soon as one part is."""
    return when(fen.null_count() == 0).then(fen.sum()).otherwise(NOT_KNOWN)


def project_gate() -> Expr:
    accepted = (col("accepted_on") >= day(policy.ACCEPTED_FROM)) & (
        col("accepted_on") < day(policy.ACCEPTED_UNTIL)
    )
    large = (col("invest") >= policy.LEAST_INVEST) | (col("kind") == policy.STATION)
    chain = (lit(policy.CHAIN_MASK) // (2 ** col("sector").cast(pl.Int64))) % 2 == 1
    return col("approved") & accepted & large & chain


def project_amounts() -> list[Expr]:
    gate = col("gate")
    rate = ladder(col("invest"), policy.EQUIPMENT_STEPS, policy.EQUIPMENT_RATES)
    equipment = lesser(share(col("equipment"), rate), table(col("level"), policy.EQUIPMENT_CAPS))
    interest = lesser(share(col("interest"), policy.INTEREST_RATE), policy.INTEREST_CAP)
    platform = lesser(share(col("running"), policy.PLATFORM_RATE), policy.PLATFORM_CAP)
    served = (col("kind") == policy.PLATFORM) & (col("served") >= policy.LEAST_SERVED)
    return [
        due(gate & (col("kind") <= policy.LAST_EQUIPMENT_KIND), equipment).alias("equipment_fen"),
        due(gate & (col("interest") > 0), interest).alias("interest_fen"),
        due(gate & served, platform).alias("platform_fen"),
        (gate & (col("kind") == policy.STATION)).alias("is_station"),
        (gate & (col("level") > 0)).alias("is_ranked"),
    ]


def children(projects: pl.LazyFrame) -> pl.LazyFrame:
    """One row for each firm with projects: sums, null where one part is not known."""
    station, ranked = col("is_station"), col("is_ranked")
    macro, level = due(station, col("macro").cast(pl.Int64)), due(ranked, col("level").cast(pl.Int64))
    return (
        projects.with_columns(project_gate().alias("gate"))
        .with_columns(project_amounts())
        .with_columns(
            (higher(col("equipment_fen"), col("interest_fen")) + col("platform_fen")).alias("fen"),
            macro.alias("macro_due"),
            level.alias("level_due"),
            when(station).then(col("micro")).otherwise(0).alias("micro_due"),
        )
        .group_by("firm")
        .agg(
            whole_sum(col("fen")).alias("children_fen"),
            station.any(ignore_nulls=False).alias("station_any"),
            whole_sum(col("macro_due")).alias("macro"),
            col("micro_due").cast(pl.Int64).sum().alias("micro"),
            ranked.any(ignore_nulls=False).alias("award_any"),
            when(col("level_due").null_count() == 0)
            .then(col("level_due").max())
            .otherwise(NOT_KNOWN)
            .alias("level"),
        )
        .with_columns(lit(True).alias("has_children"))
    )


def firm_gate() -> Expr:
    credit = col("credit") <= policy.WORST_CREDIT
    return (
        col("in_city")
        & (col("registered_on") <= day(policy.REGISTERED_BY))
        & ~col("blacklisted")
        & credit
        & ~col("penalty")
    )


def station_fen() -> Expr:
    full = lesser(col("macro"), policy.MACRO_FULL)
    fen = (
        full * policy.MACRO_FEN
        + (col("macro") - full) * policy.MACRO_MORE_FEN
        + col("micro") * policy.MICRO_FEN
    )
    return due(col("station_any"), lesser(fen, policy.STATION_CAP))


def rnd_fen() -> Expr:
    intense = col("rnd") * 100 >= col("revenue") * policy.INTENSE_PERCENT
    rate = when(intense).then(policy.RND_HIGH_RATE).when(~intense).then(policy.RND_RATE).otherwise(NOT_KNOWN)
    return due(col("rnd") >= policy.LEAST_RND, lesser(share(col("rnd"), rate), policy.RND_CAP))


def growth_fen() -> Expr:
    more = col("revenue") - col("prior_revenue")
    quick = col("revenue") * 100 >= col("prior_revenue") * policy.GROWTH_PERCENT
    return due(
        (col("revenue") >= policy.LEAST_REVENUE) & quick, ladder(more, policy.GROWTH_STEPS, policy.GROWTH_FEN)
    )


def totals(firms: pl.LazyFrame, projects: pl.LazyFrame) -> pl.LazyFrame:
    alone = col("has_children").is_null()
    blank = {"children_fen": 0, "station_any": False, "macro": 0, "micro": 0, "award_any": False, "level": 0}
    fen = (
        col("children_fen")
        + station_fen()
        + higher(rnd_fen(), growth_fen())
        + due(col("award_any"), table(col("level"), policy.AWARD_FEN))
        + when("first_scale").then(lit(policy.SCALE_UP_FEN, pl.Int64)).otherwise(0)
    )
    half = share(col("contribution"), policy.CONTRIBUTION_RATE)
    capped = (
        when(col("fen") == 0)
        .then(lit(0, pl.Int64))
        .otherwise(lesser(lesser(col("fen"), policy.FIRM_CAP), half))
    )
    total = (
        when(~col("gate") | (col("gate").is_null() & (col("fen") == 0)))
        .then(lit(0, pl.Int64))
        .when(col("gate"))
        .then(capped)
        .otherwise(NOT_KNOWN)
    )
    return (
        firms.join(children(projects), left_on="id", right_on="firm", how="left", maintain_order="left")
        .with_columns(
            when(alone).then(lit(value)).otherwise(col(name)).alias(name) for name, value in blank.items()
        )
        .with_columns(fen.alias("fen"), firm_gate().alias("gate"))
        .select("id", total.alias("total"))
    )


def pay(found: pl.DataFrame, pot: int) -> pl.DataFrame:
    """Largest remainders; the product in 128 bits."""
    entitled = found.select("id", entitled=col("total").fill_null(0), lacks=col("total").is_null())
    wanted = entitled["entitled"].sum()
    if wanted <= pot:
        return entitled.with_columns(paid=col("entitled"))
    product = col("entitled").cast(pl.Int128) * pot
    shares = entitled.with_columns(
        whole=(product // wanted).cast(pl.Int64),
        rest=(product % wanted).cast(pl.Int64),
        row=pl.int_range(pl.len()),
    )
    spare = pot - shares["whole"].sum()
    lucky = shares.select(
        pl.arg_sort_by(["rest", "id"], descending=[True, False]).head(spare).cast(pl.Int64)
    ).to_series()
    extra = pl.zeros(len(shares), pl.Int64, eager=True).scatter(lucky, 1) if spare else 0
    return shares.with_columns(paid=col("whole") + extra)


def prepare(data: Data) -> Run:
    firms, projects = (pl.from_arrow(rows).lazy() for rows in data.arrow())  # type: ignore[union-attr]
    plan = totals(firms, projects)

    def run() -> Result:
        found = pay(plan.collect(engine="streaming"), data.pot)
        return Result(*(found[name].to_numpy() for name in ("entitled", "lacks", "paid")))

    return run
