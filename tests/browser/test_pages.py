"""What stands where a page is not: in both languages and at both widths no accessibility fault, nothing overflowing."""

from __future__ import annotations

import pytest

from .conftest import Opener
from .looking import overflow, shoot, violations

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", ["wide", "phone"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_that_is_not_there_is_accessible_and_fits(
    signed_in: Opener, language: str, width: str
) -> None:
    page = signed_in("/", language=language, width=width)
    page.goto("/no-such-page/")
    shoot(page, "not-found", language, width)
    assert (violations(page), overflow(page)) == ([], 0)
