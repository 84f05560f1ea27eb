"""The provider of the sign-on, as the settings name it, and what it says of itself and to us. Nothing else is ever asked."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

TIMEOUT, ANSWER_AT_MOST = 10, 1024 * 1024
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class Unanswered(Exception):
    """The provider does not answer, or not as the standard says."""


@dataclass(frozen=True)
class Provider:
    """``claim``: what of the identity token is the user name of an account here."""

    issuer: str
    client_id: str
    client_secret: str
    claim: str

    def discovered(self) -> Mapping[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0); its issuer must be the one we asked."""
        found = asked(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.issuer:
            raise Unanswered(f"issuer {found.get('issuer')!r}")
        return found

    def token(self, endpoint: str, code: str, verifier: str, redirect_uri: str) -> str:
        """The identity token for a code (RFC 6749 4.1.3, RFC 7636)."""
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": verifier,
        }  # fmt: skip
        pair = f"{quote(self.client_id, safe='')}:{quote(self.client_secret, safe='')}"
        basic = base64.b64encode(pair.encode()).decode()
        token = asked(endpoint, form, {"Authorization": f"Basic {basic}"}).get("id_token")
        if not isinstance(token, str):
            raise Unanswered("no id_token")
        return token


def provider() -> Provider | None:
    """``None`` while nothing is set. Raises ``ImproperlyConfigured`` where only a part of it is."""
    parts = (
        settings.MANGROVE_OIDC_ISSUER,
        settings.MANGROVE_OIDC_CLIENT_ID,
        settings.MANGROVE_OIDC_CLIENT_SECRET,
    )
    if not any(parts):
        return None
    if not all(parts):
        raise ImproperlyConfigured(
            "统一认证须同时设置 MANGROVE_OIDC_ISSUER、MANGROVE_OIDC_CLIENT_ID 和 MANGROVE_OIDC_CLIENT_SECRET。"
        )
    refuse_open_line(parts[0])
    return Provider(*parts, settings.MANGROVE_OIDC_CLAIM)


def refuse_open_line(address: str) -> None:
    """Only TLS, but for a provider on this very machine."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ImproperlyConfigured(f"统一认证的地址须以 https:// 开头：{address}")


class NoRedirects(HTTPRedirectHandler):
    """The provider is where it says it is."""

    def redirect_request(self, *given: Any, **more: Any) -> None:
        return None


def asked(
    address: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] = {}
) -> dict[str, Any]:
    """A JSON object from the provider. Raises :class:`Unanswered`."""
    refuse_open_line(address)
    data = urlencode(form).encode() if form is not None else None
    request = Request(address, data, {"Accept": "application/json", **headers})  # noqa: S310 -- see above
    try:
        with build_opener(NoRedirects).open(request, timeout=TIMEOUT) as answer:
            said = json.loads(answer.read(ANSWER_AT_MOST))
    except HTTPError as error:
        with error:  # it holds the line open
            raise Unanswered(f"{address}: {error.code}") from None
    except (URLError, OSError, ValueError) as error:
        raise Unanswered(f"{address}: {error}") from error
    if not isinstance(said, dict):
        raise Unanswered(f"{address}: no object")
    return said
