"""The authorization code flow with PKCE (OpenID Connect Core 1.0, 3.1): there, back, and whom the token names.

What goes out is kept in the session and taken from it at the first answer, so that no answer counts twice.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping, MutableMapping
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User
from mangrove.registry.sign_on import same_person
from mangrove.workbench.oidc.provider import Provider, Unanswered, asked

#: Signatures by keys that only the provider has; never ``none``, never a shared secret.
ALGORITHMS = ["RS256", "PS256", "ES256", "RS384", "RS512", "ES384", "ES512", "PS384", "PS512"]
#: Seconds by which clocks may differ, and within which one must be back.
LEEWAY, BACK_WITHIN = 60, 10 * 60
KEPT = "oidc"
log = logging.getLogger(__name__)
Session = MutableMapping[str, Any]


def there(session: Session, of: Provider, redirect_uri: str, onward: str) -> str:
    """Where the browser goes to sign in; state, nonce and verifier stay here."""
    try:
        endpoint = of.discovered()["authorization_endpoint"]
    except (Unanswered, KeyError) as error:
        raise unanswered(error) from error
    state, nonce, verifier = (secrets.token_urlsafe(32) for _each in range(3))
    session[KEPT] = {
        "state": state, "nonce": nonce, "verifier": verifier, "onward": onward, "at": int(time.time()),
    }  # fmt: skip
    digest = hashlib.sha256(verifier.encode()).digest()
    asked_with = {
        "response_type": "code", "client_id": of.client_id, "redirect_uri": redirect_uri, "scope": "openid profile",
        "state": state, "nonce": nonce, "code_challenge_method": "S256",
        "code_challenge": urlsafe_b64encode(digest).rstrip(b"=").decode(),
    }  # fmt: skip
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked_with)}"


def back(session: Session, of: Provider, redirect_uri: str, answer: Mapping[str, str]) -> tuple[User, str]:
    """The account that the provider vouches for, and where it wanted to go. Raises :class:`Refusal`."""
    kept = session.pop(KEPT, None)
    state = answer.get("state", "").encode()
    if kept is None or not secrets.compare_digest(str(kept["state"]).encode(), state):
        raise refusal(_("这次登录不是从这里开始的，或已经用过。"), "state")
    if time.time() - kept["at"] > BACK_WITHIN:
        raise refusal(_("这次登录隔得太久。"), "late")
    if not answer.get("code"):
        raise refusal(_("统一认证没有通过。"), "denied", answer.get("error", ""))
    try:
        claims = vouched(of, answer["code"], kept, redirect_uri)
    except (Unanswered, KeyError) as error:
        raise unanswered(error) from error
    except (JoseError, ValueError) as error:
        raise refusal(_("统一认证给的凭证不可信。"), "token", repr(error)) from error
    user = account(str(claims.get(of.claim) or ""))
    same_person(user=user, issuer=of.issuer, subject=str(claims["sub"]))
    return user, kept["onward"]


def vouched(of: Provider, code: str, kept: Mapping[str, Any], redirect_uri: str) -> Mapping[str, Any]:
    """The claims of the identity token: signed by the provider, for us, for this sign-in, and not past its time."""
    said = of.discovered()
    token = of.token(said["token_endpoint"], code, kept["verifier"], redirect_uri)
    keys = KeySet.import_key_set(asked(said["jwks_uri"]))  # type: ignore[arg-type]
    claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
    JWTClaimsRegistry(
        leeway=LEEWAY, iss={"essential": True, "value": of.issuer}, aud={"essential": True, "value": of.client_id},
        exp={"essential": True}, iat={"essential": True}, sub={"essential": True},
        nonce={"essential": True, "value": kept["nonce"]},
    ).validate(claims)  # fmt: skip
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != of.client_id:
        raise ValueError("azp")
    return claims


def account(username: str) -> User:
    """An open account of that very name. None is ever made; which there are is not told."""
    found = User.objects.filter(username=username, is_active=True).first() if username else None
    if found is None:
        raise refusal(_("统一认证通过了，但这里没有您可用的账号。"), "account", username)
    return found


def refusal(what: str, code: str, detail: str = "") -> Refusal:
    log.warning("oidc: %s %s", code, detail[:200])
    return Refusal(what, code=f"workbench.oidc.{code}", remedy=_("请从登录页重新开始；仍不行的，用用户名和密码登录，或联系系统管理员。"))  # fmt: skip


def unanswered(error: Exception) -> Refusal:
    return refusal(_("统一认证现在没有答复。"), "unanswered", repr(error))
