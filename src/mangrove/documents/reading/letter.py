"""One reading of one letter: everything the other modules find, together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from mangrove.documents.reading.arithmetic import Finding, check_arithmetic
from mangrove.documents.reading.claims import Claim, find_claims
from mangrove.documents.reading.commitments import Commitment, find_commitments
from mangrove.documents.reading.dates import DateMention, dates_in_full
from mangrove.documents.reading.doubts import Doubt, find_doubts
from mangrove.documents.reading.elements import Elements, find_elements
from mangrove.documents.reading.enumerations import Enumeration, find_enumerations
from mangrove.documents.reading.organisations import (
    OrganisationMention,
    Whose,
    find_organisations,
    whose,
)
from mangrove.documents.reading.quantities import Quantity, find_quantities
from mangrove.documents.reading.source import SourceText


@dataclass(frozen=True)
class LetterReading:
    """What a letter says, each part with its span in ``source.text``."""

    source: SourceText
    elements: Elements
    quantities: tuple[Quantity, ...]
    enumerations: tuple[Enumeration, ...]
    claims: tuple[Claim, ...]
    commitments: tuple[Commitment, ...]
    organisations: tuple[OrganisationMention, ...]
    arithmetic: tuple[Finding, ...]
    dates: tuple[DateMention, ...] = ()
    whose: Whose = Whose.UNKNOWN

    @property
    def doubts(self) -> tuple[str, ...]:
        """What the reading is unsure of, in words for a reader, in the order of the text."""
        return tuple(doubt.words for doubt in self.placed_doubts)

    @property
    def placed_doubts(self) -> tuple[Doubt, ...]:
        """The same doubts, each with the place in the text that it is about, where there is one."""
        return tuple(
            find_doubts(self.source.text, self.quantities, self.dates, self.elements, self.commitments)
        )

    def as_dict(self) -> dict[str, Any]:
        """The reading as JSON-able values; numbers as decimal text."""
        plain: dict[str, Any] = _plain(self)
        plain["doubts"] = list(self.doubts)
        return plain


def read_letter(
    source: SourceText, *, organisations: Mapping[str, str] = MappingProxyType({}), home: str = ""
) -> LetterReading:
    """Read a letter.

    organisations: what the registry calls organisations, to their ids. home: the city whose registry it is, 深圳; only in
    a letter of that city does 市教育局 mean the registry's. Without it such a name is never tied to one.
    """
    text = source.text
    quantities = tuple(find_quantities(text))
    elements = find_elements(text)
    named = [part.value for part in (elements.issuer, elements.signatory) if part]
    from_where = whose(home, *named)
    return LetterReading(
        source=source,
        elements=elements,
        quantities=quantities,
        enumerations=tuple(find_enumerations(text)),
        claims=tuple(find_claims(text)),
        commitments=tuple(find_commitments(text)),
        organisations=tuple(find_organisations(text, organisations, own_city=from_where == Whose.OWN)),
        arithmetic=tuple(check_arithmetic(text, quantities, source.tables)),
        dates=tuple(dates_in_full(text)),
        whose=from_where,
    )


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        plain = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        extra = {"count", "lacks", "in_registry"} & set(dir(value))
        return plain | {name: _plain(getattr(value, name)) for name in sorted(extra)}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return f"{value:f}" if isinstance(value, Decimal) else value
