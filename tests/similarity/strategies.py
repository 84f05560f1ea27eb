"""Texts that have something in common: made of few phrases, in two languages, with every sort of character between."""

from __future__ import annotations

from hypothesis import strategies as st

PHRASES = (
    "在港口堆场部署5G专网并完成岸桥远程控制改造",
    "本单位承诺所报材料真实有效，如有虚假愿承担一切责任",
    "时延由１２毫秒降到3.5毫秒；",
    "采用“边缘计算”方案，节约10,000元",
    "the crane is steered from a control room over a private network",
    "Café Ltd measured 25 ms, then 7.",
    "𬭛𠮷集团",
    "ｔｈｅ　ｃｒａｎｅ ㎡ ﬁne",
    "港",
    "5G",
    "\u200b \n——「」",
)
letters = st.text("港口网络5 3，a\n", max_size=8)
texts = st.lists(st.sampled_from(PHRASES) | letters, max_size=6).map("".join)
any_text = texts | st.text(max_size=40)
