"""A page of a PDF as a PNG, for a panel that shows how the letter looks."""

from __future__ import annotations

import struct
import zlib

from mangrove.documents.pdfium import opened

POINTS_OF_A4 = 595.28


def page_png(pdf: bytes, index: int = 0, width: int = 300) -> bytes:
    """Page ``index`` drawn ``width`` pixels wide (for A4), as the bytes of a PNG in RGB. Raises DocumentError."""
    with opened(pdf) as document:
        bitmap = document[index].render(scale=width / POINTS_OF_A4, rev_byteorder=True)
        return png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels)


def png(pixels: bytes, width: int, height: int, stride: int, channels: int) -> bytes:
    """Raw rows as a PNG; ``channels`` is 3 (RGB) or 4 (RGB and a byte to pass over)."""
    rows = (pixels[row * stride : row * stride + width * channels] for row in range(height))
    filtered = b"".join(b"\0" + without_fourth(row) if channels == 4 else b"\0" + row for row in rows)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(filtered)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def without_fourth(row: bytes) -> bytes:
    kept = bytearray(len(row) // 4 * 3)
    for place in range(3):
        kept[place::3] = row[place::4]
    return bytes(kept)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
