"""Uploads at the door: what is too large is not written to disk, and the form that it came with says so.

Django asks the handlers of ``FILE_UPLOAD_HANDLERS`` for every upload, whoever sends it and wherever to; so the limit
holds before sign-in and before any view. The rest of the form arrives whole, so that nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.casework.attachments import clean_name, too_large
from mangrove.casework.sniffing import KINDS, megabytes
from mangrove.ledger.refusals import Refusal
from mangrove.ui.forms import Answering
from mangrove.ui.languages import listed


class LimitedUpload(FileUploadHandler):
    """Stands before Django's own handlers, and skips a file over ``UPLOAD_LIMIT``.

    It goes by the length that the request declares where that says enough, else by the bytes that have come; what was
    written of the file is removed.
    """

    declared = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        self.declared = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        fields_at_most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if self.declared > settings.UPLOAD_LIMIT + fields_at_most:
            self.skip(self.declared - fields_at_most)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > settings.UPLOAD_LIMIT:
            self.skip(start + len(raw_data))
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    def upload_complete(self) -> None:
        """Refuse a request that broke off: Django would take the part of the file that arrived for the whole."""
        stream = getattr(self.request, "_stream", None)
        received = getattr(stream, "_pos", self.declared)
        if received < self.declared:
            raise MultiPartParserError(f"{received} of {self.declared} bytes arrived")

    def skip(self, size: int) -> None:
        if self.request is not None:
            refused: dict[str, Refusal] = self.request.__dict__.setdefault("refused_uploads", {})
            refused[str(self.field_name)] = too_large(str(self.file_name), size)
        raise SkipFile


def refused_uploads(request: HttpRequest) -> Mapping[str, Refusal]:
    """By field name: the uploads of a posted form that were turned away at the door."""
    found: Mapping[str, Refusal] = getattr(request, "refused_uploads", {})
    return found


class UploadField(forms.FileField):
    """One file of the kinds that are kept. The bytes are judged when they are stored; here is only what the name says."""

    def __init__(self, **kwargs: Any) -> None:
        accepted = ",".join(extension for kind in KINDS for extension in kind.extensions)
        widget = forms.FileInput(attrs={"accept": accepted})
        super().__init__(widget=widget, allow_empty_file=True, **kwargs)

    def to_python(self, data: Any) -> UploadedFile | None:
        """Any name is taken in: :func:`clean_name` shortens it, and refuses one that is no name."""
        if data in self.empty_values:
            return None
        try:
            clean_name(data.name)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return data


def upload_help() -> str:
    """Which kinds are kept, and how large they may be."""
    kinds = listed(extension for kind in KINDS for extension in kind.extensions)
    return _("可上传 %(kinds)s，每件不超过 %(limit)s；系统按内容核对格式。") % {
        "kinds": kinds, "limit": megabytes(settings.UPLOAD_LIMIT),
    }  # fmt: skip


CHOOSE_AGAIN = gettext_lazy("所选的文件没有保存，改正后请重新选择。")


class OneFile(Answering):
    """A form with the field ``file``. ``refused``: what was turned away at the door, by field name; it is said at the field.

    A browser cannot be given its file back. Where the form comes back that is said too, so that nobody thinks it was kept.
    """

    def __init__(self, *args: Any, refused: Mapping[str, Refusal] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.turned_away = dict(refused or {})

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if refusal := self.turned_away.get("file"):
            self.add_error("file", str(refusal))
        return said

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.errors:
            self.ask_again()

    def refuse(self, refusal: Refusal) -> None:
        super().refuse(refusal)
        self.ask_again()

    def ask_again(self) -> None:
        if self.files.get("file") and str(CHOOSE_AGAIN) not in self.errors.get("file", ()):
            self.add_error("file", str(CHOOSE_AGAIN))
