from __future__ import annotations

import pytest

from mangrove.intake.models import Opening

from . import life


@pytest.fixture
def office(db: None) -> Opening:
    return life.office()
