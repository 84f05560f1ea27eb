"""Synthetic applications, Chinese or English: made by a grammar from made-up words, so that nobody's text is in it.

A text is alike to others as real ones are, and each likeness is below what a copy has:

* 40 subjects with 150 words each, drawn by Zipf's law; four of five content words are of the subject;
* one sentence in ten is a set phrase, from 3,000 drawn by Zipf's law: some in thousands of texts, many in two to twelve;
* one firm in eight applies two to four times, and says who it is in the same words each time (14 % of the text at most);
* 200 texts repeat two or three sentences of another text (14 % at most);
* the same declaration is pasted under seven texts in ten.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

SUBJECTS, SUBJECT_WORDS, WORDS, PHRASES, KIN = 40, 150, 4000, 3000, 200
LIKENESS = 0.14  # of a text, at most, is shared with another that nobody copied
NUMBER = "\0"  # stands for a number in a frame; also marks numbers so that a copy can have others

CHINESE_SIGNS = (
    "网络基站终端平台数据港口车间园区医院电力视频传感控制系统设备模块芯片算法模型边缘计算云端切片时延带宽可靠安全"
    "智能制造质量检测远程操作协同调度能耗监测巡检识别定位导航物流仓储供应链条标准接口协议频谱天线光纤传输核心节点"
    "城市交通教育文旅农业环境应急消防水务气象金融商业社区服务管理决策分析预测优化升级改造融合创新研究开发试验验证"
)
CHINESE_FRAMES = (
    "项目将在{}的{}中建立{}，并通过{}实现{}的{}",
    "针对{}中存在的{}，我们提出以{}为核心的{}，把{}降低%s个百分点",
    "依托{}和{}，{}已完成%s套{}的{}，{}达到%s毫秒",
    "与传统{}相比，{}使{}提高%s%%，{}由%s小时缩短到%s小时",
    "在{}方面，采用{}对{}进行{}，每年可节约%s万元",
    "{}由{}、{}和{}组成，其中{}负责{}",
    "为保证{}的{}，{}引入{}，并对{}作了%s次{}",
    "下一步将把{}推广到%s家{}，带动{}的{}和{}",
    "{}的难点是{}：{}不稳定时，{}会影响{}，因此增加{}",
    "经过%s个月的{}，{}的{}从%s提高到%s，{}未再出现",
)
ENGLISH_FRAMES = (
    "the project builds {} inside the {} of {} and reaches {} through {}",
    "to deal with {} in {} we propose a {} based on {} which lowers {} by %s percent",
    "relying on {} and {} the team has installed %s sets of {} and {} now takes %s milliseconds",
    "compared with earlier {} the new {} raises {} by %s percent and cuts {} from %s to %s hours",
    "as for {} we use {} to carry out {} on {} which saves %s thousand a year",
    "the {} consists of {} and {} of which {} looks after {}",
    "so that {} keeps its {} we introduce {} and have made %s rounds of {} on {}",
    "the next step is to bring {} to %s sites of {} and to move {} and {} forward",
    "the hard part of {} is {} because {} disturbs {} whenever {} is not steady",
    "after %s months of {} the {} of {} rose from %s to %s and no {} has been seen since",
)
SYLLABLES = [first + second for first in "bcdfghlmnprstv" for second in "aeio"]

Sentence = list[str]


@dataclass(frozen=True)
class Language:
    """What sentences are made of. length: characters of a text; gap: between words; stop: after a sentence."""

    code: str
    length: int
    gap: str
    stop: str
    frames: tuple[Sentence, ...]
    words: tuple[str, ...]
    firms: tuple[str, ...]


@dataclass
class Text:
    """A text by its sentences, each a list of words, the firm that wrote it and whether the declaration is pasted under it."""

    subject: int
    firm: str
    sentences: list[Sentence] = field(default_factory=list)
    declared: bool = False


@dataclass
class Maker:
    """Makes texts of one language, the same ones for the same seed."""

    language: Language
    random: np.random.Generator
    ranks: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.ranks = _summed(1 / np.arange(1, SUBJECT_WORDS + 1) ** 0.7)
        words = len(self.language.words)
        self.subject_words = [self.random.permutation(words)[:SUBJECT_WORDS] for _ in range(SUBJECTS)]
        self.phrase_ranks = _summed(1 / np.arange(1, PHRASES + 1))
        self.phrases = [self.sentence(self.random.integers(SUBJECTS)) for _ in range(PHRASES)]
        size = self.language.length * 7 // 30
        self.declaration = self.until(size, int(self.random.integers(SUBJECTS)))
        self.profiles: dict[str, list[Sentence]] = {}

    def sentence(self, subject: int) -> Sentence:
        """A new sentence of a subject."""
        frame = self.language.frames[self.random.integers(len(self.language.frames))]
        words = iter(self.content(subject, frame.count("{}")))
        return [next(words) if part == "{}" else self.number() if part == NUMBER else part for part in frame]

    def content(self, subject: int, count: int) -> list[str]:
        """So many content words, four in five of the subject."""
        own = self.subject_words[subject][np.searchsorted(self.ranks, self.random.random(count))]
        other = self.random.integers(len(self.language.words), size=count)
        chosen = np.where(self.random.random(count) < 0.8, own, other)
        return [self.language.words[word] for word in chosen]

    def number(self) -> str:
        return NUMBER + str(self.random.integers(2, 980))

    def until(self, size: int, subject: int) -> list[Sentence]:
        """New sentences of no more than so many characters together, but one at least."""
        made = [self.sentence(subject)]
        while length(self.language, made) <= size:
            made.append(self.sentence(subject))
        return made[:-1] or made

    def text(self, firm: str) -> Text:
        """A new text of a firm."""
        text = Text(int(self.random.integers(SUBJECTS)), firm, declared=bool(self.random.random() < 0.7))
        shortest = 0.8 * self.language.length
        if firm not in self.profiles:
            self.profiles[firm] = self.until(
                int(shortest * self.random.uniform(0.06, LIKENESS)), text.subject
            )
        text.sentences = [[firm, *sentence] for sentence in self.profiles[firm][:1]] + self.profiles[firm][1:]
        left = self.language.length * self.random.uniform(0.8, 1.2) - length(self.language, text.sentences)
        while left > 0:
            text.sentences.append(self._next(text))
            left -= length(self.language, text.sentences[-1:])
        return text

    def _next(self, text: Text) -> Sentence:
        if self.random.random() < 0.1:
            return list(self.phrases[np.searchsorted(self.phrase_ranks, self.random.random())])
        start = [text.firm] if self.random.random() < 0.1 else []
        return start + self.sentence(text.subject)

    def texts(self, count: int) -> list[Text]:
        """So many texts, alike in the ways that the head of this file names."""
        made: list[Text] = []
        for firm in self._firms():
            times = int(self.random.integers(2, 5)) if self.random.random() < 1 / 8 else 1
            made += [self.text(firm) for _ in range(times)]
            if len(made) >= count:
                break
        made = made[:count]
        for place in self.random.permutation(count)[:KIN]:
            self._repeat(made[place], made[self.random.integers(count)])
        return made

    def _firms(self) -> Iterator[str]:
        return iter(self.language.firms)

    def _repeat(self, text: Text, other: Text) -> None:
        count = int(self.random.integers(2, 4))
        begin = int(self.random.integers(1, len(other.sentences) - count))
        text.sentences[-count:] = [list(sentence) for sentence in other.sentences[begin : begin + count]]

    def written(self, text: Text) -> str:
        """The text as it is handed in."""
        sentences = text.sentences + (self.declaration if text.declared else [])
        return written(self.language, sentences)


def _summed(weights: np.ndarray) -> np.ndarray:
    """Weights as chances, each with those before it."""
    sums = np.cumsum(weights)
    return sums / sums[-1]


def written(language: Language, sentences: list[Sentence]) -> str:
    ended = (language.gap.join(sentence).replace(NUMBER, "") + language.stop for sentence in sentences)
    return language.gap.join(ended)


def length(language: Language, sentences: list[Sentence]) -> int:
    """Characters of the sentences as they are written."""
    return sum(sum(map(len, one)) + len(language.gap) * len(one) + 1 for one in sentences)


def language(code: str, random: np.random.Generator) -> Language:
    """Chinese of 1,500 characters or English of 2,500."""
    if code == "zh":
        words = _words(random, list(CHINESE_SIGNS), (2, 5), WORDS)
        firms = tuple(f"{name}科技有限公司" for name in _words(random, list(CHINESE_SIGNS), (3, 5), 9500))
        return Language(code, 1500, "", "。", _frames(CHINESE_FRAMES, words=False), words, firms)
    words = _words(random, SYLLABLES, (2, 5), WORDS)
    firms = tuple(f"{name.title()} Ltd" for name in _words(random, SYLLABLES, (3, 5), 9500))
    return Language(code, 2500, " ", ".", _frames(ENGLISH_FRAMES, words=True), words, firms)


def _words(
    random: np.random.Generator, parts: list[str], lengths: tuple[int, int], count: int
) -> tuple[str, ...]:
    """Made-up words, each once."""
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(random.choice(parts, random.integers(*lengths)))] = None
    return tuple(found)


def _frames(frames: tuple[str, ...], words: bool) -> tuple[Sentence, ...]:
    """Frames as lists: {} for a word, NUMBER for a number; the words between are one each, or each character run."""
    marked = [
        frame.replace("%%", "％").replace("%s", f"|{NUMBER}|").replace("{}", "|{}|") for frame in frames
    ]
    parts = [[part for part in frame.split("|") if part] for frame in marked]
    if not words:
        return tuple(parts)
    return tuple([word for part in frame for word in part.split()] for frame in parts)
