"""Who judges, as the measures name them in Chinese; said in the reader's language where they stand in a result."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from mangrove.ui.languages import make_known

JUDGES = (gettext_noop("评审专家组"), gettext_noop("业务处室"), gettext_noop("区主管部门"))
make_known(*JUDGES)
