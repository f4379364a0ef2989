"""Tokens as a login platform would sign them, made by PyJWT, which knows nothing of ours."""

import json
import time
from pathlib import Path

import jwt

ISSUER = "anju-development"
AUDIENCE = "anju"
# Longer than all tests of a run take, with the long counts too.
LIFETIME_SECONDS = 4 * 3600


class Signer:
    """Signs with a key of a JWK; `claims` of a token may be anything, right or wrong."""

    def __init__(self, jwk: dict):
        self.kid = jwk["kid"]
        self.key = jwt.PyJWK(jwk, algorithm="ES256").key
        # How far the clock of those who read its tokens is ahead.
        self.ahead_seconds = 0

    @classmethod
    def development(cls, keys: Path) -> "Signer":
        """The key that the services made for themselves in their key folder."""
        return cls(json.loads((keys / "development.jwk").read_text()))

    def token(self, kind: str, subject: str, **claims) -> str:
        now = int(time.time()) + self.ahead_seconds
        payload = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
            "sub": subject,
            "kind": kind,
            **claims,
        }
        return jwt.encode(payload, self.key, algorithm="ES256", headers={"kid": self.kid})

    def caller(self, kind: str, subject: str, **claims) -> list[tuple[str, str]]:
        """The metadata by which a caller says who it is."""
        return bearer(self.token(kind, subject, **claims))


def bearer(token: str) -> list[tuple[str, str]]:
    return [("authorization", f"Bearer {token}")]
