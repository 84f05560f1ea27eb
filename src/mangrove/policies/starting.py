"""A city without the rules of this programme does not start, and says which file to add."""

from __future__ import annotations

from mangrove.policies.calculator.offer import offer
from mangrove.policies.claims.doubt_rules import doubt_rules
from mangrove.policies.instant import rules as instant
from mangrove.policies.measures.house_rules import house_rules
from mangrove.policies.performance import rules as performance
from mangrove.policies.results import done_rules
from mangrove.policies.sandbox import rules as sandbox


def refuse_missing_rules() -> None:
    """Raises ``ImproperlyConfigured`` for the first file that is not there or cannot be read."""
    house_rules()
    doubt_rules()
    instant.rules()
    sandbox.rules()
    offer()
    performance.rules()
    done_rules.rules()
