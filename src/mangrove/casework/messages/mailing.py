"""The same messages by mail, where the house has switched it on (``MANGROVE_MAIL_DOMAIN``).

Who sends a mail first writes down that it does (the claim), then sends, then writes down that it was sent. A worker
killed in between leaves a claim that runs out, and the mail is sent again: by mail each message arrives *at least*
once, in the product exactly once. All tries carry one Message-ID, by which mail systems know a repetition.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation

from mangrove.casework.messages.actions import tell
from mangrove.casework.messages.models import Mail
from mangrove.ledger.refs import Ref
from mangrove.registry.models import User
from mangrove.ui.thresholds import thresholds

#: How long a sender may take before its mail is taken for abandoned.
CLAIM = timedelta(minutes=5)
#: Mails of one round, so that jobs do not wait for a slow mail server.
A_ROUND = 20


def is_on() -> bool:
    return bool(settings.MANGROVE_MAIL_DOMAIN)


def send() -> int:
    """Send what is due; returns how many were sent."""
    sent = 0
    for _n in range(A_ROUND if is_on() else 0):
        mail = claim()
        if mail is None:
            break
        sent += attempt(mail)
    return sent


def due() -> QuerySet[Mail]:
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    return Mail.objects.filter(free, sent_at=None, failed_at=None, next_at__lte=now)


def claim() -> Mail | None:
    """The next mail, this sender's until the claim runs out; ``None`` where nothing is due."""
    if not due().exists():
        return None
    with transaction.atomic():
        skips = connection.features.has_select_for_update_skip_locked
        mail = due().select_for_update(skip_locked=skips).order_by("next_at", "id").first()
        if mail is None:
            return None
        mail.attempts += 1
        mail.claimed_until = timezone.now() + CLAIM
        mail.save(update_fields=["attempts", "claimed_until"])
        return mail


def attempt(mail: Mail) -> bool:
    try:
        composed(mail).send()
    except Exception as error:  # whatever a mail server or its network may raise: it is tried again
        put_off(mail, type(error).__name__)
        return False
    mine(mail).update(sent_at=timezone.now(), claimed_until=None, error="")
    return True


def mine(mail: Mail) -> QuerySet[Mail]:
    """The mail while this attempt is the latest."""
    return Mail.objects.filter(pk=mail.pk, attempts=mail.attempts, sent_at=None)


def composed(mail: Mail) -> EmailMessage:
    """In Chinese, with no more than the sentence and the page that it leads to."""
    message = mail.message
    with translation.override("zh-hans"):
        words = message.words
    number = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    domain = settings.MANGROVE_MAIL_DOMAIN
    return EmailMessage(
        subject=words[:120], body=f"{words}\n{message.href}", to=[f"{message.to.username}@{domain}"],
        headers={"Message-ID": f"<{number}@{domain}>"},
    )  # fmt: skip


@transaction.atomic
def put_off(mail: Mail, error: str) -> None:
    """Wait twice as long as last time; after the last try give up, and tell who runs the system.

    Nobody is told to whom the mail was or what it said: that may be known to few.
    """
    rule, now = thresholds(), timezone.now()
    wait = timedelta(minutes=rule.first_wait_minutes * 2 ** (mail.attempts - 1))
    over = mail.attempts >= rule.mail_attempts
    kept = {
        "claimed_until": None,
        "error": error[:100],
        "next_at": now + wait,
        "failed_at": now if over else None,
    }
    if mine(mail).update(**kept) and over:
        tell(
            "casework.mail_failed", to=operators(), key=f"mail_failed/{mail.pk}",
            about=Ref("casework", "message", str(mail.message_id)),
            number=str(mail.message_id), attempts=str(mail.attempts), error=error,
        )  # fmt: skip


def operators() -> list[User]:
    return [user for user in User.objects.filter(is_active=True) if user.has_role("sysadmin")]
