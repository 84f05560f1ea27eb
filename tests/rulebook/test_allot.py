"""``mangrove rulebook allot`` as an officer types it: measures found, dues made, chosen among, paid from pots, told to the fen."""

from __future__ import annotations

from pathlib import Path

import pytest

from mangrove.rulebook.texts.shelves import house

from .portfolios import CITY, PORTFOLIO, WAN, YUAN, Ran, after, cells, firm, project, with_both, write_table


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ran:
    return Ran(tmp_path, capsys)


@pytest.fixture
def both(run: Ran) -> Ran:
    return with_both(run)


class TestShelf:
    """The worked numbers of the facts, section 3, through the command on the shelf's own files."""

    def standards(self, folder: Path) -> None:
        sizes = {f"s{n}": "微型" if n % 2 else "小型" for n in range(5)}
        sizes |= {f"b{n:02}": "中型" if n % 2 else "大型" for n in range(17)}
        write_table(folder, "organisation", [firm(key, 企业规模=size) for key, size in sizes.items()])
        titles = [
            {
                "称号标识": f"t{key}", "称号类别": "高级标准创新型企业", "认定日期": "2024-06-30",
                "获认定单位": key, "称号核定金额": (20 if key == "b16" else 30) * YUAN,
            }
            for key in sizes
        ]  # fmt: skip
        write_table(folder, "title", titles)

    def test_small_and_micro_firms_first_in_full_then_the_rest_by_half(self, run: Ran) -> None:
        """SZ-30: the pot 400; small and micro claim 5 × 30 = 150; the others 16 × 30 + 20 = 500, and get 250."""
        self.standards(run.folder / "data")
        file = str(house() / "portfolios" / "sz_standards_firm_2025.yaml")
        code, out, err = run("allot", file, "--data", "@data", "--on", "2025-06-30", "--csv", "@out.csv")
        assert (code, err) == (0, "")
        assert after(out, "资金池 standards_firm", 2) == ["400万元", "650万元", "400万元", "0", "0"]
        assert "第 2 类按比例核减，系数 50%" in out and "待核" in out
        rows = run.rows()
        step = "sz_standards_firm_2025.standards_firm"
        assert rows["ts0", step] == [str(30 * WAN), str(30 * WAN), "standards_firm", "0", ""]
        assert rows["tb00", step][:4] == [str(30 * WAN), str(15 * WAN), "standards_firm", str(15 * WAN)]
        small = sum(int(row[1]) for (key, _), row in rows.items() if key.startswith("ts"))
        assert (small, sum(int(row[1]) for row in rows.values())) == (150 * WAN, 400 * WAN)

    def test_longgang_cuts_every_grant_to_three_quarters(self, run: Ran) -> None:
        """SZ-36: the budget 900, the claims 700 + 400 + 100 = 1200."""
        grants = {"p1": 700, "p2": 400, "p3": 100}
        write_table(run.folder / "data", "organisation", [firm("o")])
        projects = [project(key, "o", 审定金额=wan * YUAN) for key, wan in grants.items()]
        write_table(run.folder / "data", "support_project", projects)
        file = str(house() / "portfolios" / "longgang_fund_2026.yaml")
        code, out, _err = run("allot", file, "--data", "@data", "--on", "2026-06-30", "--csv", "@out.csv")
        assert code == 0 and "示例值" in out and "全部按比例核减，系数 75%" in out
        paid = {key: int(row[1]) for (key, _), row in run.rows().items()}
        assert paid == {"p1": 525 * WAN, "p2": 300 * WAN, "p3": 75 * WAN}

    def test_every_portfolio_of_the_shelf_reads_and_the_readme_names_it(self, run: Ran) -> None:
        files = sorted((house() / "portfolios").glob("*.yaml"))
        code, out, _err = run("check", *map(str, files))
        assert code == 0 and out.count("读通") == len(files) == 2
        readme = (house() / "portfolios" / "README.md").read_text(encoding="utf-8")
        assert all(f"[{path.stem}]({path.name})" in readme for path in files)


class TestTold:
    def ran(self, run: Ran, *more: str) -> str:
        code, out, err = run("allot", "@both.yaml", "--data", "@data", "--csv", "@out.csv", *more)
        assert (code, err) == (0, "")
        return out

    def test_pots(self, both: Ran) -> None:
        """150: a 60 in full. Then 90 for b 100, c (at most) 100 and e 30, 9/23 of each: whole fen 39130434, 39130434 and
        11739130, and the two fen that are left to the largest remainders, b and c. Of 60 in order p1 50, p2 10."""
        out = self.ran(both)
        assert "第 2 类按比例核减，系数 ≈39.13% (9/23)" in out
        assert "缺数据的 1 件最多 100万元，从额度中预留 391304.35元" in out
        assert "类别不明，排在最后一类：机构 e city.equipment\n" in out
        rows = both.rows()
        cut = "按比例核减，系数 ≈39.13% (9/23)"
        assert rows["a", "city.equipment"] == ["60000000", "60000000", "main", "0", ""]
        assert rows["b", "city.equipment"][:4] == ["100000000", "39130435", "main", "60869565"]
        assert rows["c", "city.equipment"] == ["", "", "main", "", "缺数据；预留 39130435 分"]
        assert rows["e", "city.equipment"][:4] == ["30000000", "11739130", "main", "18260870"]
        assert (
            rows["e", "city.equipment"][4].startswith("类别不明；")
            and cut not in rows["a", "city.equipment"][4]
        )
        assert rows["p1", "city.demo"] == ["50000000", "50000000", "rest", "0", ""]
        assert rows["p2", "city.demo"] == ["50000000", "10000000", "rest", "40000000", "排到时额度不够"]

    def test_one_due_paid_by_two_pots_says_from_which_how_much(self, both: Ran) -> None:
        text = PORTFOLIO.replace(
            "  cut: in_order", "  cut: in_order\n  ties: [{机构: 机构标识, 扶持项目: 扶持项目标识}]"
        )
        (both.folder / "both.yaml").write_text(text, encoding="utf-8")
        self.ran(both)
        row = both.rows()["b", "city.equipment"]
        assert row == [
            "100000000",
            "99130435",
            "main；rest",
            "869565",
            "main 39130435 分、rest 60000000 分；排到时额度不够",
        ]

    def test_what_a_pot_pays_holds_and_keeps_is_the_pot(self, both: Ran) -> None:
        self.ran(both)
        rows = both.rows()
        held = sum(
            int(word)
            for row in rows.values()
            if "预留 " in row[4]
            for word in [row[4].split("预留 ")[1].split()[0]]
        )
        paid = sum(int(row[1]) for row in rows.values() if row[2] and row[1])
        assert paid + held == 210 * WAN

    def test_a_choice_says_who_gave_way_to_what(self, both: Ran) -> None:
        out = self.ran(both)
        assert "选择 once（取最高）" in out
        assert "district.renovation 让位于 city.equipment：1 件，40万元" in out
        row = both.rows()["a", "district.renovation"]
        assert row == [str(40 * WAN), "0", "", str(40 * WAN), "让位于 city.equipment（once）"]

    def test_a_full_quota_pays_nothing_and_is_told(self, both: Ran) -> None:
        assert "名额已满，不付：扶持项目 p3 city.demo" in self.ran(both)
        assert both.rows()["p3", "city.demo"] == ["0", "0", "rest", "0", "名额2个已满"]

    def test_what_no_pot_pays_is_told(self, both: Ran) -> None:
        assert "不归任何资金池，照付 10万元：扶持项目 p4 city.open" in self.ran(both)
        rows = both.rows()
        assert rows["p4", "city.open"] == [str(10 * WAN), str(10 * WAN), "", "0", "不归任何资金池"]
        assert rows["p5", "city.open"] == ["", "", "", "", "缺数据"]
        assert ("p1", "city.open") not in rows  # it fails, so nothing is due

    def test_each_step_adds_up(self, both: Ran) -> None:
        """Due = paid + cut + gave way + open, in fen, from the lines of every due."""
        out = self.ran(both)
        assert cells(out, "city.demo")[1:] == ["3", "100万元", "60万元", "40万元", "0", "0", "0", "0"]
        assert cells(out, "district.renovation")[1:] == ["4", "40万元", "0", "0", "40万元", "0", "0", "0"]
        for row in both.rows().values():
            assert not row[0] or int(row[0]) == int(row[1]) + int(row[3])

    def test_a_draft_stays_marked(self, both: Ran) -> None:
        out = self.ran(both)
        assert "草案，从未施行" in next(line for line in out.splitlines() if "区级措施" in line)
        assert "（草案）" in both("check", "@district.yaml")[1]
        assert "a draft" in both("check", "@district.yaml", "--language", "en")[1]

    def test_in_english(self, both: Ran) -> None:
        out = self.ran(both, "--language", "en")
        assert (
            "Class 2 cut pro rata, factor ≈39.13% (9/23)" in out and "gives way to city.equipment: 1" in out
        )
        assert "a draft, never in force" in out and "No place left under a quota" in out
        head = (both.folder / "out.csv").read_text(encoding="utf-8-sig").splitlines()[0]
        assert head == "thing,key,measure,step,due_fen,paid_fen,pots,removed_fen,note"

    def test_without_a_bound_nothing_is_held(self, both: Ran) -> None:
        text = PORTFOLIO.replace("pays: [city.demo]", "pays: [city.demo, city.open]")
        (both.folder / "both.yaml").write_text(text, encoding="utf-8")
        assert "缺数据又没有上限，未预留：扶持项目 p5 city.open" in self.ran(both)

    def test_what_is_not_decided_is_held_and_told(self, both: Ran) -> None:
        """The renovation of a may come to 80, more than its equipment of 60: both wait, and both are held for."""
        firms = [firm("a", 企业规模="微型", 设备核定金额=60 * YUAN, 改造核定金额="")]
        write_table(both.folder / "data", "organisation", firms)
        write_table(both.folder / "data", "support_project", [project("p1", "a", 得分=1, 已开工="否")])
        out = self.ran(both)
        assert "缺数据，未定：机构 a city.equipment、机构 a district.renovation" in out
        assert cells(out, "city.equipment")[1:] == ["1", "60万元", "0", "0", "0", "60万元", "0", "60万元"]
        row = both.rows()["a", "city.equipment"]
        assert row == ["60000000", "", "main", "", "选择 once 未定；预留 60000000 分"]

    def test_whether_there_is_a_place_may_not_be_known(self, both: Ran) -> None:
        text = CITY.replace("at_most: 2, order", "at_most: 1, per: 项目类别, order")
        (both.folder / "city.yaml").write_text(text, encoding="utf-8")
        out = self.ran(both)
        assert "名额待定，预留：扶持项目 p1 city.demo、扶持项目 p2 city.demo、扶持项目 p3 city.demo" in out
        assert both.rows()["p1", "city.demo"][4] == "名额待定；预留 50000000 分"

    def test_what_ranks_last_for_want_of_a_datum_is_told(self, both: Ran) -> None:
        """Only p4 has an investment, and it has no due: p1 to p3 are ranked by their keys alone."""
        text = CITY.replace("order: [得分 desc]", "order: [项目总投资 desc]")
        (both.folder / "city.yaml").write_text(text, encoding="utf-8")
        pots = PORTFOLIO.replace(
            "cut: in_order", "cut: in_order\n  ties: [{扶持项目: 项目总投资, 机构: 设备核定金额}]"
        )
        (both.folder / "both.yaml").write_text(pots, encoding="utf-8")
        out = self.ran(both)
        three = "扶持项目 p1 city.demo、扶持项目 p2 city.demo、扶持项目 p3 city.demo"
        assert f"排序的数缺，排在最后：{three}" in out and "  排序的数缺，排在最后：扶持项目 p1" in out
        assert "排序的数缺，排在最后" in both.rows()["p1", "city.demo"][4]
        assert "what ranks them is not known" in self.ran(both, "--language", "en")

    def test_what_is_due_now_and_may_rise_is_told(self, both: Ran) -> None:
        """A total that skips what is not known pays p4's 10 now; p5, of the same firm, may bring more."""
        total = "- {total: [open], id: sum_open, for: 机构, article: 四, text: 合计, unknown: skip, cap: 90万元}\n"
        text = CITY.replace("quotas:", f"{total}quotas:")
        (both.folder / "city.yaml").write_text(text, encoding="utf-8")
        assert "数据补齐后可能再增，未预留：机构 c city.sum_open" in self.ran(both)
        assert both.rows()["c", "city.sum_open"][4].startswith("数据补齐后可能再增")

    def test_below_the_minimum_and_a_shortage(self, both: Ran) -> None:
        text = PORTFOLIO.replace("  cut: pro_rata", "  cut: pro_rata\n  minimum: 40万元").replace(
            "in_order", "none"
        )
        (both.folder / "both.yaml").write_text(text, encoding="utf-8")
        out = self.ran(both)
        assert "不到最低额 40万元，不付：机构 e city.equipment" in out and "缺口" in out
