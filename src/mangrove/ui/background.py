"""Requests that a page makes by itself, with nobody at it: they must not keep a session from ending."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def background(view: View) -> View:
    """Mark a view that is asked again and again by a page left open, such as the state of a job."""
    view.background = True  # type: ignore[attr-defined]
    return view
