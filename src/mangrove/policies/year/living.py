"""The year lived through from chapter to chapter. Each passes over what was lived, so that one broken off goes on where it stood."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

from django.conf import settings

from mangrove.ledger.sealer import seal_pending
from mangrove.policies.year import applying, checking, loading, opening, paying, planning, reviewing
from mangrove.policies.year.applying import Said
from mangrove.policies.year.making import make
from mangrove.policies.year.people import Year, work_off
from mangrove.policies.year.summing import report
from mangrove.policies.year.telling import Telling, read

Chapter = Callable[[Year, Said], str]
Print = Callable[[str], None]


def quiet(act: Callable[[Year], str]) -> Chapter:
    """A chapter that is over at once."""
    return lambda year, _say: act(year)


CHAPTERS: tuple[tuple[str, Chapter], ...] = (
    ("城市与账号", quiet(loading.load_city)),
    ("企业与记录", quiet(loading.load_firms)),
    ("申报账号", quiet(loading.accounts)),
    ("公布措施", quiet(opening.publish)),
    ("资金池", quiet(opening.open_pots)),
    ("申报窗口", quiet(opening.open_windows)),
    ("填报与提交", applying.apply),
    ("形式审查", applying.check_form),
    ("费用清单", checking.read_lists),
    ("查重与疑点", checking.search),
    ("核实疑点", checking.weigh),
    ("专项审计", checking.conclude_audits),
    ("核实期外发票", checking.weigh_again),
    ("专家评审", reviewing.review),
    ("各项审核", checking.check),
    ("资助计划", planning.plan),
    ("年中名单", quiet(loading.load_later)),
    ("第一批拨付", paying.pay_first),
    ("退票重拨", paying.pay_again),
    ("到账", paying.arrive),
    ("第二批拨付", paying.pay_second),
    ("追回", paying.recover),
)


def told_of(year: int) -> Telling:
    return read(Path(settings.MANGROVE_CITY) / "year", year)


def live(*, year: int, firms: int, applications: int, seed: int, say: Print = print) -> bool:
    """Make the year and live it; whether all was found, nobody wronged, and every sum the same. Raises :class:`Refusal`."""
    told = told_of(year)
    city = make(told, seed=seed, firms_count=firms, applications_count=applications)
    say(
        f"合成年度 {year}：企业 {len(city.firms)}，申报 {len(city.applications)}，种子 {seed}，校验值 {city.digest[:16]}"
    )
    lived = Year(told, city)
    for name, chapter in CHAPTERS:
        live_chapter(lived, name, chapter, say)
    lines, good = report(lived)
    for line in lines:
        say(line)
    return good


def live_chapter(year: Year, name: str, chapter: Chapter, say: Print) -> None:
    begun, worked = perf_counter(), process_time()
    told = chapter(year, progress(name, say))
    work_off()
    seal_pending()
    say(f"· {name}：{told}  {perf_counter() - begun:.1f} 秒（CPU {process_time() - worked:.1f}）")


def progress(name: str, say: Print) -> Said:
    """A word every tenth of the way."""
    tenths = [0]

    def said(done: int, total: int) -> None:
        if total and done * 10 // total > tenths[0]:
            tenths[0] = done * 10 // total
            say(f"  {name} {done}/{total}")

    return said
