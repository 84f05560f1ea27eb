"""How far a file has come that lies apart until a job has looked into it; see ``quarantine``. Apart from it, for the models."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileState(models.TextChoices):
    QUARANTINED = "quarantined", _("核对中")
    CLEAN = "clean", _("已核对")
    REFUSED = "refused", _("未通过核对")
