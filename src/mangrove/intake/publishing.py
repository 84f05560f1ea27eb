"""Forms on their way into use: the files of ``rulebooks/forms``, what is wrong in them, what changed, and publishing one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from mangrove.intake.comparing import Difference, differences
from mangrove.intake.definition import SLUG, Form, read_form
from mangrove.intake.models import FormVersion
from mangrove.ledger.refusals import Refusal

#: A file of a form is words; what is larger is something else.
LARGEST = 1_000_000


@dataclass(frozen=True)
class Proposed:
    """A form as its file has it, and the version in use. ``refusal`` says what is wrong; then there is no ``form``."""

    name: str
    text: str
    form: Form | None
    refusal: Refusal | None
    last: FormVersion | None

    @property
    def standing(self) -> str:
        """``broken``, ``new``, ``in_use`` (as published), ``next`` (to be published), or ``clash`` (changed under the same number)."""
        if self.form is None:
            return "broken"
        if self.last is None:
            return "new"
        if self.form.sha256 == self.last.sha256:
            return "in_use"
        return "next" if self.form.version > self.last.version else "clash"

    @property
    def differences(self) -> list[Difference]:
        """Against the version in use; nothing where there is none."""
        if self.form is None or self.last is None:
            return []
        return differences(self.last.definition, self.form)


def folder() -> Path:
    return Path(settings.MANGROVE_RULEBOOKS) / "forms"


def all_proposed() -> list[Proposed]:
    """Every file of the folder, by name."""
    return [proposed(path.stem) for path in sorted(folder().glob("*.yaml")) if SLUG.fullmatch(path.stem)]


def known(name: str) -> bool:
    return bool(SLUG.fullmatch(name)) and (folder() / f"{name}.yaml").is_file()


def proposed(name: str) -> Proposed:
    """The form of that name as it stands in its file; ``name`` is that of the file and of the form."""
    return looked_at(name, text_of(folder() / f"{name}.yaml"))


def looked_at(name: str, text: str) -> Proposed:
    """A text read as the form of that name."""
    last = FormVersion.objects.filter(form=name).order_by("-version").first()
    try:
        form = read_form(text)
        refuse_other_name(form, name)
    except Refusal as refusal:
        return Proposed(name, text, None, refusal, last)
    return Proposed(name, text, form, None, last)


def refuse_other_name(form: Form, name: str) -> None:
    if form.id != name:
        raise Refusal(
            _("文件名是“%(file)s”，里面写的是 form: %(form)s。") % {"file": name, "form": form.id},
            code="intake.bad_form", where="form", remedy=_("请让两者相同。"),
        )  # fmt: skip


def text_of(path: Path) -> str:
    """Raises :class:`Refusal` for what is no text."""
    try:
        if path.stat().st_size > LARGEST:
            raise Refusal(_("文件过大，不像一份表单。"), code="intake.bad_form", where=path.name)
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(
            _("读不出这个文件。"), code="intake.bad_form", where=path.name, remedy=_("请存成 UTF-8 的 YAML 文件。"),
        ) from error  # fmt: skip


def refuse_unseen(found: Proposed, seen: str) -> Form:
    """What is published is what was looked at. Gives the form."""
    if found.form is None:
        assert found.refusal is not None
        raise found.refusal
    if found.form.sha256 != seen:
        raise Refusal(
            _("这一页打开之后，表单文件有了改动，没有公布。"), code="intake.form_changed", where=found.name,
            remedy=_("请再看一遍下面的内容，然后公布。"),
        )  # fmt: skip
    return found.form
