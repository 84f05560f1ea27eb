"""The filter bars of the lists of records."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from mangrove import vocabulary
from mangrove.registry.labels import label
from mangrove.registry.models import bodies_of
from mangrove.registry.names import search
from mangrove.registry.records.facts import moment_of
from mangrove.registry.records.models import KnownRecords
from mangrove.ui.filters import DateField, FilterForm


class DayFilter(FilterForm):
    """``on``: as it was known at the end of that day; else as it is known now."""

    on = DateField(label=gettext_lazy("所知截至"))

    def known(self, rows: KnownRecords) -> KnownRecords:
        day: date | None = self.chosen().get("on")
        return rows.known_at(moment_of(day)) if day else rows.current()


class RecordFilter(DayFilter):
    organisation = forms.CharField(label=label(vocabulary.entity("organisation")))
    key = forms.CharField(label=gettext_lazy("标识"))
    field_order = ("organisation", "key", "on")

    def found(self, rows: KnownRecords) -> KnownRecords:
        chosen: dict[str, Any] = self.chosen()
        if "organisation" in chosen:
            found = search(chosen["organisation"]).values_list("pk", flat=True)
            rows = rows.filter(organisation__in=bodies_of(*found))
        if "key" in chosen:
            rows = rows.filter(key__icontains=chosen["key"])
        return self.known(rows)
