"""Attacks on tokens: all are answered 401 in the envelope, with nothing that tells why (issue 3, part 6)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.api.referral.conftest import ReferralApi
from tests.logins import (
    AUDIENCE,
    ISSUER,
    SECRET,
    claims,
    ec_key,
    ed_key,
    encoded,
    published,
    rsa_key,
    shared_key,
    signed,
    signed_with_bytes,
    token,
)

UNAUTHORIZED: Final = {"success": False, "error": "Unauthorized"}
STRANGER: Final = "a stranger's own key"


def _confused(form: Encoding, kind: PublicFormat) -> str:
    return signed_with_bytes(rsa_key().public_key.public_bytes(form, kind))


def _raw(payload: str) -> str:
    return signed({"alg": "RS256", "kid": "rsa"}, payload.encode(), rsa_key())


def _with_claims(text: str) -> str:
    return _raw(json.dumps(claims())[:-1] + text + "}")


_LATER: Final = claims()["exp"] + 10_000
ATTACKS: Final[dict[str, Callable[[], str]]] = {
    "no token": lambda: "",
    "not a token": lambda: "x",
    "two parts": lambda: ".".join(token().split(".")[:2]),
    "four parts": lambda: token() + ".x",
    "an API key": lambda: "bs_" + "0" * 48,
    "an unknown session": lambda: "bcs_" + "0" * 64,
    "alg none": lambda: signed({"alg": "none"}, json.dumps(claims()).encode(), None),
    "alg None": lambda: signed({"alg": "None"}, json.dumps(claims()).encode(), None),
    "alg nOnE": lambda: signed({"alg": "nOnE", "kid": "rsa"}, json.dumps(claims()).encode(), None),
    "no alg": lambda: signed({"kid": "rsa"}, json.dumps(claims()).encode(), rsa_key(), "RS256"),
    "alg a list": lambda: signed({"alg": ["RS256"], "kid": "rsa"}, json.dumps(claims()).encode(), rsa_key(), "RS256"),
    "alg null": lambda: signed({"alg": None, "kid": "rsa"}, json.dumps(claims()).encode(), rsa_key(), "RS256"),
    "no signature": lambda: token().rpartition(".")[0] + ".",
    "signature of another token": lambda: ".".join([*token(sub="user-2").split(".")[:2], token().split(".")[2]]),
    "HS256 with the public key as PEM": lambda: _confused(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    "HS256 with the public key as PKCS1 PEM": lambda: _confused(Encoding.PEM, PublicFormat.PKCS1),
    "HS256 with the public key as DER": lambda: _confused(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    "HS256 with the public key as PKCS1 DER": lambda: _confused(Encoding.DER, PublicFormat.PKCS1),
    "HS256 with an empty secret": lambda: signed_with_bytes(b""),
    "RS384": lambda: token(alg="RS384"),
    "RS512": lambda: token(alg="RS512"),
    "PS256": lambda: token(alg="PS256"),
    "ES256 named, RS256 signed": lambda: signed(
        {"alg": "ES256", "kid": "rsa"}, json.dumps(claims()).encode(), rsa_key(), "RS256"
    ),
    "RS256 named, the kid of the EC key": lambda: token(kid="ec"),
    "ES256 with a zero signature": lambda: ".".join(
        [*token(ec_key(), alg="ES256", kid="ec").split(".")[:2], encoded(bytes(64))]
    ),
    "EdDSA with a zero signature": lambda: ".".join(
        [*token(ed_key(), alg="EdDSA", kid="ed").split(".")[:2], encoded(bytes(64))]
    ),
    "another key under a known kid": lambda: token(rsa_key(2048, STRANGER)),
    "unknown kid": lambda: token(kid="other"),
    "kid of a path": lambda: token(kid="../../../../dev/null"),
    "kid of an address": lambda: token(kid="http://169.254.169.254/latest"),
    "kid of SQL": lambda: token(kid="rsa' OR '1'='1"),
    "kid of a shell": lambda: token(kid="$(touch x)"),
    "kid with NUL": lambda: token(kid="rsa\0"),
    "kid a number": lambda: token(header={"kid": 1}),
    "kid a list": lambda: token(header={"kid": ["rsa"]}),
    "kid of 10 thousand characters": lambda: token(kid="x" * 4_000),
    "wrong issuer": lambda: token(iss="https://elsewhere.example.com"),
    "issuer with a slash more": lambda: token(iss=ISSUER + "/"),
    "issuer of other case": lambda: token(iss=ISSUER.upper()),
    "issuer a list": lambda: token(iss=[ISSUER]),
    "no issuer": lambda: token(iss=None),
    "issuer with NUL": lambda: token(iss=ISSUER + "\0"),
    "wrong audience": lambda: token(aud="other"),
    "audience a part": lambda: token(aud=AUDIENCE[:-1]),
    "no audience": lambda: token(aud=None),
    "empty audience": lambda: token(aud=""),
    "empty list of audiences": lambda: token(aud=[]),
    "audience an object": lambda: token(aud={"app": 1}),
    "audiences with a number": lambda: token(aud=[AUDIENCE, 1]),
    "expired": lambda: token(exp=claims()["iat"] - 1),
    "expired at once": lambda: token(exp=0),
    "no exp": lambda: token(exp=None),
    "exp a text": lambda: token(exp=str(_LATER)),
    "exp true": lambda: token(exp=True),
    "exp an endless number": lambda: _raw(json.dumps(claims()).replace(str(claims()["exp"]), "1e999")),
    "exp Infinity": lambda: _raw(json.dumps(claims(exp=float("inf")))),
    "exp NaN": lambda: _raw(json.dumps(claims(exp=float("nan")))),
    "exp null": lambda: _raw(json.dumps({**claims(), "exp": None})),
    "not yet valid": lambda: token(nbf=_LATER),
    "nbf a text": lambda: token(nbf="0"),
    "issued in the future": lambda: token(iat=_LATER),
    "iat a text": lambda: token(iat="0"),
    "no sub": lambda: token(sub=None),
    "empty sub": lambda: token(sub=""),
    "blank sub": lambda: token(sub="  "),
    "sub a number": lambda: token(sub=1),
    "sub a list": lambda: token(sub=["user-1"]),
    "sub with NUL": lambda: token(sub="user\0"),
    "sub of 256 characters": lambda: token(sub="x" * 256),
    "the same claim twice": lambda: _with_claims(', "sub": "user-2"'),
    "exp twice": lambda: _with_claims(f', "exp": {_LATER}'),
    "the same header twice": lambda: signed_raw('{"alg": "RS256", "alg": "RS256", "kid": "rsa"}'),
    "claims no object": lambda: _raw("[1]"),
    "claims no JSON": lambda: _raw("{"),
    "claims nested without end": lambda: _raw('{"a":' * 1_500),
    "claims not UTF-8": lambda: signed({"alg": "RS256", "kid": "rsa"}, b'{"iss":"\xff"}', rsa_key()),
    "a huge token": lambda: token(filler="x" * 8_192),
    "header jwk": lambda: token(
        rsa_key(2048, STRANGER), header={"jwk": rsa_key(2048, STRANGER).as_dict(private=False)}
    ),
    "header jwk of a known key": lambda: token(header={"jwk": rsa_key().as_dict(private=False)}),
    "header jku": lambda: token(header={"jku": "https://evil.example.com/keys"}),
    "header x5u": lambda: token(header={"x5u": "https://evil.example.com/cert"}),
    "header x5c": lambda: token(header={"x5c": ["AAAA"]}),
    "header crit": lambda: token(header={"crit": ["exp"], "exp": 1}),
    "header crit of b64": lambda: token(header={"crit": ["b64"], "b64": False}),
    "header zip": lambda: token(header={"zip": "DEF"}),
    "padded base64": lambda: token() + "=",
    "base64 with a stray bit": lambda: token()[:-1] + ("A" if token()[-1] != "A" else "B"),
    "base64 of the other alphabet": lambda: token().replace(".", "+", 1),
}


def signed_raw(header: str) -> str:
    payload = json.dumps(claims()).encode()
    start = f"{encoded(header.encode())}.{encoded(payload)}"
    good = signed({"alg": "RS256"}, payload, rsa_key())
    return f"{start}.{good.rpartition('.')[2]}"


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
async def test_a_forged_token_is_answered_401_in_the_envelope(referral: ReferralApi, attack: str) -> None:
    text = ATTACKS[attack]()
    for name in ("link", "stats"):
        answer = await referral.get(name, text)
        assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED), attack
    assert (await referral.app.client.get(f"{referral.app.path}/customers")).json()["customers"] == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Basic dXNlcjp3b3Jk"},
        {"Authorization": "Token abc"},
    ],
)
async def test_no_token_is_answered_401(referral: ReferralApi, headers: dict[str, str]) -> None:
    for name in ("link", "stats"):
        answer = await referral.get(name, headers=headers)
        assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_two_tokens_are_none(referral: ReferralApi, jane: str) -> None:
    pair = [("Authorization", f"Bearer {jane}"), ("Authorization", f"Bearer {jane}")]
    answer = await referral.app.anonymous.get("/api/referral/link", headers=pair)
    assert answer.status_code == 401


async def test_the_ordinary_token_is_taken_so_the_table_attacks_what_works(referral: ReferralApi) -> None:
    for text in (token(), token(aud=["other", AUDIENCE]), token(nbf=0), token(iat=None), token(exp=_LATER + 0.5)):
        assert (await referral.get("link", text)).status_code == 200


async def test_a_shared_secret_takes_hs256_and_nothing_else(referral: ReferralApi) -> None:
    issuer = "https://secret.example.com"
    await referral.put_login(issuer=issuer, kind="secret", secret=SECRET)
    assert (await referral.get("link", token(shared_key(), alg="HS256", kid=None, iss=issuer))).status_code == 200
    for forged in (
        token(iss=issuer),
        token(shared_key(SECRET + "x"), alg="HS256", iss=issuer),
        token(shared_key(), alg="HS512", iss=issuer),
        signed({"alg": "none"}, json.dumps(claims(iss=issuer)).encode(), None),
    ):
        assert (await referral.get("link", forged)).status_code == 401


async def test_only_configured_algorithms_are_taken(referral: ReferralApi) -> None:
    await referral.put_login(algorithms=("ES256",))
    assert (await referral.get("link", token())).status_code == 401
    assert (await referral.get("link", token(ec_key(), alg="ES256", kid="ec"))).status_code == 200


async def test_without_a_kid_the_only_key_of_the_algorithm_is_used(referral: ReferralApi) -> None:
    assert (await referral.get("link", token(kid=None))).status_code == 200
    both = json.dumps(published(one=rsa_key(), two=rsa_key(2048, STRANGER)))
    await referral.put_login(issuer="https://two.example.com", jwks=both)
    assert (await referral.get("link", token(kid=None, iss="https://two.example.com"))).status_code == 401


async def test_the_leeway_forgives_clocks_that_differ_and_no_more(referral: ReferralApi) -> None:
    issuer = "https://slow.example.com"
    await referral.put_login(issuer=issuer, leeway_seconds=60)
    now = claims()["iat"]
    assert (await referral.get("link", token(iss=issuer, exp=now - 30))).status_code == 200
    assert (await referral.get("link", token(iss=issuer, nbf=now + 30))).status_code == 200
    assert (await referral.get("link", token(iss=issuer, exp=now - 90))).status_code == 401
    assert (await referral.get("link", token(iss=issuer, nbf=now + 90))).status_code == 401


async def test_a_token_lives_in_the_wall_clock_of_this_machine(referral: ReferralApi, jane: str) -> None:
    assert (await referral.get("link", jane)).status_code == 200
    referral.app.clock.advance(timedelta(minutes=6))
    assert (await referral.get("link", jane)).status_code == 401


async def test_a_login_that_is_switched_off_or_removed_is_believed_no_more(referral: ReferralApi, jane: str) -> None:
    await referral.put_login(is_active=False)
    assert (await referral.get("link", jane)).status_code == 401
    await referral.put_login()
    assert (await referral.get("link", jane)).status_code == 200


async def test_a_token_for_the_audiences_of_two_projects_says_not_which(referral: ReferralApi) -> None:
    other = await referral.app.install()
    await referral.put_login(other, audiences=("second",))
    assert (await referral.get("link", token(aud=[AUDIENCE, "second"]))).status_code == 401
    assert (await referral.get("link", token(aud=[AUDIENCE, "third"]))).status_code == 200


async def test_a_project_never_sees_the_user_of_another(referral: ReferralApi, jane: str) -> None:
    other = await referral.app.install()
    await referral.put_login(other, audiences=("second",))
    await referral.put_program(other)
    code = await referral.code_of(jane)
    twin = await referral.code_of(token(aud="second"))
    assert code != twin
    headers: dict[str, Any] = other.headers
    theirs = (await referral.app.anonymous.get(f"{other.path}/customers", headers=headers)).json()["customers"]
    ours = (await referral.app.client.get(f"{referral.app.path}/customers")).json()["customers"]
    assert [len(theirs), len(ours)] == [1, 1]
    assert theirs[0]["id"] != ours[0]["id"]


async def test_wrong_tokens_without_end_are_answered_429(referral: ReferralApi) -> None:
    assert referral.app.services.settings.bad_keys_per_minute == 0
    answers = await asyncio.gather(*(referral.get("link", "x") for _ in range(150)))
    assert {answer.status_code for answer in answers} == {401}
