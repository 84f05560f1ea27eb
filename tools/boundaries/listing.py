"""Thresholds of the boards of Shanghai, Shenzhen and Beijing, restated from facts/listing_and_platforms.md §2.1 and §3.1–3.4."""

from __future__ import annotations

from plan import FAILS, LACKS, MEETS, Case, Edge, Plan, edge, must, profit, years

THING, DAY = "上市测算", "测算日期"
#: A firm that meets every standard of every board of its time with room to spare.
STRONG = {
    "发行人类型": "一般企业", "预计市值": "300亿元", "发行前股本总额": "3亿元", "发行后股本总额": "3.6亿元", "公开发行比例": "30%",
    **years(
        归母净利润=["4亿元", "3亿元", "2亿元"], 扣非净利润=["3.9亿元", "2.9亿元", "1.9亿元"],
        经营现金流净额=["4亿元", "3亿元", "2亿元"], 营业收入=["30亿元", "20亿元", "15亿元"], 研发投入=["6亿元", "4亿元", "3亿元"],
    ),
}  # fmt: skip
LOW_CASH = years(经营现金流净额=["0元", "0元", "0元"])
LOW_SALES = {**years(营业收入=["1元", "1元", "1元"])}


def plan(path: str, day: str, begin: str, end: str = "", **base: str) -> Plan:
    return Plan(f"listing/{path}", THING, (DAY, day), (begin, end), {**STRONG, **base})


def capital(made: Plan, least: str) -> Plan:
    """Share capital after the issue, and the offered part: 25 %, above 4亿 of capital 10 %."""
    return made.clause(
        "structure", "股本和公开发行比例",
        [
            edge("发行后股本总额", ">=", least),
            edge("公开发行比例", ">=", "25%", {"发行后股本总额": "4亿元"}),
            edge("公开发行比例", ">=", "10%", {"发行后股本总额": "400000000.01元"}),
            edge("发行后股本总额", ">", "4亿元", {"公开发行比例": "10%"}),
        ],
    )  # fmt: skip


def whole(
    made: Plan, alone: list[tuple[str, dict[str, str]]], none: dict[str, str], blank: dict[str, str]
) -> Plan:
    """Any standard is enough: each alone, none, and nothing known; then the board as a whole."""
    cases = [Case(f"只符合{told}", {**none, **given}, MEETS) for told, given in alone]
    cases += [Case("一套都不符合", none, FAILS), Case("市值和净利润都缺", blank, LACKS)]
    made.clause("any_standard", "任一套标准", [Edge("发行人类型", "is", "一般企业")], cases=cases)
    structure = {"发行后股本总额": "1元"}
    return made.clause(
        "listing", "标准和股本条件合计",
        cases=[
            Case("都符合", {}, MEETS), Case("股本条件不符合", structure, FAILS), Case("标准一套都不符合", none, FAILS),
            Case("股本缺", {"发行后股本总额": ""}, LACKS), Case("标准缺数据", blank, LACKS),
        ],
    )  # fmt: skip


NO_GAIN = [
    Case("最近一年不盈不亏", {"0.归母净利润": "0元"}, FAILS),
    Case("最近一年亏一分", {"0.归母净利润": "-0.01元"}, FAILS),
]
NO_PROFIT = {"0.归母净利润": "-1元"}
UNKNOWN = {"预计市值": "", "0.归母净利润": "", "0.扣非净利润": "", "1.归母净利润": "", "1.扣非净利润": ""}


def main_2006() -> Plan:
    made = plan("main_2006", "2021-08-30", "2006-05-18", "2023-02-17")
    made.base = {**made.base, "0.无形资产净额": "1亿元", "0.净资产": "20亿元", "0.未分配利润": "3亿元"}
    two = years(归母净利润=["1000万元", "1000万元", "1000万元"], 扣非净利润=["9亿元", "9亿元", "9亿元"])
    made.clause(
        "profit", "三年净利润",
        [
            *profit(0, ">", "0元"), *profit(1, ">", "0元"), *profit(2, ">", "0元"),
            # 1000万 + 1000万 + 1000万 = 3000万，须超过
            edge("2.归母净利润", ">", "1000万元", two), edge("1.归母净利润", ">", "1000万元", two), edge("0.归母净利润", ">", "1000万元", two),
        ],
    )  # fmt: skip
    cash = {**LOW_SALES, **years(经营现金流净额=["2000万元", "2000万元", "1000万元"])}
    sales = {**LOW_CASH, **years(营业收入=["1亿元", "1亿元", "1亿元"])}
    made.clause(
        "scale", "现金流或收入",
        # 2000万 + 2000万 + 1000万 = 5000万；1亿 + 1亿 + 1亿 = 3亿；都须超过
        [edge(f"{year}.经营现金流净额", ">", at, cash) for year, at in enumerate(["2000万元", "2000万元", "1000万元"])]
        + [edge(f"{year}.营业收入", ">", "1亿元", sales) for year in range(3)],
    )  # fmt: skip
    made.clause(
        "assets", "无形资产和未分配利润",
        # 10亿 × 20% = 2亿
        [
            edge("0.无形资产净额", "<=", "2亿元", {"0.净资产": "10亿元"}),
            edge("0.净资产", ">=", "10亿元", {"0.无形资产净额": "2亿元"}), edge("0.未分配利润", ">=", "0元"),
        ],
    )  # fmt: skip
    made.clause(
        "structure",
        "股本",
        [edge("发行前股本总额", ">=", "3000万元"), edge("发行后股本总额", ">=", "5000万元")],
    )
    return made.clause(
        "any_standard", "三组条件",
        cases=[
            Case("都符合", {}, MEETS), Case("净利润一组不符合", NO_PROFIT, FAILS),
            Case("规模一组不符合", {**LOW_CASH, **LOW_SALES}, FAILS), Case("资产一组不符合", {"0.未分配利润": "-1元"}, FAILS),
            Case("缺未分配利润", {"0.未分配利润": ""}, LACKS), Case("缺最近一年净利润", {"0.归母净利润": ""}, LACKS),
            Case("缺最近一年收入和现金流", {"0.营业收入": "", "0.经营现金流净额": ""}, LACKS),
        ],
    ).clause(
        "listing", "合计",
        cases=[
            Case("都符合", {}, MEETS), Case("股本不足", {"发行后股本总额": "1元"}, FAILS), Case("亏损", NO_PROFIT, FAILS),
            Case("缺股本", {"发行后股本总额": ""}, LACKS), Case("缺未分配利润", {"0.未分配利润": ""}, LACKS),
        ],
    )  # fmt: skip


def main_new(
    year: str, day: str, window: tuple[str, str], sums: tuple[str, ...], third: tuple[str, str]
) -> Plan:
    """``sums``: the last year at the edge of the sum with 3000万 and 2000万 before it; the last year; cash; sales; cash 2."""
    profits, last, cash3, sales3, cash_two = sums
    made = plan(f"main_{year}", day, *window)
    others = {**years(归母净利润=["9亿元", "3000万元", "2000万元"], 扣非净利润=["9亿元", "9亿元", "9亿元"])}
    cash = {**LOW_SALES, **years(经营现金流净额=["9亿元", "0元", "0元"])}
    sales = {**LOW_CASH, **years(营业收入=["90亿元", "1亿元", "1亿元"])}
    back = {"0.归母净利润": profits}
    made.clause(
        "standard_1", "标准一",
        [
            *profit(1, ">", "0元"), *profit(2, ">", "0元"), *profit(0, ">=", last), edge("0.归母净利润", ">=", profits, others),
            edge("1.归母净利润", ">=", "3000万元", {**others, **back}), edge("2.归母净利润", ">=", "2000万元", {**others, **back}),
            edge("0.经营现金流净额", ">=", cash3, cash), edge("0.营业收入", ">=", sales3, sales),
        ],
        missing=[(f"{one}.经营现金流净额", LOW_SALES) for one in (1, 2)] + [(f"{one}.营业收入", LOW_CASH) for one in (1, 2)],
        cases=NO_GAIN,
    )  # fmt: skip
    flow = years(经营现金流净额=["9亿元", "5000万元", "5000万元"])
    made.clause(
        "standard_2", "标准二",
        [
            edge("预计市值", ">=", "50亿元"), *profit(0, ">", "0元"), edge("0.营业收入", ">=", "6亿元"),
            edge("0.经营现金流净额", ">=", cash_two, flow),
        ],
        missing=["1.经营现金流净额", "2.经营现金流净额"],
    )  # fmt: skip
    value, revenue = third
    made.clause(
        "standard_3", "标准三",
        [edge("预计市值", ">=", value), *profit(0, ">", "0元"), edge("0.营业收入", ">=", revenue)],
    )  # fmt: skip
    small = {
        "预计市值": "1亿元",
        **years(经营现金流净额=["0元", "0元", "0元"], 营业收入=["6亿元", "0元", "0元"]),
    }
    whole(
        made,
        [
            ("标准一", {"0.经营现金流净额": "9亿元"}),
            ("标准二", {"预计市值": "50亿元", "0.经营现金流净额": "9亿元", "2.归母净利润": "-1元"}),
            ("标准三", {"预计市值": value, "0.营业收入": revenue, "2.归母净利润": "-1元"}),
        ],
        small, UNKNOWN,
    )  # fmt: skip
    return capital(made, "5000万元")


def chinext(
    year: str, day: str, window: tuple[str, str], two: str, last: str, second: tuple[str, str]
) -> Plan:
    """``two``: the last year where it makes the sum of two years with 2000万 before it."""
    made = plan(f"chinext_{year}", day, *window, 未盈利适用="否")
    before = {"1.归母净利润": "2000万元", "1.扣非净利润": "9亿元", "0.扣非净利润": "9亿元"}
    edges = [
        *profit(1, ">", "0元"),
        edge("0.归母净利润", ">=", two, before),
        edge("1.归母净利润", ">=", "2000万元", {**before, "0.归母净利润": two}),
    ]
    made.clause(
        "standard_1", "标准一", [*edges, *profit(0, ">=" if last != "0元" else ">", last)], cases=NO_GAIN
    )
    value, revenue = second
    made.clause(
        "standard_2", "标准二",
        [edge("预计市值", ">=", value), *profit(0, ">", "0元"), edge("0.营业收入", ">=", revenue)],
    )  # fmt: skip
    made.clause(
        "standard_3", "标准三",
        [
            edge("预计市值", ">=", "50亿元"), edge("0.营业收入", ">=", "3亿元"), *profit(0, ">", "0元"),
            *must("未盈利适用", given={"0.归母净利润": "-1元"}),
        ],
        cases=[Case("未盈利但属于适用范围", {"0.归母净利润": "-1元", "未盈利适用": "是"}, MEETS)],
    )  # fmt: skip
    if year == "2026":
        fourth(made)
    none = {
        "预计市值": "1亿元",
        "0.归母净利润": "100万元",
        "0.营业收入": "4亿元",
        "1.营业收入": "4亿元",
        "2.营业收入": "4亿元",
        **years(研发投入=["0元"] * 3),
    }
    none["1.归母净利润"] = "-1元"
    alone = [
        ("标准一", {"0.归母净利润": "2亿元", "1.归母净利润": "1元"}),
        ("标准二", {"预计市值": value, "0.营业收入": revenue}),
        ("标准三", {"预计市值": "50亿元", "0.营业收入": "3亿元", "0.归母净利润": "-1元", "未盈利适用": "是"}),
    ]
    if year == "2026":
        loss = {"0.归母净利润": "-1元"}
        alone += [
            ("标准四高成长", {**loss, "预计市值": "30亿元", "2.营业收入": "2亿元"}),
            ("标准四高研发", {**loss, "预计市值": "40亿元", "0.研发投入": "5亿元"}),
        ]  # fmt: skip
    return capital(whole(made, alone, none, UNKNOWN), "3000万元")


def fourth(made: Plan) -> None:
    # 1亿 × 1.3 × 1.3 = 1.69亿不足2亿；2亿 × 1.69 = 3.38亿
    growth = {"0.营业收入": "3.38亿元", "2.营业收入": "2亿元"}
    made.clause(
        "standard_4a", "标准四高成长",
        [
            edge("预计市值", ">=", "30亿元", growth), edge("0.营业收入", ">=", "2亿元", {"2.营业收入": "1亿元"}),
            edge("0.营业收入", ">=", "3.38亿元", growth), edge("2.营业收入", "<=", "2亿元", growth),
        ],
        cases=[
            Case("前二年没有收入，算不出增长", {**growth, "2.营业收入": "0元"}, FAILS), Case("前二年收入一分钱", {**growth, "2.营业收入": "0.01元"}, MEETS),
        ],
    )  # fmt: skip
    # 4000万 + 3000万 + 3000万 = 1亿；研发占比 15%：1.5亿 ÷ (4亿 + 3亿 + 3亿)
    sums = {**years(研发投入=["4000万元", "3000万元", "3000万元"], 营业收入=["2亿元", "1亿元", "1亿元"])}
    share = {**years(研发投入=["5000万元", "5000万元", "5000万元"], 营业收入=["4亿元", "3亿元", "3亿元"])}
    made.clause(
        "standard_4b", "标准四高研发",
        [
            edge("预计市值", ">=", "40亿元"), edge("0.营业收入", ">=", "2亿元", years(研发投入=["9亿元", "9亿元", "9亿元"])),
            edge("0.研发投入", ">=", "4000万元", sums), edge("1.研发投入", ">=", "3000万元", sums), edge("2.研发投入", ">=", "3000万元", sums),
            edge("0.研发投入", ">=", "5000万元", share), edge("0.营业收入", "<=", "4亿元", share),
            edge("1.营业收入", "<=", "3亿元", share), edge("2.营业收入", "<=", "3亿元", share),
        ],
    )  # fmt: skip


def star() -> Plan:
    made = plan("star_2019", "2025-06-30", "2019-03-01", 国家批准="是", 市场空间大="是", 阶段性成果="是")
    two = {
        "0.归母净利润": "3000万元",
        "0.扣非净利润": "9亿元",
        "1.归母净利润": "2000万元",
        "1.扣非净利润": "9亿元",
    }
    cap = edge("预计市值", ">=", "10亿元")
    # 3000万 + 2000万 = 5000万
    made.clause(
        "standard_1a", "标准一前半",
        [
            cap, *profit(0, ">", "0元"), *profit(1, ">", "0元"),
            edge("0.归母净利润", ">=", "3000万元", two), edge("1.归母净利润", ">=", "2000万元", two),
        ],
    )  # fmt: skip
    made.clause("standard_1b", "标准一后半", [cap, *profit(0, ">", "0元"), edge("0.营业收入", ">=", "1亿元")])
    share = {**years(研发投入=["5000万元", "5000万元", "5000万元"], 营业收入=["4亿元", "3亿元", "3亿元"])}
    made.clause(
        "standard_2", "标准二",
        [
            edge("预计市值", ">=", "15亿元"), edge("0.营业收入", ">=", "2亿元", years(研发投入=["9亿元", "9亿元", "9亿元"])),
            # 5000万 × 3 ÷ (4亿 + 3亿 + 3亿) = 15%
            *[edge(f"{one}.研发投入", ">=", "5000万元", share) for one in range(3)],
            edge("0.营业收入", "<=", "4亿元", share), edge("1.营业收入", "<=", "3亿元", share), edge("2.营业收入", "<=", "3亿元", share),
        ],
    )  # fmt: skip
    flow = years(经营现金流净额=["4000万元", "3000万元", "3000万元"])
    made.clause(
        "standard_3", "标准三",
        [
            edge("预计市值", ">=", "20亿元"), edge("0.营业收入", ">=", "3亿元"),
            # 4000万 + 3000万 + 3000万 = 1亿
            edge("0.经营现金流净额", ">=", "4000万元", flow), edge("1.经营现金流净额", ">=", "3000万元", flow),
            edge("2.经营现金流净额", ">=", "3000万元", flow),
        ],
    )  # fmt: skip
    made.clause("standard_4", "标准四", [edge("预计市值", ">=", "30亿元"), edge("0.营业收入", ">=", "3亿元")])
    made.clause(
        "standard_5",
        "标准五",
        [edge("预计市值", ">=", "40亿元"), *must("国家批准", "市场空间大", "阶段性成果")],
    )
    none = {
        "预计市值": "1亿元", "国家批准": "否", "0.归母净利润": "-1元",
        **years(营业收入=["3亿元", "3亿元", "3亿元"], 研发投入=["0元"] * 3, 经营现金流净额=["0元"] * 3),
    }  # fmt: skip
    alone = [
        ("标准一前半", {"预计市值": "10亿元", "0.归母净利润": "5000万元", "0.营业收入": "9000万元"}),
        ("标准一后半", {"预计市值": "10亿元", "0.归母净利润": "1元", "1.归母净利润": "-1元"}),
        ("标准二", {"预计市值": "15亿元", "0.研发投入": "2亿元"}), ("标准三", {"预计市值": "20亿元", "0.经营现金流净额": "1亿元"}),
        ("标准四", {"预计市值": "30亿元"}), ("标准五", {"预计市值": "40亿元", "国家批准": "是", "0.营业收入": "0元"}),
    ]  # fmt: skip
    return capital(whole(made, alone, none, {**UNKNOWN, "国家批准": ""}), "3000万元")


def bse() -> Plan:
    made = plan("bse_2021", "2025-06-30", "2021-11-15", 新三板层级="创新层", 连续挂牌起始日="2020-01-10")
    made.base = {
        **made.base, "0.加权平均净资产收益率": "12%", "1.加权平均净资产收益率": "12%", "0.净资产": "8亿元",
        "公开发行股数": "2000万个", "发行对象人数": "3000人", "发行后股东人数": "3200人",
    }  # fmt: skip
    cap = edge("预计市值", ">=", "2亿元")
    mean = {"0.加权平均净资产收益率": "9%", "1.加权平均净资产收益率": "7%"}
    made.clause(
        "standard_1a", "标准一前半",
        [
            cap, *profit(0, ">=", "1500万元"), *profit(1, ">=", "1500万元"),
            # (9% + 7%) ÷ 2 = 8%
            edge("0.加权平均净资产收益率", ">=", "9%", mean), edge("1.加权平均净资产收益率", ">=", "7%", mean),
        ],
    )  # fmt: skip
    made.clause(
        "standard_1b",
        "标准一后半",
        [cap, *profit(0, ">=", "2500万元"), edge("0.加权平均净资产收益率", ">=", "8%")],
    )
    # (1.2亿 + 0.8亿) ÷ 2 = 1亿；2亿 × 1.3 = 2.6亿
    sales, growth = (
        {"0.营业收入": "1.2亿元", "1.营业收入": "8000万元"},
        {"0.营业收入": "2.6亿元", "1.营业收入": "2亿元"},
    )
    made.clause(
        "standard_2", "标准二",
        [
            edge("预计市值", ">=", "4亿元"), edge("0.营业收入", ">=", "1.2亿元", sales), edge("1.营业收入", ">=", "8000万元", sales),
            edge("0.营业收入", ">=", "2.6亿元", growth), edge("1.营业收入", "<=", "2亿元", growth), edge("0.经营现金流净额", ">", "0元"),
        ],
        cases=[Case("上年没有收入，算不出增长", {"1.营业收入": "0元"}, FAILS), Case("上年收入一分钱", {"1.营业收入": "0.01元"}, MEETS)],
    )  # fmt: skip
    # (2000万 + 1200万) ÷ (2.5亿 + 1.5亿) = 8%
    share = {**years(研发投入=["2000万元", "1200万元"], 营业收入=["2.5亿元", "1.5亿元"])}
    made.clause(
        "standard_3", "标准三",
        [
            edge("预计市值", ">=", "8亿元"), edge("0.营业收入", ">=", "2亿元"), edge("0.研发投入", ">=", "2000万元", share),
            edge("1.研发投入", ">=", "1200万元", share), edge("0.营业收入", "<=", "2.5亿元", share), edge("1.营业收入", "<=", "1.5亿元", share),
        ],
    )  # fmt: skip
    both = years(研发投入=["3000万元", "2000万元"])
    made.clause(
        "standard_4", "标准四",
        [edge("预计市值", ">=", "15亿元"), edge("0.研发投入", ">=", "3000万元", both), edge("1.研发投入", ">=", "2000万元", both)],
    )  # fmt: skip
    none = {
        "预计市值": "1亿元",
        "0.归母净利润": "2000万元",
        "1.归母净利润": "1000万元",
        **years(营业收入=["3亿元", "3亿元"], 研发投入=["0元", "0元"]),
    }
    alone = [
        ("标准一前半", {"预计市值": "2亿元", "1.归母净利润": "1500万元"}), ("标准一后半", {"预计市值": "2亿元", "0.归母净利润": "2500万元"}),
        ("标准二", {"预计市值": "4亿元", "1.营业收入": "1亿元"}), ("标准三", {"预计市值": "8亿元", "0.研发投入": "4900万元"}),
        ("标准四", {"预计市值": "15亿元", "0.研发投入": "5000万元", "0.营业收入": "0元"}),
    ]  # fmt: skip
    cases = [Case(f"只符合{told}", {**none, **given}, MEETS) for told, given in alone]
    made.clause(
        "any_standard",
        "任一套标准",
        cases=[*cases, Case("一套都不符合", none, FAILS), Case("市值缺", {"预计市值": ""}, LACKS)],
    )
    made.clause(
        "structure", "挂牌和股本",
        [
            Edge("新三板层级", "is", "创新层"), edge("连续挂牌起始日", "<=", "2024-06-30"), edge("0.净资产", ">=", "5000万元"),
            edge("公开发行股数", ">=", "100万个"), edge("发行对象人数", ">=", "100人"), edge("发行后股本总额", ">=", "3000万元"),
            edge("发行后股东人数", ">=", "200人"), edge("公开发行比例", ">=", "25%", {"发行后股本总额": "4亿元"}),
            edge("公开发行比例", ">=", "10%", {"发行后股本总额": "400000000.01元"}), edge("发行后股本总额", ">", "4亿元", {"公开发行比例": "10%"}),
        ],
    )  # fmt: skip
    return made.clause(
        "listing", "合计",
        cases=[
            Case("都符合", {}, MEETS), Case("标准一套都不符合", none, FAILS), Case("股东不足", {"发行后股东人数": "199人"}, FAILS),
            Case("缺市值", {"预计市值": ""}, LACKS), Case("缺股东人数", {"发行后股东人数": ""}, LACKS),
        ],
    )  # fmt: skip


PLANS = [
    main_2006(),
    # 三年合计：1亿 + 3000万 + 2000万 = 1.5亿；1.5亿 + 3000万 + 2000万 = 2亿。收入：8亿 + 1亿 + 1亿 = 10亿；13亿 + 1亿 + 1亿 = 15亿。
    # 标准二现金流：5000万 + 5000万 + 5000万 = 1.5亿；1.5亿 + 5000万 + 5000万 = 2.5亿。
    main_new("2023", "2023-06-30", ("2023-02-17", "2024-04-30"), ("1亿元", "6000万元", "1亿元", "8亿元", "5000万元"), ("80亿元", "8亿元")),
    main_new("2024", "2025-06-30", ("2024-04-30", ""), ("1.5亿元", "1亿元", "2亿元", "13亿元", "1.5亿元"), ("100亿元", "10亿元")),
    # 两年合计：3000万 + 2000万 = 5000万；8000万 + 2000万 = 1亿。
    chinext("2020", "2021-08-30", ("2020-06-12", "2024-04-30"), "3000万元", "0元", ("10亿元", "1亿元")),
    chinext("2024", "2025-06-30", ("2024-04-30", "2026-04-24"), "8000万元", "6000万元", ("15亿元", "4亿元")),
    chinext("2026", "2026-06-30", ("2026-04-24", ""), "8000万元", "6000万元", ("15亿元", "4亿元")),
    star(), bse(),
]  # fmt: skip
