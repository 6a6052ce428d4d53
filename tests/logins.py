"""A login of somebody else's: its keys, and the tokens that it issues."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

ISSUER: Final = "https://login.example.com/realms/app"
AUDIENCE: Final = "app"
SECRET: Final = "a shared secret of at least 32 bytes"
_SIGNER: Final = {"EdDSA": "Ed25519"}


@cache
def rsa_key(bits: int = 2048, name: str = "rsa") -> RSAKey:
    del name
    return RSAKey.generate_key(bits)


@cache
def ec_key(curve: str = "P-256") -> ECKey:
    return ECKey.generate_key(curve)


@cache
def ed_key() -> OKPKey:
    return OKPKey.generate_key("Ed25519")


def shared_key(secret: str = SECRET) -> OctKey:
    return OctKey.import_key(secret)


def published(**keys: RSAKey | ECKey | OKPKey) -> dict[str, Any]:
    """Return the JWK Set of these keys, each named by its key id."""
    return {"keys": [{**key.as_dict(private=False), "kid": key_id, "use": "sig"} for key_id, key in keys.items()]}


def claims(**changes: Any) -> dict[str, Any]:
    """Return the claims of an ordinary user; a claim that is given as None is left out."""
    now = int(datetime.now(UTC).timestamp())
    ordinary = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "user-1",
        "iat": now,
        "exp": now + 300,
        "email": "jane@example.com",
        "email_verified": True,
        "name": "Jane Doe",
    }
    return {name: value for name, value in {**ordinary, **changes}.items() if value is not None}


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def signed(header: Mapping[str, Any], payload: bytes, key: Key | None, algorithm: str | None = None) -> str:
    """Return a token of exactly this header and payload, signed by `algorithm` or the header's."""
    start = f"{encoded(json.dumps(header).encode())}.{encoded(payload)}"
    if key is None:
        return start + "."
    name = algorithm or header["alg"]
    signature = JWSRegistry.algorithms[_SIGNER.get(name, name)].sign(start.encode(), key)
    return f"{start}.{encoded(signature)}"


def signed_with_bytes(secret: bytes, **changes: Any) -> str:
    """Return an HS256 token of any bytes, which the library would refuse to take for a secret."""
    header = encoded(json.dumps({"alg": "HS256", "kid": "rsa"}).encode())
    start = f"{header}.{encoded(json.dumps(claims(**changes)).encode())}"
    return f"{start}.{encoded(hmac.digest(secret, start.encode(), 'sha256'))}"


def token(
    key: Key | None = None,
    *,
    alg: str = "RS256",
    kid: str | None = "rsa",
    header: Mapping[str, Any] = {},
    **changes: Any,
) -> str:
    """Return an ordinary user's token; `header` adds to the header, other names change claims."""
    names = {"alg": alg, "typ": "JWT", **({} if kid is None else {"kid": kid}), **header}
    return signed(names, json.dumps(claims(**changes)).encode(), key or rsa_key())


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}
