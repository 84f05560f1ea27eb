"""Short official words that are kept in Chinese with a reply, for the catalogue; pages say them by ``in_words``.

Ranks and grades are those of the rule pack; what the sample city's pack has is named here only to be translated.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

RANKS = (_("局长"), _("副局长"))
GRADES = (_("满意"), _("基本满意"), _("不满意"))
KINDS = (_("建议"), _("提案"))
PARTS = (_("主办"), _("分办"), _("会办"))
MEANS = (_("公文交换"), _("当面"), _("邮寄"), _("系统"))
