"""Sessions in the database, whose end is pushed back at most once a minute.

A session ends half an hour after the last request, so each request moves its end. Written down each time, that would be a
commit for every page and every draft saved; before a deadline these were half of all commits. So a session may end up to a
minute sooner than half an hour, and never later.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

LEEWAY = timedelta(minutes=1)


class SessionStore(DatabaseStore):
    kept_until: datetime | None = None

    def _get_session_from_db(self) -> Any:
        found = super()._get_session_from_db()  # type: ignore[misc]
        self.kept_until = found.expire_date if found else None
        return found

    def save(self, must_create: bool = False) -> None:
        if must_create or self.modified or self.is_due():
            super().save(must_create=must_create)

    def is_due(self) -> bool:
        """Whether the end that is written down lies more than the leeway before what it would be now."""
        return self.kept_until is None or self.get_expiry_date() - self.kept_until > LEEWAY
