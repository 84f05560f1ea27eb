"""``mangrove rulebook explain``: one case or a whole population, said on the terminal and written as HTML where asked."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

from mangrove.rulebook.allotting.quotas import Selection
from mangrove.rulebook.choosing import CHOSEN, WAITING, chosen_by_interpreter, word
from mangrove.rulebook.decide import Deciding, Run
from mangrove.rulebook.engines.columns import from_population
from mangrove.rulebook.engines.lower import lower
from mangrove.rulebook.engines.results import Results
from mangrove.rulebook.engines.vector import Vector
from mangrove.rulebook.explaining import case, case_html, case_text, people, people_html, people_text
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.problems import Place, Problem, unknown
from mangrove.rulebook.running import refuse_not_in_force
from mangrove.rulebook.simulate.groups import refuse_unknown
from mangrove.rulebook.texts.nodes import Words
from mangrove.rulebook.texts.reader import day
from mangrove.vocabulary.model import find, known_names


class All(argparse.Action):
    """With ``--all`` no thing need be named; an optional one could not stand behind an option."""

    def __call__(self, _parser: object, chosen: argparse.Namespace, *_given: object) -> None:
        chosen.all, self.const.required = True, False


def add_options(parser: argparse.ArgumentParser) -> None:
    thing = parser.add_argument("thing", default="", metavar="对象:标识", help="例如 机构:cm_sz；或写 --all")
    whole = "整批说明：逐条剩多少、谁只差一条、涉及多少钱"
    parser.add_argument("--all", action=All, nargs=0, default=False, const=thing, help=whole)
    parser.add_argument(
        "--clause", action="append", default=[], metavar="条款", help="只说明这一条（可以写几次）"
    )
    parser.add_argument("--by", default="", metavar="字段", help="按它分组，例如 所在区、申报单位.类别")
    parser.add_argument("--on", default="", metavar="日期", help="决定日，例如 2022-12-31")
    parser.add_argument("--budget-year", type=int, metavar="年度", help="预算年度，例如 2022")
    parser.add_argument("--html", type=Path, metavar="文件", help="同时写成网页")


def explained(chosen: argparse.Namespace, measure: Measure, population: Population) -> str:
    """The text; the page is written where it is asked for. Raises :class:`Problem`."""
    run = Run(day(Words(chosen.on, Place("--on", 1, 1))) if chosen.on else None, chosen.budget_year)
    refuse_not_in_force(measure, run)
    refuse_strangers(chosen.clause, measure)
    if chosen.all:
        return population_explained(chosen, measure, population, run)
    found = case.explain(measure, thing_named(chosen.thing, measure, population), population, run)
    if chosen.clause:
        kept = tuple(one for one in found.clauses if one.clause.id in chosen.clause)
        found = case.Case(found.measure, found.thing, found.run, kept)
    own = Deciding(measure, population, run)
    selected = chosen_by_interpreter(own, population.things.values())
    lines = [
        quota_line(measure, id, selected[id], found.thing.key, chosen.language)
        for id in selected
        if found.thing.entity == measure.clause(id).entity and word(selected[id], found.thing.key)
    ]
    if chosen.html:
        chosen.html.write_text(case_html.page(found, chosen.language, lines), encoding="utf-8")
    return "\n".join([case_text.as_text(found, chosen.language), *lines])


def quota_line(measure: Measure, id: str, selection: Selection, key: str, language: str) -> str:
    """Whether the case has a place: what a clause gives by itself is not paid without one."""
    article, said = measure.clause(id).article, word(selection, key)
    last = key in selection.unranked
    if not language.startswith("en"):
        more = f"；“{'、'.join(ranked_by_names(measure, id))}”缺数据，排在最后" if last else ""
        return f"名额：{article}（{id}）{said}{more}"
    way = {CHOSEN: "chosen", WAITING: "waiting"}.get(said, f"no place: {said}")
    more = "; came last, what ranks it is not known" if last else ""
    return f"Quota: {article} ({id}) {way}{more}"


def ranked_by_names(measure: Measure, id: str) -> list[str]:
    """The fields by which those under a quota are ranked, in Chinese."""
    order = next((one.order for one in measure.quotas if one.of == id and one.order), ())
    fields = measure.vocabulary.entities[measure.clause(id).entity].fields
    return [fields[name].zh for name, _falling in order]


def population_explained(
    chosen: argparse.Namespace, measure: Measure, population: Population, run: Run
) -> str:
    snapshot = from_population(population, measure.vocabulary)
    refuse_unknown(snapshot, (one.entity for one in measure.clauses), chosen.by, Place("--by", 1, 1))
    results = Vector(lower(measure), snapshot).run(run)
    found = people.explain(results, chosen.clause, chosen.by)
    lines = list(places(results, chosen.language))
    if chosen.html:
        chosen.html.write_text(people_html.page(found, chosen.language, lines), encoding="utf-8")
    return "\n".join([people_text.as_text(found, chosen.language), *lines])


def places(results: Results, language: str) -> Iterator[str]:
    """How many have a place under each quota; the totals above count no one else."""
    for id, one in results.clauses.items():
        if one.selection is not None:
            kept, full, wait = len(one.selection.kept), len(one.selection.fell), len(one.selection.waiting)
            article, last = one.clause.article, len(one.selection.unranked)
            if language.startswith("en"):
                more = f"; {last} came last, what ranks them is not known" if last else ""
                yield f"Quota: {article} ({id}) {kept} chosen, {full} without a place, {wait} waiting{more}"
            else:
                names = "、".join(ranked_by_names(results.measure, id))
                more = f"；其中{last}件“{names}”缺数据，排在最后" if last else ""
                yield f"名额：{article}（{id}）入选{kept}，名额已满{full}，待定{wait}{more}"


def refuse_strangers(clauses: Iterable[str], measure: Measure) -> None:
    known = [one.id for one in measure.clauses]
    for name in clauses:
        if name not in known:
            raise unknown(Place("--clause", 1, 1), ("条款", "clause"), name, known)


def thing_named(written: str, measure: Measure, population: Population) -> Thing:
    """``机构:cm_sz``. Raises :class:`Problem` naming the nearest."""
    name, _colon, key = written.replace("：", ":").partition(":")
    place = Place("-", 1, 1)
    if not key:
        zh, en = (
            "请写 对象:标识，例如 机构:cm_sz；或写 --all 说明整批。",
            "Name a thing, such as 机构:cm_sz, or write --all.",
        )
        raise Problem("no_thing", place, zh, en)
    entity = find(measure.vocabulary.entities, name)
    if entity is None:
        raise unknown(place, ("对象", "thing"), name, known_names(measure.vocabulary.entities.values()))
    found = population.things.get((entity.id, key))
    if found is None:
        raise Problem("no_thing", place, f"数据里没有“{written}”。", f"The data have no “{written}”.")
    return found
