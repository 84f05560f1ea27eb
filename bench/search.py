"""How long finding words takes among 50,000 objects, in the ways that were considered. Run: python bench/search.py [--rows N]

With MANGROVE_DATABASE it measures PostgreSQL (tools/with-postgres python bench/search.py). The ways:
``as is`` a plain LIKE; ``ours`` what ``ui/searching.py`` does (LIKE for characters written in one way, then an expression);
``folding`` every row at the time of asking; ``pairs`` a table of pairs of characters, with what it takes to build it.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Callable
from typing import Any

WORDS = ("深圳市甲", "基站", "站", "5g", "5g应用", "91440000")
RUNS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    rows = parser.parse_args().rows
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mangrove.workbench.settings")
    import django

    django.setup()
    from django.db import connection

    with connection.cursor() as cursor:
        fill(cursor, rows)
        built = build_pairs(cursor)
    print(f"{connection.vendor}, {rows:,} rows; pairs took {built:.1f} s to build")
    for word in WORDS:
        print(
            f"{word:<10}",
            "  ".join(f"{name} {best(run) * 1000:7.1f} ms ({run()})" for name, run in ways(word).items()),
        )


def fill(cursor: Any, rows: int) -> None:
    random.seed(1)
    common = "深圳市工业和信息化通信网络基站应用科技有限公司研究院联合实验室南山福田龙岗"
    characters = common * 20 + "".join(chr(0x4E00 + n) for n in range(3000))
    cursor.execute("CREATE TEMPORARY TABLE looked (id integer PRIMARY KEY, title text)")
    titles = (
        f"{random.choice(('5G', '５Ｇ', '5 g', ''))}{''.join(random.choices(characters, k=random.randint(8, 40)))}{91440000 + n % 999}"
        for n in range(rows)
    )
    cursor.executemany("INSERT INTO looked VALUES (%s, %s)", list(enumerate(titles)))


def build_pairs(cursor: Any) -> float:
    from mangrove.ui.searching import fold

    began = time.perf_counter()
    cursor.execute("SELECT id, title FROM looked")
    pairs = [
        (text[n : n + 2], id)
        for id, title in cursor.fetchall()
        for text in [fold(title)]
        for n in range(len(text))
    ]
    cursor.execute("CREATE TEMPORARY TABLE pairs (term text, id integer)")
    cursor.executemany("INSERT INTO pairs VALUES (%s, %s)", pairs)
    cursor.execute("CREATE INDEX pairs_term ON pairs (term, id)")
    return time.perf_counter() - began


def counting(sql: str, *values: str) -> Callable[[], int]:
    from django.db import connection

    def run() -> int:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return int(cursor.fetchone()[0])

    return run


def ways(word: str) -> dict[str, Callable[[], int]]:
    from django.db import connection

    from mangrove.ui import searching

    rigid = [one for one in dict.fromkeys(word) if one not in searching.ways()][: searching.RIGID]
    matches = "REGEXP" if connection.vendor == "sqlite" else "~"
    ours = " AND ".join(["title LIKE %s"] * len(rigid) + [f"title {matches} %s"])
    terms = [word[n : n + 2] for n in range(len(word) - 1)] or [word]
    each = (
        "SELECT id FROM pairs WHERE term = %s"
        if len(word) > 1
        else "SELECT id FROM pairs WHERE term >= %s AND term < %s"
    )
    values = terms if len(word) > 1 else [word, chr(ord(word) + 1)]
    found = {
        "as is": counting("SELECT count(*) FROM looked WHERE title LIKE %s", f"%{word}%"),
        "ours": counting(
            f"SELECT count(*) FROM looked WHERE {ours}",
            *(f"%{one}%" for one in rigid),
            searching.written(word),
        ),
        "pairs": counting(
            f"SELECT count(*) FROM ({' INTERSECT '.join([each] * len(terms))}) AS found", *values
        ),
    }
    if connection.vendor == "postgresql":
        found["folding"] = counting(
            "SELECT count(*) FROM looked WHERE replace(lower(normalize(title, NFKC)), ' ', '') LIKE %s",
            f"%{word}%",
        )
    return found


def best(run: Callable[[], int]) -> float:
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter()
        run()
        taken.append(time.perf_counter() - began)
    return min(taken)


if __name__ == "__main__":
    main()
