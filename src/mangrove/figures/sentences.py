"""What the engines of this room and the vocabulary say in Chinese, for the catalogue; pages say it by ``in_words``.

The engines keep to Chinese because their words are kept with filed letters and difference reports.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from mangrove.ui.languages import make_known

VERDICTS = (
    _("一致"), _("在“超·约·近”之内"), _("截断未四舍五入"), _("不一致"), _("无此指标"), _("无数字表述"),
    _("已核"), _("待核"), _("分子"), _("分母"), _("佐证"),
)  # fmt: skip
REASONS = (
    _("按所印位数四舍五入后相同。"),
    _("所印数字是直接截断的，没有四舍五入。"),
    _("与指标数值不同。"),
    _("“%(said)s”成立，且相差不到所印末位的一个单位。"),
    _("指标数值恰为此数，“%(said)s”不成立。"),
    _("不在“%(said)s”之内，或相差超过所印末位的一个单位。"),
    _("来源的数字带“%(bound)s”，此处写成“%(said)s”。"),
    _("来源的数字带“%(bound)s”，此处写成了确数。"),
    _("与来源相同，都带“%(said)s”的意思。"),
    _("来源的数字更细，“%(said)s”成立。"),
    _("与来源的数字不同。"),
    _("没有哪个指标的名称和单位与此数相符，请补立指标或删去此数。"),
    _("此指标还没有数值。"),
    _("指标最近的时点是%(period)s。"),
    _("此指标没有%(period)s的数值。"),
    _("没有登记来源；请补来源，或改为有数字的表述。"),
)
CHANGES = (
    _("口径的显示方式改了。"),
    _("已有新时点的数值：%(now)s（原为%(was)s）。"),
    _("改用来源“%(now)s”（原为“%(was)s”）。"),
    _("同一来源有了第%(now)s次修订（原为第%(was)s次）。"),
    _("数值由%(was)s改为%(now)s，按此印法文字不变。"),
    _("数值由%(was)s改为%(now)s。"),
)
#: Periods as the engines write them.
PERIODS = (_("%(year)s年"), _("%(year)s年%(month)s月"), _("%(first)s至%(last)s"))
#: Refusals of the vocabulary, which knows no languages but its own.
VOCABULARY = (
    _("，是否想写“%(word)s”？"),
    _("没有单位“%(word)s”，是否想写“%(near)s”？"),
    _("没有单位“%(word)s”。"),
    _("没有限定词“%(word)s”，是否想写“%(near)s”？"),
    _("没有限定词“%(word)s”。"),
    _("不能把“%(source)s”换算成“%(target)s”：前者是%(one)s，后者是%(other)s。"),
    _("“%(text)s”不是数。"),
    _("“%(text)s”中没有数。"),
    _("“%(text)s”是中文数字，请用阿拉伯数字，如 300万元。"),
    _("“%(text)s”有两个限定词：“%(one)s”与“%(other)s”。"),
    _("数字前的“%(word)s”不是限定词。"),
    _("“%(text)s”不是时点：请写成 2020、2020-08 或 2021-08-30。"),
)
#: Dimensions of units, as they are named in such a refusal.
DIMENSIONS = (
    _("计数"), _("金额"), _("比重"), _("面积"), _("长度"), _("时间"), _("年份"), _("人口"), _("电量"), _("电价"), _("速率"),
    _("时延"),
)  # fmt: skip

make_known(*REASONS, *CHANGES, *PERIODS, *VOCABULARY)
