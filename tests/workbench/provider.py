"""A small OpenID Connect provider that really runs, on this machine, with keys of its own. It signs whatever it is told to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "mangrove", "样例 secret:1"


class Provider:
    """``says`` changes the claims of the next tokens, ``signs_with`` is the key; ``None`` takes a claim away."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.signs_with: Any = self.key
        self.by_shared_secret = False
        self.says: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.issuer = ""

    def configuration(self) -> dict[str, Any]:
        at = self.issuer
        return {
            "issuer": at, "authorization_endpoint": f"{at}/authorize", "token_endpoint": f"{at}/token", "jwks_uri": f"{at}/keys",
        }  # fmt: skip

    def authorize(self, asked: dict[str, str]) -> str:
        """Somebody signed in: back with a code."""
        assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """A code is good once, for who asked for it, with the verifier of the challenge."""
        asked = self.codes.pop(form["code"], None)
        client, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        if asked is None or (unquote(client), unquote(secret)) != (CLIENT, SECRET):
            return None
        digest = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        if (
            digest.rstrip(b"=").decode() != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": "7", "iat": now, "exp": now + 300, "nonce": asked["nonce"],
            "preferred_username": "officer", **self.says,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        token = self.forged(claims) if self.by_shared_secret else self.signed(claims)
        return {"access_token": "unused", "token_type": "Bearer", "id_token": token}

    def signed(self, claims: dict[str, Any]) -> str:
        return str(jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signs_with))

    def forged(self, claims: dict[str, Any]) -> str:
        """HS256 with the public key as the secret: the old trick, which the library itself would not sign."""
        head = {"alg": "HS256", "kid": "one"}
        parts = [base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in (head, claims)]
        mark = hmac.new(self.key.as_pem(private=False), b".".join(parts), "sha256").digest()
        return b".".join([*parts, base64.urlsafe_b64encode(mark).rstrip(b"=")]).decode()


@contextmanager
def running() -> Iterator[Provider]:
    of = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, query = urlsplit(self.path).path, dict(parse_qsl(urlsplit(self.path).query))
            if path == "/authorize":
                self.send_response(302)
                self.send_header("Location", of.authorize(query))
                self.end_headers()
            else:
                said = {"/.well-known/openid-configuration": of.configuration, "/keys": public}.get(path)
                self.answer(said() if said else None)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self.answer(of.token(form, self.headers["Authorization"]))

        def answer(self, said: Any) -> None:
            self.send_response(200 if said is not None else 400)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(said or {"error": "invalid_grant"}).encode())

        def log_message(self, *given: Any) -> None:
            pass

    def public() -> dict[str, Any]:
        return {"keys": [of.key.as_dict(private=False)]}

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    of.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield of
    finally:
        server.shutdown()
        server.server_close()
