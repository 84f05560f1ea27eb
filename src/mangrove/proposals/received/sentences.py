"""What reading a letter says in Chinese: doubts, reasons, verdicts, and why a file could not be read.

All of it is kept with the letter as it was said; pages say it in the reader's language by ``in_words``.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from mangrove.ui.languages import make_known

WORDS = (
    _("列举未尽"),
    _("列举已尽"),
    _("未说明"),
    _("经办人填写"),
    _("标题"),
    _("主送"),
    _("署名"),
    _("成文日期"),
)
CLAIMS = (
    _("名次要有排名的来源、范围和时点"),
    _("地位要有指标和来源"),
    _("无法核对的最高级"),
    _("最高级要有比较的范围和数据"),
    _("要有查新的依据"),
    _("评价要有出处"),
    _("评价要有出处：谁、何时、在哪里说的"),
    _("首创要有可查的先后"),
)
VAGUE = (
    _("“翻番”是倍数，没有写明前后两个数"),
    _("没有写明增减多少"),
    _("没有写明增长多少"),
    _("没有确数"),
    _("约数，没有确数"),
)
DOUBTS = (
    _("没有认出%(part)s"),
    _("时限写作“%(date)s”，算不出是哪一天"),
    _("数字改正后，这一算式不再成立"),
    _("“%(text)s”：%(doubt)s"),
    _("时点按来函日期推定：%(named)s"),
    _("%(n)s 个数字不知是何时的（%(why)s）：%(named)s"),
    _("没有写明年份"),
    _("没有认出单位，未作数字读"),
    _("只有“%(unit)s”，没有写明单位"),
    _("“近”可读作“最近”，也可读作“将近”"),
    _("全角逗号按千分位读"),
    _("行首“%(text)s”也可能是序号"),
    _("不一致：%(working)s"),
    _("截断未四舍五入：%(working)s"),
)
WORKINGS = (
    _("%(sum)s，来函写下降%(said)s"),
    _("%(sum)s，来函写增长%(said)s"),
    _("%(sum)s，来函写%(said)s，分项之和超过总数"),
    _("%(sum)s，来函写%(said)s"),
    _("%(sum)s，表中写%(said)s"),
)
DATES = (
    _("同句有几个日期“分别”对应，未能一一对上"),
    _("上下文没有日期"),
    _("同句"),
    _("承本段上文"),
    _("同句“%(date)s”，按来函日期%(letter)s推定"),
    _("承本段上文“%(date)s”，按来函日期%(letter)s推定"),
    _("同句“%(date)s”"),
    _("承本段上文“%(date)s”"),
)
FILES = (
    _("“%(name)s”的内容是 %(kind)s，与扩展名不符。请核实来源，改正扩展名后再传。"),
    _("“%(name)s”里没有文字。请核对是不是传错了文件，或向来文单位索取电子版。"),
    _("“%(name)s”有 %(size)s 字节，超过来函的上限 %(most)s 字节。请拆分或压缩后再传。"),
    _(
        "“%(name)s”是旧版 Office 文件或加密的 Office 文件，可能带宏，不予打开。请另存为不加密的 DOCX 或 PDF 后再传。"
    ),
    _("“%(name)s”是 RTF 文件，可能带对象，不予打开。请另存为 DOCX 或 PDF 后再传。"),
    _("“%(name)s”已损坏，打不开。请向来文单位索取完好的文件。"),
    _("“%(name)s”解开后有 %(size)s 字节，与压缩时相差太大（疑为压缩炸弹），不予打开。请核实来源。"),
    _(
        "“%(name)s”的正文太大或格式标记太多，不像一封来函，不予打开。请另存为只含正文的 DOCX，或转成 PDF 后再传。"
    ),
    _("“%(name)s”有 %(pages)s 页，超过来函的上限 %(most)s 页。请只传来函正文，附件和汇编请拆开。"),
    _("“%(name)s”的文字超过来函的上限 %(most)s 字。请只传来函正文，附件和汇编请拆开。"),
    _("“%(name)s”带有宏或嵌入对象，不予打开。请另存为不带宏和对象的 DOCX，或转成 PDF 后再传。"),
    _("“%(name)s”是压缩包或其他 Office 文件，不是 DOCX 公文。请传 TXT、DOCX 或 PDF。"),
    _("“%(name)s”不是文本、DOCX 或 PDF，或编码不是 UTF-8、GB18030。请另存为 UTF-8 文本后再传。"),
    _("“%(name)s”设了密码，打不开。请向来文单位索取不加密的文件。"),
    _("“%(name)s”里没有可读的文字，多半是扫描件。请索取电子版，或先做文字识别并人工核对。"),
    _("“%(name)s”不是完好的 %(kind)s。请向来文单位索取完好的文件，或另存后再传。（%(error)s）"),
)

make_known(*DOUBTS, *WORKINGS, *DATES, *FILES)
