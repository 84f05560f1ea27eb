"""Who is kept out after wrong passwords, and from which address: also behind the reverse proxies that stand before us.

``X-Forwarded-For`` is believed only as far as ``MANGROVE_PROXIES`` names who wrote it; anybody else can write it too.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Sum
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address that the request came from; django-axes asks this.

    Read from the nearest hop to the farthest, past as many proxies as we trust; what is no address ends the way.
    """
    nearest = request.META.get("REMOTE_ADDR", "")
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    found = nearest
    for passed, hop in enumerate(hop.strip() for hop in reversed(forwarded)):
        if not is_address(hop) or not is_trusted(found, passed):
            break
        found = hop
    return found


def is_trusted(address: str, passed: int) -> bool:
    """Whether that hop is a proxy of ours, ``passed`` of which lie behind us already."""
    proxies = settings.MANGROVE_PROXIES
    if proxies.isdigit():
        return passed < int(proxies)
    return is_address(address) and any(ip_address(address) in network for network in networks(proxies))


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def networks(proxies: str) -> list[Any]:
    """``127.0.0.1,10.0.0.0/8`` as networks. Raises ``ImproperlyConfigured``."""
    try:
        return [ip_network(one.strip()) for one in proxies.split(",") if one.strip()]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"MANGROVE_PROXIES 应为可信代理的个数，或以逗号分隔的地址：{error}"
        ) from error


class SignInHandler(AxesDatabaseHandler):
    """Counts the failures of a name from an address, as django-axes does, and besides those of the address alone.

    The second limit is higher: many people may share an address. Behind a proxy that ``MANGROVE_PROXIES`` does not
    name, everybody seems to come from this machine; there it does not hold, lest one person lock out all.
    """

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        failures = int(super().get_failures(request, credentials))
        return max(failures, settings.AXES_FAILURE_LIMIT) if address_is_spent(request) else failures


def address_is_spent(request: Any) -> bool:
    """Whether too many passwords were guessed from this address, under whatever names."""
    address = client_address(request)
    if not is_address(address) or ip_address(address).is_loopback:
        return False
    recent = AccessAttempt.objects.filter(
        ip_address=address, attempt_time__gte=get_cool_off_threshold(request)
    )
    failures = recent.aggregate(sum=Sum("failures_since_start"))["sum"] or 0
    return bool(failures >= settings.MANGROVE_ADDRESS_FAILURE_LIMIT)
