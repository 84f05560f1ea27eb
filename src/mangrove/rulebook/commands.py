"""``mangrove rulebook``: check whether measures read, run one over a folder of CSV files, explain one case."""

from __future__ import annotations

import argparse
import csv
import sys
from datetime import date
from pathlib import Path
from typing import Any

from mangrove.rulebook.allotting.commands import add as add_allotting
from mangrove.rulebook.allotting.commands import check_portfolio
from mangrove.rulebook.decide import Run
from mangrove.rulebook.documenting.acting import document
from mangrove.rulebook.explaining import acting as explaining
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population
from mangrove.rulebook.problems import Problem, Problems
from mangrove.rulebook.simulate.commands import add as add_simulating
from mangrove.rulebook.texts.examples import Mismatch, by_expectation, examples_of, read_examples
from mangrove.rulebook.texts.families import DRAFT, families
from mangrove.rulebook.texts.reader import load
from mangrove.rulebook.texts.shelves import is_portfolio
from mangrove.rulebook.texts.tables import read_population
from mangrove.vocabulary import vocabulary

#: How a measure may be run; the answers are the same.
ENGINES = ("numpy", "interpreter")


def add(commands: Any) -> None:
    parser = commands.add_parser("rulebook", help="规则：检查措施文件，对一批数据执行，逐条说明一件")
    acts = parser.add_subparsers(required=True, metavar="动作")
    check = acts.add_parser(
        "check", help="检查措施文件：名称、单位、日期、分档、各版之间的时间；有错的逐条说明在哪一行、怎么改"
    )
    check.add_argument("files", nargs="+", type=Path, metavar="文件")
    check.set_defaults(run=run_check)
    test = acts.add_parser("test", help="执行措施旁边的检验（x.yaml 的检验写在 x.tests.yaml）")
    test.add_argument("files", nargs="+", type=Path, metavar="文件")
    test.set_defaults(run=run_test)
    run = acts.add_parser("run", help="对一批数据执行，结果写成 CSV：每件每条是否符合、金额（分）")
    run.add_argument("--engine", choices=ENGINES, default=ENGINES[0], help="用哪个引擎；结果一样")
    run.add_argument("--on", type=date.fromisoformat, metavar="日期", help="决定日，例如 2022-12-31")
    run.add_argument("--budget-year", type=int, metavar="年度", help="预算年度，例如 2022")
    run.set_defaults(run=run_run)
    doc = acts.add_parser("doc", help="每项措施一页：左为条文，右为规则，附读法、参数、检验；另有目录页")
    doc.add_argument("files", nargs="+", type=Path, metavar="文件", help="措施文件，或放它们的文件夹")
    doc.add_argument("--out", type=Path, required=True, metavar="文件夹", help="网页写到哪里")
    doc.set_defaults(run=run_doc)
    explain = acts.add_parser(
        "explain", help="逐条说明一件：每个条件差多少、金额怎么来、怎样才符合、缺什么；--all 说明整批"
    )
    explain.set_defaults(run=run_explain)
    columns = acts.add_parser(
        "columns", help="一项措施要哪些数据：每个文件要哪些列，填什么；--template 写成空表，可用 Excel 填"
    )
    columns.add_argument("--template", type=Path, metavar="文件夹", help="空表写到哪里")
    columns.set_defaults(run=run_columns)
    for one in (run, explain, columns):
        one.add_argument("file", type=Path, metavar="文件")
    for one in (run, explain):
        one.add_argument(
            "--data",
            type=Path,
            required=True,
            metavar="文件夹",
            help="每类对象一个 CSV，文件名是中文名或英文标识",
        )
    explaining.add_options(explain)
    for one in (check, test, run, doc, explain, columns):
        one.add_argument("--language", choices=("zh", "en"), default="zh", help="用哪种语言说明")
    add_simulating(acts)
    add_allotting(acts)


def run_check(chosen: argparse.Namespace) -> int:
    """0 when every measure and portfolio reads and no two versions of a measure overlap, else 1."""
    portfolios = [path for path in chosen.files if is_portfolio(path)]
    wrong = [path for path in portfolios if not check_portfolio(path, chosen.language)]
    read = [checked(path, chosen.language) for path in chosen.files if path not in portfolios]
    found = families(one for one in read if one is not None)
    overlaps = [one.said(chosen.language) for family in found for one in family.overlaps()]
    notes = [note for family in found for note in (*family.several_drafts(), *family.gaps())]
    told([*overlaps, *(one.said(chosen.language) for one in notes)])
    return 1 if None in read or wrong or overlaps else 0


def run_test(chosen: argparse.Namespace) -> int:
    """0 when every expectation of every file came true, 1 when one did not or nothing is tested."""
    wrong = [path for path in chosen.files if not tested(path, chosen.language)]
    return 1 if wrong else 0


def tested(path: Path, language: str) -> bool:
    try:
        measure = load(path, vocabulary())
        examples = read_examples(examples_of(path), measure)
        outcomes = [wrong for example in examples for wrong in by_expectation(example, measure)]
    except Problems as problems:
        return told([one.said(language) for one in problems.problems])
    except Problem as problem:
        return told([problem.said(language)])
    told([one.said(language) for wrong in outcomes for one in wrong])
    print(f"{path}{counted(len(examples), outcomes, language)}")
    return bool(outcomes) and not any(outcomes)


def counted(examples: int, outcomes: list[list[Mismatch]], language: str) -> str:
    """Tests, the outcomes that they expect, those that came out otherwise; and in how many fields, if that is not the same."""
    wrong, fields = sum(1 for one in outcomes if one), sum(len(one) for one in outcomes)
    if language == "en":
        more = f" in {fields} fields" if fields > wrong else ""
        return f": tests {examples}, expected outcomes {len(outcomes)}, of these wrong {wrong}{more}."
    more = f"（共 {fields} 处）" if fields > wrong else ""
    return f"：检验 {examples} 例，预期结果 {len(outcomes)} 条，其中不符 {wrong} 条{more}。"


def told(sentences: list[str]) -> bool:
    """Say what is wrong; always false."""
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    return False


def run_run(chosen: argparse.Namespace) -> int:
    """Every clause for every thing that it is for, in the order of keys; 1 when a file does not read."""
    from mangrove.rulebook.running import run_over  # loads the fast engines, which no other act here needs

    try:
        measure = load(chosen.file, vocabulary())
        run = Run(chosen.on, chosen.budget_year)
        found = run_over(measure, chosen.data, run, chosen.engine)
        out = csv.writer(sys.stdout)
        out.writerow(["对象", "标识", "条款", "结果", "金额_分", "封顶前_分", "名额"])
        out.writerows(found)  # an amount that is not known stays empty, never zero
    except Problems as problems:
        told([one.said(chosen.language) for one in problems.problems])
        return 1
    except Problem as problem:
        told([problem.said(chosen.language)])
        return 1
    return 0


def run_explain(chosen: argparse.Namespace) -> int:
    read = both(chosen)
    if read is None:
        return 1
    try:
        print(explaining.explained(chosen, *read))
    except Problem as problem:
        told([problem.said(chosen.language)])
        return 1
    return 0


def run_columns(chosen: argparse.Namespace) -> int:
    """0 when told, and the empty files written; 1 when the measure does not read or a file is there already."""
    from mangrove.rulebook.listing import act
    from mangrove.rulebook.simulate.acting import guarded

    return guarded(act, chosen)


def run_doc(chosen: argparse.Namespace) -> int:
    """0 when a page was written for every file, 1 when one does not read."""
    pages, problems = document(chosen.files, chosen.out, vocabulary(), chosen.language)
    told([one.said(chosen.language) for one in problems])
    form = "Pages written: %d, in %s." if chosen.language == "en" else "写成网页 %d 个，在 %s。"
    print(form % (len(pages), chosen.out))
    return 1 if problems else 0


def both(chosen: argparse.Namespace) -> tuple[Measure, Population] | None:
    """The measure and the data; ``None`` when one of them does not read, after saying why."""
    try:
        measure = load(chosen.file, vocabulary())
        return measure, read_population(chosen.data, measure.vocabulary)
    except Problems as problems:
        told([one.said(chosen.language) for one in problems.problems])
        return None


def checked(path: Path, language: str) -> Measure | None:
    try:
        measure = load(path, vocabulary())
    except Problems as problems:
        told([one.said(language) for one in problems.problems])
        return None
    print(summary(path, measure, language))
    return measure


def summary(path: Path, measure: Measure, language: str) -> str:
    counts = len(measure.clauses), len(measure.definitions)
    draft = measure.version.status == DRAFT
    if language == "en":
        mark = "a draft, " if draft else ""
        return f"{path}: {measure.name}: {mark}reads; clauses {counts[0]}, definitions {counts[1]}."
    mark = "（草案）" if draft else ""
    return f"{path}：《{measure.name}》{mark}读通；条款 {counts[0]}，定义 {counts[1]}。"
