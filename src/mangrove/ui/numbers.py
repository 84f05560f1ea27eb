"""Numbers as people read them. Nothing here rounds silently: what is cut off is asked for by name."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000
MINUS = "−"

Number = int | Decimal


def grouped(value: Number, places: int | None = None) -> str:
    """``48000`` → ``48,000``. With ``places``, rounded half away from zero; without, every digit that is there."""
    if places is not None:
        value = Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{abs(value):,}" if isinstance(value, int) else f"{abs(value):,f}"
    return f"{MINUS}{text}" if value < 0 else text


def signed(value: Number, places: int | None = None) -> str:
    """A change: always with its sign, and a zero without one."""
    return f"+{grouped(value, places)}" if value > 0 else grouped(value, places)


def yuan(fen: int) -> str:
    """Money in 元 to the fen: ``123456`` → ``1,234.56``."""
    return grouped(Decimal(fen) / FEN_PER_YUAN, 2)


def wan(fen: int, places: int = 2) -> str:
    """Money in 万元."""
    return grouped(Decimal(fen) / FEN_PER_WAN, places)


def width(part: Number, whole: Number) -> str:
    """A share of a drawn length as an SVG percentage, kept inside the drawing. For drawing only, never for print."""
    if whole <= 0:
        return "0%"
    share = min(max(Decimal(part) / Decimal(whole), Decimal(0)), Decimal(1))
    return f"{(share * 100).quantize(Decimal('0.1'))}%"
