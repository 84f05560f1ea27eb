"""Cases that a search must find, and innocents near each of them that it must leave alone; with the truth about both. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from mangrove.policies.year.chance import between, one_of
from mangrove.policies.year.firms import MAJORITY, Firm, Row, holding, listing, named, prior_row
from mangrove.policies.year.projects import Application, Making, invoice_code
from mangrove.policies.year.telling import Telling
from mangrove.policies.year.texts import reworded, title

ONE_DAY = timedelta(days=1)
#: Of a hundred.
BEST = 99
#: When a doubt comes up: while the claim is checked, or only before money leaves.
CLAIM, PAYMENT = "claim", "payment"


@dataclass(frozen=True)
class Planted:
    """The truth about one case: ``kind`` is that of the doubt, ``key`` the application, ``other`` what it is held against.

    ``founded``: whether the doubt is. ``refuses``: whether the claim ends there; else a line falls out, or nothing does.
    """

    kind: str
    key: str
    other: str
    founded: bool
    refuses: bool
    what: str
    when: str = CLAIM


@dataclass
class Planting:
    """Makes the applications of the cases, and what must be known of their firms. ``firms`` are spent one by one."""

    told: Telling
    making: Making
    firms: list[Firm]
    spent: int = 0
    applications: list[Application] = field(default_factory=list)
    ownership: list[Row] = field(default_factory=list)
    credit: list[Row] = field(default_factory=list)
    later: list[Row] = field(default_factory=list)
    prior: list[Row] = field(default_factory=list)
    truth: list[Planted] = field(default_factory=list)

    def sets(self, count: int) -> None:
        for n in range(count):
            schemes = [
                self.told.schemes[(n + k) % len(self.told.schemes)] for k in range(len(self.told.schemes))
            ]
            self.doubles(schemes[0], schemes[1])
            self.credit_cases(schemes[2])
            self.lines_and_money(schemes[3])
            self.innocents(schemes[4], schemes[5])

    # --- parts ---

    def firm(self) -> Firm:
        """One that nobody else's case has, and that no other firm owns or is owned by but for the cases."""
        while self.firms[self.spent].parent or self.is_parent(self.firms[self.spent]):
            self.spent += 1
        self.spent += 1
        return self.firms[self.spent - 1]

    def is_parent(self, firm: Firm) -> bool:
        return firm.id in {one.parent for one in self.firms}

    def one(self, scheme: str, firm: Firm) -> Application:
        key = f"{self.told.year}-{scheme}-{firm.id[-5:]}"
        made = self.making.application(key, scheme, firm)
        return replace(
            made, outcome="accept", applied_on=min(made.applied_on, self.told.day("closes") - 2 * ONE_DAY)
        )

    def keep(self, *made: Application) -> None:
        self.applications += made

    def say(
        self,
        kind: str,
        key: str,
        other: str,
        founded: bool,
        what: str,
        refuses: bool | None = None,
        when: str = CLAIM,
    ) -> None:
        self.truth.append(
            Planted(kind, key, other, founded, founded if refuses is None else refuses, what, when)
        )

    def pair(self, first: str, second: str) -> tuple[Application, Application]:
        """Two of one firm in one stretch of time, the second handed in after the first."""
        firm = self.firm()
        one, other = self.one(first, firm), self.one(second, firm)
        return one, self.after(one, replace(
            other, begins_on=one.begins_on, finished_on=one.finished_on, lines=self.making.lines(one.begins_on, one.finished_on)
        ))  # fmt: skip

    def after(self, one: Application, other: Application) -> Application:
        """Handed in at least a day later, so that it is clear which of the two is one too many."""
        return replace(other, applied_on=max(one.applied_on + ONE_DAY, other.applied_on))

    # --- double payments ---

    def doubles(self, first: str, second: str) -> None:
        self.same_invoice(*self.pair(first, second))
        self.split_contracts(*self.pair(first, second))
        self.two_names(*self.pair(first, second))
        self.subsidiary(first)

    def same_invoice(self, one: Application, other: Application) -> None:
        taken = one.lines[0]
        twice = other.with_line(
            0, invoice_code=taken.invoice_code, invoice=taken.invoice, invoice_on=taken.invoice_on, seller=taken.seller,
            content=taken.content, declared=taken.declared, audited=taken.audited, input_tax=taken.input_tax,
        )  # fmt: skip
        self.keep(one, twice)
        self.say("invoice", twice.key, one.key, True, "同一张发票用于两个计划")

    def split_contracts(self, one: Application, other: Application) -> None:
        """One purchase, two contracts that follow one another, each in a claim of its own."""
        first, number = one.lines[0], self.making.number()
        stem = f"HT-{first.contract_on:%Y}-"
        self.keep(
            one.with_line(0, contract=f"{stem}{number:07d}"),
            other.with_line(
                0, contract=f"{stem}{number + 1:07d}", contract_on=first.contract_on + 2 * ONE_DAY,
                seller=first.seller, content=first.content, invoice_on=max(first.invoice_on, first.contract_on + 2 * ONE_DAY),
            ),
        )  # fmt: skip
        self.say("split", other.key, one.key, True, "一笔采购拆成两份相连的合同，分在两项申报里")

    def two_names(self, one: Application, other: Application) -> None:
        other = self.again(one, other)
        self.keep(one, other)
        self.say("alike", other.key, one.key, True, "同一项目换了名称再报")

    def again(self, one: Application, other: Application) -> Application:
        """The text of the one under another title, but for a sentence."""
        said, chance = self.making.said, self.making.chance
        summary = reworded(said, chance, one.summary, said["summary"], one.title)
        return replace(
            other, title=title(said, chance, other.scheme), summary=tuple(summary), results=one.results
        )

    def subsidiary(self, scheme: str) -> None:
        parent, child = self.firm(), self.firm()
        share = between(self.making.chance, MAJORITY)
        self.ownership.append(
            holding(f"planted-{child.id}", parent.id, child.id, share, date(self.told.year - 3, 5, 6))
        )
        one, other = self.one(scheme, parent), self.one(scheme, child)
        other = self.after(
            one, replace(self.again(one, other), begins_on=one.begins_on, finished_on=one.finished_on)
        )
        other = replace(other, lines=self.making.lines(other.begins_on, other.finished_on))
        self.keep(one, other.with_line(0, seller=one.lines[0].seller, content=one.lines[0].content))
        self.say("related", other.key, one.key, True, f"同一项目由子公司再报（持股{share // 100}%）")

    # --- credit ---

    def credit_cases(self, scheme: str) -> None:
        opens = self.told.day("opens")
        listed = self.listed(scheme, opens - 200 * ONE_DAY, None)
        self.say("credit", listed.key, "", True, "申报时在失信名单上")
        expired = self.listed(scheme, opens - 900 * ONE_DAY, opens - 30 * ONE_DAY)
        self.say("credit", expired.key, "", False, "曾列入，申报前已移出")
        between_ = self.listed(scheme, self.told.day("later_records") - 20 * ONE_DAY, None, later=True)
        self.say("credit", between_.key, "", True, "申报以后、拨付以前列入", refuses=False, when=PAYMENT)

    def listed(self, scheme: str, since: date, until: date | None, later: bool = False) -> Application:
        made = replace(
            self.one(scheme, self.firm()), score=BEST
        )  # no quota settles it before its listing does
        name = one_of(self.making.chance, self.told.firms["lists"])
        rows = self.later if later else self.credit
        rows.append(listing(f"planted-{made.firm.id}", made.firm.id, since, until, name))
        self.keep(made)
        return made

    # --- lines and money ---

    def lines_and_money(self, scheme: str) -> None:
        outside = self.one(scheme, self.firm())
        early = outside.begins_on - ONE_DAY
        self.keep(outside.with_line(0, invoice_on=early, contract_on=early, invoice_code=invoice_code(early)))
        self.say("window", outside.key, "1", True, "发票早于实施起日一天", refuses=False)
        helped = self.one(scheme, self.firm())
        self.keep(helped)
        self.prior.append(self.elsewhere(helped, helped.lines[0].invoice, helped.lines[0].invoice_code))
        self.say("elsewhere", helped.key, "1", True, "同一张发票已在别处得到资助")

    def elsewhere(self, one: Application, invoice: str, code: str) -> Row:
        place = self.making.chance.randrange(len(self.told.firms["prior_programmes"]))
        return prior_row(self.told, place, one.firm, one.title, invoice, self.making.chance, code)

    # --- innocents ---

    def innocents(self, first: str, second: str) -> None:
        self.framework(*self.pair(first, second))
        self.template(first)
        self.similar_names(second)
        self.first_and_last_day(second)
        self.other_invoice(first)
        self.own_projects(second)

    def framework(self, one: Application, other: Application) -> None:
        """One framework contract, called off twice: each time with an invoice of its own."""
        first = one.lines[0]
        number = f"框架-{first.contract_on:%Y}-{self.making.number():07d}"
        self.keep(
            one.with_line(0, contract=number, content=f"框架合同项下{first.content}"),
            other.with_line(
                0, contract=number, contract_on=first.contract_on, seller=first.seller,
                content=f"框架合同项下{other.lines[0].content}",
            ),
        )  # fmt: skip
        self.say("contract", other.key, one.key, False, "框架合同下的不同发票")

    def template(self, scheme: str) -> None:
        """Sentences that everybody copies from the guide."""
        words = tuple(self.making.said["template"])
        made = [self.one(scheme, self.firm()) for _n in range(2)]
        made = [
            replace(one, results=(*(part for part in one.results if part not in words), *words))
            for one in made
        ]
        self.keep(*made)
        self.say("alike", made[1].key, made[0].key, False, "只有指南里的套话相同")

    def similar_names(self, scheme: str) -> None:
        """Two strangers whose names differ in one character."""
        one, other = self.firm(), self.firm()
        letters, trade = (
            self.told.firms["name_letters"],
            one_of(self.making.chance, self.told.firms["name_trades"]),
        )
        for firm, stem in ((one, letters[:2]), (other, letters[0] + letters[2])):
            self.rename(firm, named(stem, trade, int(firm.id[-5:])))
        made = [self.one(scheme, self.current(firm)) for firm in (one, other)]
        self.keep(*made)
        self.say("related", made[1].key, made[0].key, False, "名称相近，没有股权关系")

    def rename(self, firm: Firm, name: str) -> None:
        place = self.firms.index(firm)
        self.firms[place] = replace(firm, name=name)

    def current(self, firm: Firm) -> Firm:
        return next(one for one in self.firms if one.id == firm.id)

    def first_and_last_day(self, scheme: str) -> None:
        made = self.one(scheme, self.firm())
        made = made.with_line(0, invoice_on=made.begins_on, contract_on=made.begins_on)
        made = made.with_line(1, invoice_on=made.finished_on, contract_on=made.finished_on)
        self.keep(made)
        self.say("window", made.key, "1", False, "发票在实施期的首日和末日")

    def other_invoice(self, scheme: str) -> None:
        made = self.one(scheme, self.firm())
        self.keep(made)
        self.prior.append(
            self.elsewhere(made, f"{30_000_000 + self.making.number():08d}", made.lines[0].invoice_code)
        )
        self.say("elsewhere", made.key, "1", False, "别处资助的是另一张发票")

    def own_projects(self, scheme: str) -> None:
        """A firm and its subsidiary, each with a project of its own."""
        parent, child = self.firm(), self.firm()
        share = between(self.making.chance, MAJORITY)
        self.ownership.append(
            holding(f"planted-{child.id}", parent.id, child.id, share, date(self.told.year - 2, 3, 4))
        )
        one, other = (self.one(scheme, firm) for firm in (parent, child))
        self.keep(one, self.apart(one, other))
        self.say("related", other.key, one.key, False, "母子公司各有各的项目")

    def apart(self, one: Application, other: Application) -> Application:
        """Nothing bought of the same kind."""
        taken = {line.content for line in one.lines}
        free = [goods for goods in self.making.said["goods"] if goods not in taken]
        lines = (replace(line, content=free[n % len(free)]) for n, line in enumerate(other.lines))
        return replace(other, lines=tuple(lines))
