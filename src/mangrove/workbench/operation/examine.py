"""The half of the drill that runs in a process of its own, in a fresh place: restore, then use what was restored.

Run as ``python -m mangrove.workbench.operation.examine BACKUP LETTER``; prints one line of JSON.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import django

from mangrove.ledger.refusals import Refusal


def main(arguments: list[str]) -> int:
    django.setup()
    folder, letter = Path(arguments[0]), arguments[1]
    try:
        print(json.dumps(examined(folder, letter), ensure_ascii=False))  # noqa: T201 -- this is its answer
    except Refusal as refusal:
        print(json.dumps({"refused": str(refusal)}, ensure_ascii=False))  # noqa: T201
    return 0


def examined(folder: Path, letter: str) -> dict[str, Any]:
    """What the restored house holds and can do. Counts come before anything is written into it."""
    from mangrove.workbench.operation.restoring import restore

    start = perf_counter()
    restored = restore(folder)
    ready = perf_counter() - start
    found: dict[str, Any] = {
        "models": model_counts(),
        "attachments": attachment_faults(),
        "head": restored.verification.head,
        "position": restored.verification.sealed,
        "broken": [str(restored.verification.broken)] if restored.verification.broken else [],
        "faults": [str(check) for check in restored.checked if not check.holds],
        "letter": letter_hash(letter),
    }
    found["sign_in"] = sign_in_fault()
    return found | {"restored_in": round(ready, 2), "usable_in": round(perf_counter() - start, 2)}


def model_counts() -> dict[str, int]:
    """Asked of the models themselves, not of the tables that the manifest counted."""
    from mangrove.workbench.operation.backup import every_model, excused_models

    left_out = excused_models()
    counted = {model._meta.label: model._base_manager.count() for model in every_model()}
    return {label: rows for label, rows in counted.items() if label not in left_out}


def attachment_faults() -> list[str]:
    from mangrove.casework.attachments import verify_files

    return verify_files()


def letter_hash(letter: str) -> str:
    """The PDF of a signed letter, set anew; empty where there is none."""
    from mangrove.documents.pdf import set_letter
    from mangrove.proposals.composition import signed_letter
    from mangrove.proposals.models import SignedLetter

    if not letter:
        return ""
    found = SignedLetter.objects.get(pk=letter)
    return hashlib.sha256(set_letter(signed_letter(found)).pdf).hexdigest()


def sign_in_fault() -> str:
    """Empty when somebody signs in through the page; a new account, since nobody's password is known to us."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from mangrove.ledger.refs import SYSTEM
    from mangrove.registry.accounts import create_account

    password, username = secrets.token_urlsafe(24), f"drill-{secrets.token_hex(4)}"
    create_account(
        username=username, name="演练", roles=["case_officer"], password=password, by=SYSTEM, on=timezone.localdate(),
        must_change_password=False, synthetic=True,
    )  # fmt: skip
    client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    said = {"username": username, "password": password}
    answer = client.post(reverse("workbench:sign_in"), said, secure=settings.HTTPS)
    home = client.get(reverse("workbench:home"), secure=settings.HTTPS)
    return (
        ""
        if (answer.status_code, home.status_code) == (302, 200)
        else f"{answer.status_code} {home.status_code}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
