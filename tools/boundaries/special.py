"""Thresholds of STAR attributes, ChiNext positioning, special issuers, issue conditions and bonds (facts §2.2, §3, §4)."""

from __future__ import annotations

from listing import plan as board
from plan import FAILS, LACKS, MEETS, Case, Edge, Plan, edge, must, profit, years

#: Growth of two intervals: 1亿 × 1.2 × 1.2 = 1.44亿; × 1.25² = 1.5625亿; × 1.3² = 1.69亿; 5亿 ÷ 1.1² needs whole fen: 6.05亿 ÷ 1.21 = 5亿.
GROWN = {"20%": "1.44亿元", "25%": "1.5625亿元", "30%": "1.69亿元"}


def growth(rate: str, **given: str) -> list[Edge]:
    small = {"0.营业收入": GROWN[rate], "1.营业收入": "1亿元", "2.营业收入": "1亿元", **given}
    return [edge("0.营业收入", ">=", GROWN[rate], small), edge("2.营业收入", "<=", "1亿元", small)]


def attributes(year: str, day: str, window: tuple[str, str], rate: str, total: str, patents: str) -> Plan:
    """``total``: R&D of the last year where three years make the sum, with 2000万 in each year before."""
    made = board(
        f"star_attributes_{year}", day, *window, 软件企业="否", 主业发明专利数="60", 按标准五申报="否",
        核心技术国际领先="否", 国家科技奖主要参与="否", 牵头国家重大科技项目="否", 关键产品进口替代="否",
        **{"0.研发人员": "300人", "0.职工总数": "1000人"},
    )  # fmt: skip
    # 5%：(2000万 + 1500万 + 1500万) ÷ (4亿 + 3亿 + 3亿)，累计5000万达不到总额
    share = {**years(研发投入=["2000万元", "1500万元", "1500万元"], 营业收入=["4亿元", "3亿元", "3亿元"])}
    sums = {**years(研发投入=[total, "2000万元", "2000万元"], 营业收入=["90亿元", "90亿元", "90亿元"])}
    edges = [
        edge("0.研发投入", ">=", "2000万元", share), edge("1.研发投入", ">=", "1500万元", share), edge("2.研发投入", ">=", "1500万元", share),
        edge("0.营业收入", "<=", "4亿元", share), edge("1.营业收入", "<=", "3亿元", share), edge("2.营业收入", "<=", "3亿元", share),
        edge("0.研发投入", ">=", total, sums), edge("1.研发投入", ">=", "2000万元", sums), edge("2.研发投入", ">=", "2000万元", sums),
    ]  # fmt: skip
    software: list[Case] = []
    missing: list[tuple[str, dict[str, str]]] = []
    if year == "2024":
        # 软件 10%：(4000万 + 3000万 + 3000万) ÷ 10亿，超过8000万也不能替代
        soft = {**share, "软件企业": "是", **years(研发投入=["4000万元", "3000万元", "3000万元"])}
        edges += [edge("0.研发投入", ">=", "4000万元", soft), edge("0.营业收入", "<=", "4亿元", soft)]
        software = [
            Case(
                "软件企业研发8亿元占9%",
                {
                    "软件企业": "是",
                    **years(研发投入=["8.1亿元", "0元", "0元"], 营业收入=["90亿元", "0元", "0元"]),
                },
                FAILS,
            )
        ]
        missing = [("软件企业", share)]
    made.clause("research", "研发投入", edges, missing, software)
    if year != "2020":
        staff = {"0.研发人员": "100人", "0.职工总数": "1000人"}
        made.clause(
            "people",
            "研发人员",
            [edge("0.研发人员", ">=", "100人", staff), edge("0.职工总数", "<=", "1000人", staff)],
        )
    own = (
        [Case("软件企业不要求专利", {"软件企业": "是", "主业发明专利数": "0"}, MEETS)]
        if year == "2024"
        else []
    )
    few = [("软件企业", {"主业发明专利数": "0"})] if year == "2024" else []
    made.clause("patents", "发明专利", [edge("主业发明专利数", ">=", patents)], few, own)
    slow = {**years(营业收入=["2.9亿元", "2.9亿元", "2.9亿元"])}
    exempt = [
        Case("按标准五申报", {**slow, "按标准五申报": "是"}, MEETS),
        Case("境外已上市红筹", {**slow, "发行人类型": "境外已上市红筹企业"}, MEETS),
    ]
    made.clause(
        "growth", "成长性", [*growth(rate), edge("0.营业收入", ">=", "3亿元", {**slow})],
        [("按标准五申报", slow), ("发行人类型", slow)] if year == "2024" else [],
        [Case("前二年没有收入", {**slow, "2.营业收入": "0元"}, FAILS), Case("前二年收入一分钱", {**slow, "2.营业收入": "0.01元"}, MEETS), *(exempt if year == "2024" else [])],
    )  # fmt: skip
    bad = {"主业发明专利数": "1"}
    if year == "2024":
        alone = must(
            "核心技术国际领先", "国家科技奖主要参与", "牵头国家重大科技项目", "关键产品进口替代", given=bad
        )
        made.clause("exception", "例外五条", [*alone, edge("主业发明专利数", ">=", "50")])
    cases = [
        Case("都符合", {}, MEETS),
        Case("专利不足", bad, FAILS),
        Case("专利缺", {"主业发明专利数": ""}, LACKS),
    ]
    cases += [
        Case("成长性不符合", {**slow, "主业发明专利数": "9"}, FAILS),
        Case("研发不符合", {**years(研发投入=["0元", "0元", "0元"]), "主业发明专利数": "9"}, FAILS),
    ]
    if year != "2020":
        cases.append(Case("研发人员不足", {"0.研发人员": "1人", "主业发明专利数": "9"}, FAILS))
    if year == "2024":
        cases.append(Case("指标不符合，有例外", {**bad, "关键产品进口替代": "是"}, MEETS))
    return made.clause("attributes", "合计", cases=cases)


def position(year: str, day: str, window: tuple[str, str], rate: str) -> Plan:
    made = board(f"chinext_position_{year}", day, *window, 属于三类领域="是", 属于负面清单="否")
    # 研发 1000万 × 1.15 × 1.15 = 1322.5万；收入都低于3亿，不豁免
    slow = years(营业收入=["2.9亿元", "1亿元", "1亿元"])
    research = {**slow, **years(研发投入=["1322.5万元", "1100万元", "1000万元"])}
    exempt = [("发行人类型", {**slow, "2.营业收入": "2.8亿元"})]
    passed = [
        Case("收入3亿元，不看增长", years(营业收入=["3亿元", "3亿元", "3亿元"]), MEETS),
        Case("境外已上市红筹，不看增长", {**slow, "2.营业收入": "2.8亿元", "发行人类型": "境外已上市红筹企业"}, MEETS),
        Case("收入略少于3亿元又没有增长", years(营业收入=["299999999.99元", "2亿元", "2.9亿元"]), FAILS),
        Case("前二年没有收入", years(营业收入=["2亿元", "0元", "0元"]), FAILS),
        Case("前二年收入一分钱", years(营业收入=["2亿元", "0元", "0.01元"]), MEETS),
    ]  # fmt: skip
    made.clause(
        "research_growth", "指标一",
        [
            edge("0.研发投入", ">=", "1322.5万元", research), edge("2.研发投入", "<=", "1000万元", research),
            edge("0.研发投入", ">=", "1000万元", {"2.研发投入": "1元"}), edge("2.研发投入", ">", "0元"), *growth(rate),
        ],
        exempt, passed,
    )  # fmt: skip
    sums = years(研发投入=["2000万元", "2000万元", "1000万元"])
    made.clause(
        "research_sum", "指标二",
        # 2000万 + 2000万 + 1000万 = 5000万
        [
            edge("0.研发投入", ">=", "2000万元", sums), edge("1.研发投入", ">=", "2000万元", sums), edge("2.研发投入", ">=", "1000万元", sums),
            *growth(rate),
        ],
        exempt, passed,
    )  # fmt: skip
    made.clause("field_growth", "指标三", [*must("属于三类领域"), *growth("30%")], exempt, passed)
    no_growth = {"属于三类领域": "否", **years(研发投入=["1000万元", "1000万元", "1000万元"])}
    return made.clause(
        "position", "合计", must("-属于负面清单"),
        cases=[
            Case("只符合指标一", {**no_growth, "2.研发投入": "500万元"}, MEETS), Case("只符合指标二", {**no_growth, "1.研发投入": "3000万元"}, MEETS),
            Case("只符合指标三", {**no_growth, "属于三类领域": "是"}, MEETS), Case("一项都不符合", no_growth, FAILS),
            Case("研发投入缺", {"属于三类领域": "否", "0.研发投入": ""}, LACKS),
        ],
    )  # fmt: skip


def fast(made: Plan) -> Plan:
    """6.05亿 ÷ 1.1² = 5亿; 1.44亿 ÷ 1.2² = 1亿; just below 5亿 the lower rate no longer does."""
    made.base = {**made.base, "国际领先技术": "是", "下行期高于同行": "否"}
    large, little = (
        {"0.营业收入": "6.05亿元", "2.营业收入": "5亿元"},
        {"0.营业收入": "1.44亿元", "2.营业收入": "1亿元"},
    )
    return made.clause(
        "fast_growth", "收入快速增长",
        [
            edge("0.营业收入", ">=", "6.05亿元", large), edge("2.营业收入", "<=", "5亿元", large),
            edge("0.营业收入", ">=", "1.44亿元", little), edge("2.营业收入", "<=", "1亿元", little),
            edge("0.营业收入", ">=", "5亿元", {"2.营业收入": "4亿元"}), *must("下行期高于同行", given={"2.营业收入": "30亿元"}),
        ],
        cases=[Case("前二年没有收入", {"2.营业收入": "0元"}, FAILS), Case("前二年收入一分钱", {"2.营业收入": "0.01元"}, MEETS)],
    )  # fmt: skip


def listed(made: Plan) -> Plan:
    red = {"发行人类型": "境外已上市红筹企业"}
    return made.clause(
        "red_listed", "境外已上市红筹",
        [
            Edge("发行人类型", "is", "境外已上市红筹企业"), edge("预计市值", ">=", "2000亿元", {"国际领先技术": "否"}),
            edge("预计市值", ">=", "200亿元"), *must("国际领先技术"),
        ],
        given={**red, "预计市值": "300亿元"},
    )  # fmt: skip


def special(path: str, day: str, window: tuple[str, str], profits: bool, abroad: bool) -> Plan:
    made = fast(board(path, day, *window))
    if abroad:
        listed(made)
    earning = profit(0, ">", "0元") if profits else []
    sale = {"预计市值": "60亿元"}
    made.clause(
        "red_unlisted", "未上市红筹",
        [
            Edge("发行人类型", "is", "未上市红筹企业"), *must("国际领先技术"), *earning, edge("预计市值", ">=", "100亿元", {"0.营业收入": "4亿元", "2.营业收入": "1亿元"}),
            edge("预计市值", ">=", "50亿元"), edge("0.营业收入", ">=", "5亿元", {**sale, "2.营业收入": "1亿元"}),
        ],
        cases=[Case("收入没有快速增长", {"2.营业收入": "30亿元"}, FAILS), Case("前二年收入缺", {"2.营业收入": ""}, LACKS)],
        given={"发行人类型": "未上市红筹企业"},
    )  # fmt: skip
    return made.clause(
        "weighted", "表决权差异",
        [
            Edge("发行人类型", "is", "表决权差异企业"), *earning, edge("预计市值", ">=", "100亿元", {"0.营业收入": "4亿元"}),
            edge("预计市值", ">=", "50亿元"), edge("0.营业收入", ">=", "5亿元", sale),
        ],
        given={"发行人类型": "表决权差异企业"},
    )  # fmt: skip


def main_special() -> Plan:
    made = listed(fast(board("main_special_2024", "2025-06-30", "2024-04-30")))
    first, second = {"国际领先技术": "否"}, {"0.营业收入": "4亿元", "2.营业收入": "1亿元"}
    made.clause(
        "red_unlisted", "未上市红筹",
        [
            Edge("发行人类型", "is", "未上市红筹企业"), edge("预计市值", ">=", "200亿元", first), edge("0.营业收入", ">=", "30亿元", first),
            edge("预计市值", ">=", "100亿元", second), *must("国际领先技术", given=second),
            edge("预计市值", ">=", "50亿元", {"0.营业收入": "20亿元", "2.营业收入": "9亿元"}), edge("0.营业收入", ">=", "5亿元", {"预计市值": "60亿元", "2.营业收入": "1亿元"}),
        ],
        cases=[Case("收入没有快速增长", {**second, "2.营业收入": "3.9亿元"}, FAILS), Case("前二年收入缺", {**second, "2.营业收入": ""}, LACKS)],
        given={"发行人类型": "未上市红筹企业"},
    )  # fmt: skip
    return made.clause(
        "weighted", "表决权差异",
        [
            Edge("发行人类型", "is", "表决权差异企业"), *profit(0, ">", "0元"), edge("预计市值", ">=", "200亿元", {"0.营业收入": "4亿元"}),
            edge("预计市值", ">=", "100亿元"), edge("0.营业收入", ">=", "10亿元", {"预计市值": "150亿元"}),
        ],
        given={"发行人类型": "表决权差异企业"},
    )  # fmt: skip


BOARD = Edge("目标板块", "is", "主板")
MAINLAND = [Case("北交所不用本条", {"目标板块": "北交所"}, FAILS)]
AUDITED = years(审计意见=["标准无保留意见"] * 3)


def issue() -> Plan:
    made = board(
        "issue_conditions_2023", "2025-06-30", "2023-02-17", 目标板块="主板", 成立日期="2015-01-01", 内控鉴证无保留="是",
        主业和董事高管稳定起始日="2018-01-01", 实际控制人起始日="2018-01-01", 核心技术人员稳定起始日="2018-01-01", 新三板层级="创新层",
        连续挂牌起始日="2022-01-01", 资产业务独立="是", 股权清晰="是", 三年无犯罪和重大违法="是", 一年内受证监会处罚="否", 组织机构健全并持续经营="是",
        **AUDITED,
    )  # fmt: skip
    audits = [Edge(f"{one}.审计意见", "is", "标准无保留意见") for one in range(3)]
    # 2025-06-30 往前整三年是 2022-06-30，整两年是 2023-06-30
    made.clause("operating", "持续经营", [edge("成立日期", "<=", "2022-06-30")], ["目标板块"], MAINLAND)
    made.clause("accounts", "审计和内控", [*audits, *must("内控鉴证无保留")], ["目标板块"], MAINLAND)
    star, chinext = {"目标板块": "科创板"}, {"目标板块": "创业板"}
    stable = ["主业和董事高管稳定起始日", "实际控制人起始日"]
    made.clause(
        "stability", "独立和稳定",
        [
            *must("资产业务独立", "股权清晰"), *[edge(one, "<=", "2022-06-30") for one in stable],
            *[edge(one, "<=", "2023-06-30", chinext) for one in stable], edge("核心技术人员稳定起始日", "<=", "2023-06-30", star),
        ],
        ["目标板块"], [*MAINLAND, Case("创业板不看核心技术人员", {**chinext, "核心技术人员稳定起始日": "2025-01-01"}, MEETS)],
    )  # fmt: skip
    made.clause("conduct", "无违法", must("三年无犯罪和重大违法"), ["目标板块"], MAINLAND)
    made.clause("statute", "证券法", [*must("组织机构健全并持续经营", "三年无犯罪和重大违法"), *audits])
    made.clause(
        "bse", "北交所",
        [
            Edge("目标板块", "is", "北交所"), Edge("新三板层级", "is", "创新层"), edge("连续挂牌起始日", "<=", "2024-06-30"), *audits,
            *must("三年无犯罪和重大违法", "-一年内受证监会处罚"),
        ],
        given={"目标板块": "北交所"},
    )  # fmt: skip
    bse = {"目标板块": "北交所", "成立日期": ""}
    return made.clause(
        "issue", "合计",
        cases=[
            Case("主板都符合", {}, MEETS), Case("北交所都符合，不看成立日期", bse, MEETS), Case("主板经营不满三年", {"成立日期": "2023-01-01"}, FAILS),
            Case("北交所未到创新层", {**bse, "新三板层级": "基础层"}, FAILS), Case("法定条件不符合", {"组织机构健全并持续经营": "否"}, FAILS),
            Case("成立日期缺", {"成立日期": ""}, LACKS), Case("板块未定", {"目标板块": ""}, LACKS),
        ],
    )  # fmt: skip


BOND = {
    "拟发行金额": "10亿元", "预计票面利率": "3%", "累计债券余额": "10亿元", "违约或迟延仍在继续": "否", "改变募集资金用途": "否",
    "用于弥补亏损或非生产性支出": "否", "近三年有违约或迟延": "否", "近36个月公开发债次数": "5次", "近36个月公开发债金额": "200亿元", "已上市板块": "主板",
    "组织机构健全": "是", "债务结构合理现金流正常": "是", "0.净资产": "300亿元",
    **years(可分配利润=["9亿元"] * 3, 归母净利润=["9亿元"] * 3, 加权平均净资产收益率=["10%"] * 3),
}  # fmt: skip


def bonds() -> list[Plan]:
    # 10亿 × 3% = 3000万；(4000万 + 3000万 + 2000万) ÷ 3 = 3000万；普通投资者 × 1.5 = 4500万 = (6000万 + 4500万 + 3000万) ÷ 3
    one, more = ["4000万元", "3000万元", "2000万元"], ["6000万元", "4500万元", "3000万元"]

    def interest(values: list[str]) -> list[Edge]:
        given = years(可分配利润=values)
        found = [edge(f"{year}.可分配利润", ">=", value, given) for year, value in enumerate(values)]
        return [*found, edge("拟发行金额", "<=", "10亿元", given), edge("预计票面利率", "<=", "3%", given)]

    law = Plan("listing/bond_law_2020", "发债测算", ("测算日期", "2025-06-30"), ("2020-03-01", ""), BOND)
    law.clause("interest", "利息", interest(one)).clause(
        "proceeds", "用途", must("-用于弥补亏损或非生产性支出")
    )
    law.clause("no_bar", "再次发行", must("-违约或迟延仍在继续", "-改变募集资金用途"))
    poor = years(可分配利润=["0元", "0元", "0元"])
    law.clause(
        "bond", "合计", must("组织机构健全"),
        cases=[
            Case("付不起一年利息", poor, FAILS), Case("用途不符合", {"用于弥补亏损或非生产性支出": "是"}, FAILS),
            Case("有违约", {"违约或迟延仍在继续": "是"}, FAILS), Case("利润缺一年", {"1.可分配利润": ""}, LACKS), Case("用途未定", {"用于弥补亏损或非生产性支出": ""}, LACKS),
            Case("违约情况不明", {"违约或迟延仍在继续": ""}, LACKS),
        ],
    )  # fmt: skip
    retail = Plan(
        "listing/bond_retail_2023", "发债测算", ("测算日期", "2025-06-30"), ("2023-10-20", ""), BOND
    )
    retail.clause("structure", "债务结构", must("债务结构合理现金流正常")).clause(
        "retail", "普通投资者",
        [
            *interest(more), *must("-近三年有违约或迟延", "债务结构合理现金流正常"), edge("0.净资产", ">=", "250亿元"),
            edge("近36个月公开发债次数", ">=", "3次"), edge("近36个月公开发债金额", ">=", "100亿元"),
        ],
    )  # fmt: skip
    convertible = Plan(
        "listing/bond_convertible_2023", "发债测算", ("测算日期", "2025-06-30"), ("2023-02-17", ""), BOND
    )
    mean = years(加权平均净资产收益率=["7%", "6%", "5%"])  # (7% + 6% + 5%) ÷ 3 = 6%
    star = {"已上市板块": "科创板", "0.加权平均净资产收益率": "", "0.归母净利润": "-1元"}
    convertible.clause("structure", "债务结构", must("债务结构合理现金流正常")).clause(
        "convertible", "可转债条件",
        [
            *interest(one), *must("债务结构合理现金流正常"), *[edge(f"{year}.归母净利润", ">", "0元") for year in range(3)],
            *[edge(f"{year}.加权平均净资产收益率", ">=", value, mean) for year, value in enumerate(["7%", "6%", "5%"])],
        ],
        ["已上市板块"], [Case("科创板不看盈利和收益率", star, MEETS), Case("北交所不在此列", {"已上市板块": "北交所"}, FAILS)],
    ).clause(
        "convertible_size", "规模",  # 20亿 × 50% = 10亿
        [edge("累计债券余额", "<=", "10亿元", {"0.净资产": "20亿元"}), edge("0.净资产", ">=", "20亿元")],
    ).clause(
        "convertible_bond", "合计",
        cases=[
            Case("都符合", {}, MEETS), Case("规模超过", {"累计债券余额": "151亿元"}, FAILS), Case("条件不符合", {"债务结构合理现金流正常": "否"}, FAILS),
            Case("净资产缺", {"0.净资产": ""}, LACKS), Case("判断未做", {"债务结构合理现金流正常": ""}, LACKS),
        ],
    )  # fmt: skip
    return [law, retail, convertible]


PLANS = [
    # 2000万 × 3 = 6000万；4000万 + 2000万 + 2000万 = 8000万
    attributes("2020", "2020-08-30", ("2020-03-20", "2021-04-16"), "20%", "2000万元", "5"),
    attributes("2021", "2021-08-30", ("2021-04-16", "2024-04-30"), "20%", "2000万元", "5"),
    attributes("2024", "2025-06-30", ("2024-04-30", ""), "25%", "4000万元", "7"),
    position("2022", "2023-06-30", ("2022-12-30", "2024-04-30"), "20%"),
    position("2024", "2025-06-30", ("2024-04-30", ""), "25%"),
    main_special(),
    special("chinext_special_2020", "2021-08-30", ("2020-06-12", "2026-04-24"), profits=True, abroad=False),
    special("chinext_special_2026", "2026-06-30", ("2026-04-24", ""), profits=False, abroad=False),
    special("star_special_2019", "2025-06-30", ("2019-03-01", ""), profits=False, abroad=True),
    issue(), *bonds(),
]  # fmt: skip
