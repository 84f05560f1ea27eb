"""Password rules whose words Django's own Chinese catalogue lacks."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """At least ``min_length`` characters, each 汉字 counting as one."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < self.min_length:
            words = _("密码太短：现有 %(now)s 位，至少须 %(least)s 位。")
            raise ValidationError(
                words % {"now": len(password), "least": self.min_length}, code="password_too_short"
            )

    def get_help_text(self) -> str:
        return _("密码至少须 %(least)s 位。") % {"least": self.min_length}
