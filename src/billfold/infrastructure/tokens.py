"""JSON Web Tokens of somebody else's login: read with all strictness, then verified with that login's keys (RFC 7519, 8725).

What has been used to forge tokens is refused by how this is built, not by a list of tricks. The algorithm is chosen by whoever
configured the login, and each algorithm takes one kind of key only, so neither `none` nor a public key used as an HMAC
secret can pass. The key comes from the configured set and nowhere else: headers that bring or point to a key (`jwk`, `jku`,
`x5u`, `x5c`) are refused, and `kid` is only ever compared. A text that two readers could understand differently (the same
claim twice, loose base64, NaN) is refused before anything is believed.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NoReturn

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry

LONGEST_TOKEN: Final = 8 * 1024
ASYMMETRIC: Final = ("RS256", "ES256", "EdDSA")
SYMMETRIC: Final = ("HS256",)
SMALLEST_RSA_BITS: Final = 2048
LARGEST_RSA_BITS: Final = 8192
SHORTEST_SECRET: Final = 32  # RFC 7518, section 3.2: as long as the hash
MOST_KEYS: Final = 100
LONGEST_SUBJECT: Final = 255  # OpenID Connect Core, section 2

# The library's name for EdDSA over Ed25519 since RFC 9864; tokens still say EdDSA.
_VERIFIER: Final = {"RS256": "RS256", "ES256": "ES256", "EdDSA": "Ed25519", "HS256": "HS256"}
_CURVE: Final = {"ES256": "P-256", "EdDSA": "Ed25519"}
_KIND: Final = {"RS256": "RSA", "ES256": "EC", "EdDSA": "OKP", "HS256": "oct"}
_IMPORT: Final[Mapping[str, type[RSAKey | ECKey | OKPKey]]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
# Members of a private key: what is published for checking signatures holds none of them.
_PRIVATE_MEMBERS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "k", "oth"})
_REFUSED_HEADERS: Final = ("crit", "b64", "jwk", "jku", "x5u", "x5c", "zip", "enc")
_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_KID: Final = 512


class TokenRefused(Exception):
    """The token proves nothing; the text is for our log and names the reason, never the token."""


class UnknownKey(TokenRefused):
    """None of the keys at hand fits the token: the login may have a newer one."""


class KeysInvalid(Exception):
    """What should be a login's keys is not usable; the text says why, after "the set" or "the secret"."""


@dataclass(frozen=True, slots=True)
class ReadToken:
    """A token that can be understood and is not yet believed; `issuer` and `audiences` only say which keys to try."""

    algorithm: str
    key_id: str | None
    issuer: str
    audiences: tuple[str, ...]
    claims: Mapping[str, Any]
    signed: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """A key that may check signatures of one algorithm."""

    key_id: str | None
    algorithm: str
    key: Key

    def __repr__(self) -> str:
        """Show nothing of the key: it may be a shared secret."""
        return f"VerifyingKey({self.algorithm})"


def read_token(token: str) -> ReadToken:
    """Take a compact JWS apart, or raise `TokenRefused`; nothing in it is proved yet."""
    if len(token) > LONGEST_TOKEN:
        raise TokenRefused("longer than 8 KiB")
    parts = token.split(".")
    if len(parts) != 3:  # noqa: PLR2004 - header, claims, signature
        raise TokenRefused("not a signed token in compact form")
    header, claims = _object(_decoded(parts[0])), _object(_decoded(parts[1]))
    refused = [name for name in _REFUSED_HEADERS if name in header]
    if refused:
        raise TokenRefused(f"the header {refused[0]} is not accepted")
    algorithm, key_id = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in _VERIFIER:
        raise TokenRefused("the algorithm is not accepted")
    if key_id is not None and (not isinstance(key_id, str) or len(key_id) > _LONGEST_KID):
        raise TokenRefused("kid is not a short text")
    issuer, audience = claims.get("iss"), claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if not isinstance(issuer, str) or not isinstance(audiences, list):
        raise TokenRefused("iss or aud is missing")
    if not all(isinstance(each, str) for each in audiences):
        raise TokenRefused("aud is not a list of texts")
    return ReadToken(
        algorithm=algorithm,
        key_id=key_id,
        issuer=issuer,
        audiences=tuple(audiences),
        claims=claims,
        signed=f"{parts[0]}.{parts[1]}".encode(),
        signature=_decoded(parts[2]),
    )


def verify(
    token: ReadToken,
    keys: Sequence[VerifyingKey],
    *,
    algorithms: Collection[str],
    issuer: str,
    audiences: Collection[str],
    leeway_seconds: int,
    now: datetime,
) -> Mapping[str, Any]:
    """Return the claims of a token that these keys signed and that is good now; `sub` is a text of 1 to 255 characters.

    Raises `UnknownKey` if another key may fit, else `TokenRefused`. `exp` is required, `nbf` and `iat` are checked where
    they stand, all with the leeway on top.
    """
    if token.algorithm not in algorithms:
        raise TokenRefused(f"{token.algorithm} is not configured")
    if token.issuer != issuer or not set(token.audiences) & set(audiences):
        raise TokenRefused("another issuer or audience")
    key = _fitting(token, keys)
    try:
        if not JWSRegistry.algorithms[_VERIFIER[token.algorithm]].verify(token.signed, token.signature, key.key):
            raise TokenRefused("the signature does not match")
        JWTClaimsRegistry(
            now=int(now.timestamp()), leeway=leeway_seconds, sub={"essential": True}, exp={"essential": True}
        ).validate(dict(token.claims))
    except (JoseError, ValueError, OverflowError) as error:
        raise TokenRefused(f"refused by the library: {type(error).__name__}") from None
    subject = token.claims["sub"]
    if not 1 <= len(subject) <= LONGEST_SUBJECT or "\0" in subject or not subject.strip():
        raise TokenRefused("sub is not a text of 1 to 255 characters")
    return token.claims


def published_keys(document: bytes | str) -> tuple[VerifyingKey, ...]:
    """Return the usable keys of a JWK Set (RFC 7517), or raise `KeysInvalid` with what is wrong with it.

    Keys for other purposes or algorithms, shared secrets and RSA keys under 2048 bits are left out; a set that holds a
    private key is refused whole, because whoever published it must be told.
    """
    try:
        given = json.loads(document)
    except (ValueError, RecursionError):
        raise KeysInvalid("it is not JSON") from None
    listed = given.get("keys") if isinstance(given, dict) else None
    if not isinstance(listed, list) or len(listed) > MOST_KEYS:
        raise KeysInvalid(f'it must be an object with a list "keys" of at most {MOST_KEYS} keys')
    found: list[VerifyingKey] = []
    for each in listed:
        if not isinstance(each, dict):
            raise KeysInvalid("a key is not an object")
        if _PRIVATE_MEMBERS & each.keys():
            raise KeysInvalid("it holds a private or shared key: publish public keys only, and replace that one")
        usable = _usable(each)
        if usable is not None:
            found.append(usable)
    return tuple(found)


def shared_key(secret: str) -> tuple[VerifyingKey, ...]:
    """Return the key for HS256, or raise `KeysInvalid` if the secret is short or looks like a public key."""
    if len(secret.encode()) < SHORTEST_SECRET:
        raise KeysInvalid(f"it must have at least {SHORTEST_SECRET} bytes: use a random one")
    if "-----BEGIN" in secret or secret.startswith(("ssh-", "ecdsa-")):
        raise KeysInvalid("it is a published key and no secret: configure it as a JWK Set")
    try:
        key = OctKey.import_key(secret)
    except (JoseError, ValueError):
        raise KeysInvalid("it is not usable as a shared secret") from None
    return (VerifyingKey(key_id=None, algorithm="HS256", key=key),)


def sign(claims: Mapping[str, Any], key: VerifyingKey) -> str:
    """Return a compact JWS of ours with a shared key; what reads it is `read_token` and `verify`."""
    return jwt.encode({"alg": key.algorithm, "typ": "JWT"}, dict(claims), key.key)


def _fitting(token: ReadToken, keys: Sequence[VerifyingKey]) -> VerifyingKey:
    """Return the key that must have signed: the one that `kid` names, or the only one for the algorithm."""
    of_kind = [key for key in keys if key.algorithm == token.algorithm]
    if token.algorithm in SYMMETRIC:
        fitting = of_kind
    elif token.key_id is not None:
        fitting = [key for key in of_kind if key.key_id == token.key_id]
    else:
        fitting = of_kind if len(of_kind) == 1 else []
    if not fitting:
        raise UnknownKey("no key of the login fits")
    return fitting[0]


def _usable(given: Mapping[str, Any]) -> VerifyingKey | None:
    kind, curve = given.get("kty"), given.get("crv")
    algorithm = next((each for each in ASYMMETRIC if _KIND[each] == kind and _CURVE.get(each) in (None, curve)), None)
    if algorithm is None or given.get("use", "sig") != "sig" or given.get("alg", algorithm) not in (algorithm, curve):
        return None
    operations, key_id = given.get("key_ops"), given.get("kid")
    if operations is not None and (not isinstance(operations, list) or "verify" not in operations):
        return None
    members = {name: given[name] for name in ("kty", "crv", "n", "e", "x", "y") if name in given}
    try:
        # Before the library sees it: it takes small ones with a warning, and large ones cost a second a signature.
        if kind == "RSA" and not SMALLEST_RSA_BITS <= _bits(members["n"]) <= LARGEST_RSA_BITS:
            return None
        key = _IMPORT[str(kind)].import_key(members)
        JWSRegistry.algorithms[_VERIFIER[algorithm]].check_key(key)
    except (JoseError, TokenRefused, ValueError, TypeError, KeyError):
        return None
    return VerifyingKey(key_id=key_id if isinstance(key_id, str) else None, algorithm=algorithm, key=key)


def _bits(number: str) -> int:
    return int.from_bytes(_decoded(number), "big").bit_length()


def _decoded(part: str) -> bytes:
    if not _BASE64URL.fullmatch(part):
        raise TokenRefused("not base64url")
    try:
        decoded = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (ValueError, binascii.Error):
        raise TokenRefused("not base64url") from None
    if base64.urlsafe_b64encode(decoded).rstrip(b"=").decode() != part:
        raise TokenRefused("loose base64url")
    return decoded


def _object(text: bytes) -> dict[str, Any]:
    try:
        value = json.loads(text.decode(), object_pairs_hook=_pairs, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise TokenRefused("header or claims are not strict JSON") from None
    if not isinstance(value, dict):
        raise TokenRefused("header or claims are no object")
    return value


def _pairs(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("the same name twice")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
