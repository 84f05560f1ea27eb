"""``mangrove rulebook whatif`` and ``diff`` as an officer types them, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rulebook.simulate.test_scenario import PEOPLE
from tests.rulebook.simulate.worlds import MEASURE, write_data

from mangrove.cli import main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "m.yaml").write_text(MEASURE, encoding="utf-8")
    draft = (
        MEASURE.replace("门槛: 300万元", "门槛: 500万元")
        .replace("再给5万元", "再给8万元")
        .replace("amount: 5万元", "amount: 8万元")
    )
    (tmp_path / "draft.yaml").write_text(draft, encoding="utf-8")
    write_data(PEOPLE, tmp_path / "data")
    return tmp_path


class Ran:
    """Runs ``mangrove rulebook`` in a folder and keeps what it said."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys

    def __call__(self, act: str, *words: str) -> tuple[int, str, str]:
        code = main(["rulebook", act, *(word.replace("@", f"{self.folder}/") for word in words)])
        said = self.capsys.readouterr()
        return code, said.out, said.err


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Ran:
    return Ran(folder, capsys)


def row(out: str, head: str) -> list[str]:
    return next(line.split() for line in out.splitlines() if line.split()[:1] == [head])


def test_what_if_in_chinese(run: Ran) -> None:
    code, out, _err = run(
        "whatif", "@m.yaml", "--data", "@data", "--set", "bonus.amount=6万元", "--by", "所在区"
    )
    assert code == 0
    assert row(out, "bonus.amount") == ["bonus.amount", "5万元", "→", "6万元"]
    assert row(out, "bonus") == ["bonus", "第二条", "15万元", "18万元", "+3万元", "3", "3", "3", "0"]
    assert row(out, "示范项目")[:7] == ["示范项目", "3", "0", "3", "0", "3万元", "0"]
    assert "按所在区" in out and "依次改动" not in out


def test_what_if_in_english(run: Ran) -> None:
    words = ("--set", "bonus.amount=6万元", "--set", "门槛=500万元", "--language", "en")
    code, out, _err = run("whatif", "@m.yaml", "--data", "@data", *words)
    assert code == 0
    assert row(out, "bonus.amount") == ["bonus.amount", "50,000", "yuan", "→", "60,000", "yuan"]
    assert "One change after another" in out and "Who gains and who loses" in out


def test_columns_stand_under_each_other(run: Ran) -> None:
    """A Chinese sign takes two columns: every line of a table ends in the same one."""
    from mangrove.rulebook.simulate.telling import width

    _code, out, _err = run("whatif", "@m.yaml", "--data", "@data", "--set", "bonus.amount=6万元")
    lines = out.splitlines()
    table = lines[lines.index("条款") + 1 : lines.index("增减的对象")]
    assert len({width(line) for line in table}) == 1


def test_take_up_and_a_pot(run: Ran) -> None:
    words = ("--take-up", "50%", "--take-up", "缺数据=0%", "--pot", "100万元")
    code, out, _err = run("whatif", "@m.yaml", "--data", "@data", "--order-by", "开通日", *words)
    assert code == 1 and out == ""
    code, out, _err = run("whatif", "@m.yaml", "--data", "@data", *words[:4])
    assert code == 0 and "参与率（假设）" in out and "50%" in out


def test_a_pot_by_date(run: Ran, tmp_path: Path) -> None:
    from tests.rulebook.simulate.test_takeup import CLAIMS, stations

    (tmp_path / "c.yaml").write_text(CLAIMS, encoding="utf-8")
    write_data(stations((1, 2_000_000), (2, 2_000_000), (0, 100)), tmp_path / "claims")
    words = ("whatif", "@c.yaml", "--data", "@claims", "--pot", "1.5万元", "--order-by", "开通日期")
    _code, out, _err = run(*words)
    assert "额度 1.5万元 到 2022-01-02 用完：已付 1 笔，余 5000元；第一笔付不足的是基站 s1（1万元）" in out
    assert "另有 1 笔没有日期（50分）" in out or "另有 1 笔没有日期（0.5元）" in out
    _code, out, _err = run(*words, "--language", "en")
    assert "runs dry on 2022-01-02: 1 claims paid, 5,000 yuan left" in out
    _code, out, _err = run(*words, "--take-up", "50%")
    assert "够用，余 4999.5元" in out or "够用" in out


def test_a_curve_is_csv(run: Ran) -> None:
    code, out, _err = run("whatif", "@m.yaml", "--data", "@data", "--curve", "bonus.amount=0万元..10万元/2")
    assert code == 0
    lines = [line.split(",") for line in out.splitlines()]
    assert lines[0] == ["bonus.amount", "金额_分", "受益"]
    fen = [int(line[1]) for line in lines[1:]]
    assert [line[0] for line in lines[1:]] == ["0", "5万元", "10万元"] and fen[2] - fen[1] == fen[1] - fen[
        0
    ] == 15_000_000


def test_saved_and_replayed(run: Ran, folder: Path) -> None:
    asked = (
        "whatif",
        "@m.yaml",
        "--data",
        "@data",
        "--set",
        "门槛=500万元",
        "--on",
        "2022-12-31",
        "--save",
        "@s.yaml",
    )
    assert run(*asked)[0] == 0
    code, out, _err = run("whatif", "--replay", "@s.yaml")
    assert code == 0 and "逐位相同" in out
    code, out, _err = run("whatif", "--replay", "@s.yaml", "--language", "en")
    assert code == 0 and "the same to the last bit" in out
    text = (folder / "m.yaml").read_text(encoding="utf-8")
    (folder / "m.yaml").write_text(text.replace("amount: 5万元", "amount: 8万元"), encoding="utf-8")
    code, out, _err = run("whatif", "--replay", "@s.yaml")
    assert code == 1 and "结果变了" in out and "数“bonus.amount”变了：5000000 → 8000000" in out
    code, out, _err = run("whatif", "--replay", "@s.yaml", "--language", "en")
    assert code == 1 and "The text of the measure has changed." in out


def test_a_draft_in_words(run: Ran) -> None:
    code, out, _err = run("diff", "@m.yaml", "@draft.yaml")
    assert code == 0
    assert "text: 2021年度认定的再给[-5-]{+8+}万元" in out
    assert row(out, "门槛") == ["门槛", "300万元", "→", "500万元"]
    assert "合计" not in out
    assert "changed  bonus" in run("diff", "@m.yaml", "@draft.yaml", "--language", "en")[1]


def test_a_draft_in_money(run: Ran) -> None:
    code, out, _err = run("diff", "@m.yaml", "@draft.yaml", "--data", "@data", "--by", "申报单位.类别")
    assert code == 0
    assert "按申报单位.类别" in out and "运营商" in out
    steps = [line.split()[0] for line in out[out.index("依次改动") :].splitlines()[1:]]
    assert steps == ["现在", "门槛", "bonus.amount"]
    assert "In all" in run("diff", "@m.yaml", "@draft.yaml", "--data", "@data", "--language", "en")[1]


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (("--set", "门坎=5元"), "是否想写“门槛”", "did you mean “门槛”"),
        (("--set", "门槛=5%"), "应为写定的金额", "is wanted here"),
        (("--by", "所在曲"), "是否想写“所在区”", "did you mean “所在区”"),
        (("--on", "去年"), "不是日期", "is not a date"),
        (("--take-up", "150%"), "不在 0 与 1 之间", "between 0 and 1"),
        (("--take-up", "火星=50%", "--by", "所在区"), "没有组“火星”", "No group"),
        (("--curve", "门槛=5元"), "低..高/段数", "low..high/steps"),
        (("--pot", "5%", "--order-by", "开通日期"), "应为写定的金额", "is wanted here"),
    ],
)
def test_refusals_in_both_languages(run: Ran, words: tuple[str, ...], zh: str, en: str) -> None:
    asked = ("whatif", "@m.yaml", "--data", "@data", *words)
    code, out, err = run(*asked)
    assert (code, out) == (1, "") and zh in err
    code, out, err = run(*asked, "--language", "en")
    assert (code, out) == (1, "") and en in err


def test_without_data(run: Ran) -> None:
    code, _out, err = run("whatif", "@m.yaml")
    assert code == 1 and "--data" in err
