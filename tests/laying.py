"""What hundreds of tests begin with is done once by the acts themselves; after that the rows are laid down as they were then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

Rows = dict[str, tuple[list[str], list[Sequence[Any]]]]
#: Values in one statement; SQLite takes no more than some thousands.
AT_ONCE = 5000


def laid(prepare: Callable[[], None]) -> Callable[[], None]:
    """A step without arguments that only writes rows: the same rows with the same keys each time, a tenth of the time."""
    kept: dict[Any, Rows] = {}

    @wraps(prepare)
    def again() -> None:
        place = (settings.MANGROVE_CITY, settings.MANGROVE_RULEBOOKS, timezone.localdate())
        with transaction.atomic():
            if place in kept and nothing_there(kept[place]):
                lay(kept[place])
                return
            before = all_rows()
            prepare()
            made = dict(new_rows(before, all_rows()))
            if made and not any(before[table][1] for table in made):
                kept[place] = made

    return again


def nothing_there(kept: Rows) -> bool:
    """Whether the tables are as empty as they were then; where they are not, the step finds its own way."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in kept:
            cursor.execute(f"SELECT 1 FROM {quote(table)} LIMIT 1")
            if cursor.fetchone():
                return False
    return True


def all_rows() -> Rows:
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = ([one[0] for one in cursor.description], list(cursor.fetchall()))
    return found


def new_rows(before: Rows, after: Rows) -> Iterator[tuple[str, tuple[list[str], list[Sequence[Any]]]]]:
    for table, (columns, rows) in after.items():
        old = {repr(row) for row in before[table][1]}
        if fresh := [row for row in rows if repr(row) not in old]:
            yield table, (columns, fresh)


def lay(kept: Rows) -> None:
    """Keys between tables are asked for when the transaction ends, so any order will do."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table, (columns, rows) in kept.items():
            named, each = ", ".join(map(quote, columns)), f"({', '.join(['%s'] * len(columns))})"
            step = max(AT_ONCE // len(columns), 1)
            for start in range(0, len(rows), step):
                some = rows[start : start + step]
                values = ", ".join([each] * len(some))
                told = [value for row in some for value in row]
                cursor.execute(f"INSERT INTO {quote(table)} ({named}) VALUES {values}", told)
