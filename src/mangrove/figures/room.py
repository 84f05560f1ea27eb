"""What figures register with the house: the list of counting rules, and the words of its acts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mangrove.figures import sentences  # noqa: F401 -- makes its sentences known
from mangrove.figures.naming import NAMES
from mangrove.figures.searching import SEARCH
from mangrove.registry.roles import LOOKING_UP
from mangrove.ui.house import NavEntry, Room

ROOM = Room(
    id="figures",
    label=_("图表与口径"),
    prefix="figures",
    urls="mangrove.figures.urls",
    navigation=(NavEntry(_("图表与口径"), "figures:list", "foundations", 20, roles=LOOKING_UP),),
    names=NAMES,
    search=SEARCH,
    keeps={"figure_value": "figures:list"},
    acts={
        "figures.load": _("装入指标与口径"),
        "figures.set_value": _("录入数值"),
        "figures.publish": _("发布汇总的数值"),
        "figures.add_source": _("登记来源"),
    },
)
