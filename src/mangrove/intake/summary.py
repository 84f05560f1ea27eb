"""What an application says, section by section, as pages show it: before it is handed in, on its receipt, at the check."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mangrove.intake.answering import source_note
from mangrove.intake.decisions import Answered, answered, restored, shown_value
from mangrove.intake.definition import Form, Paper, Question, Section
from mangrove.intake.models import PaperFile, Submission
from mangrove.ui.components import Fact
from mangrove.vocabulary.model import Value


@dataclass(frozen=True)
class Part:
    """A section with the answers to what was asked in it, and its papers with their files."""

    section: Section
    facts: list[Fact]
    papers: list[tuple[Paper, list[PaperFile]]]


def summary(
    form: Form,
    values: Mapping[str, Value | None],
    known: Collection[str],
    files: Iterable[PaperFile],
    read: Answered,
) -> list[Part]:
    files = list(files)
    return [
        Part(
            section,
            [fact(one, values, known) for one in section.questions if read.asks(one.id)],
            [
                (one, [file for file in files if file.requirement == one.id])
                for one in section.papers
                if read.asks(one.id)
            ],
        )
        for section in form.sections
    ]


def fact(question: Question, values: Mapping[str, Value | None], known: Collection[str]) -> Fact:
    note = source_note(question).partition("，")[0] if question.id in known else ""
    return Fact(str(question.label), shown_value(question, values.get(question.id)), note)


def read_of(form: Form, content: Mapping[str, Any]) -> Answered:
    """What was handed in, read again: the questions that were asked then."""
    kept = {
        one.id: value for one in form.questions
        if (value := restored(one, content["answers"].get(one.id))) is not None
    }  # fmt: skip
    return answered(form, {}, kept)


def summary_of(submission: Submission) -> list[Part]:
    form = submission.application.opening.form.definition
    read = read_of(form, submission.content)
    files = [one.paper for one in submission.enclosures.select_related("paper")]
    return summary(form, read.values, submission.content["known"], files, read)
