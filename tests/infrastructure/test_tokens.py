"""What the reader of tokens does with anything at all; the attacks on a whole server are in `tests/api/referral`."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold.infrastructure.tokens import (
    KeysInvalid,
    TokenRefused,
    VerifyingKey,
    published_keys,
    read_token,
    shared_key,
)
from tests.logins import SECRET, ec_key, ed_key, encoded, published, rsa_key, token

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_NAMES = st.sampled_from(["kty", "crv", "n", "e", "x", "y", "use", "alg", "kid", "key_ops"])
_VALUES = _JSON | st.sampled_from(["RSA", "EC", "OKP", "oct", "P-256", "Ed25519", "AQAB", "sig", "RS256", "verify"])


@given(text=st.text(max_size=200) | st.text(alphabet="abcXYZ019-_.=", max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    with contextlib.suppress(TokenRefused):
        read_token(text)


@given(header=_JSON, claims=_JSON, signature=st.binary(max_size=40))
def test_no_header_and_no_claims_break_the_reader(header: Any, claims: Any, signature: bytes) -> None:
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), signature)
    with contextlib.suppress(TokenRefused):
        read_token(".".join(map(encoded, parts)))


@given(document=_JSON | st.fixed_dictionaries({"keys": st.lists(st.dictionaries(_NAMES, _VALUES), max_size=5)}))
def test_no_document_breaks_the_reader_of_keys(document: Any) -> None:
    with contextlib.suppress(KeysInvalid):
        published_keys(json.dumps(document))


def test_each_key_serves_its_own_algorithm_only() -> None:
    keys = published_keys(json.dumps(published(rsa=rsa_key(), ec=ec_key(), ed=ed_key())))
    assert [(key.key_id, key.algorithm) for key in keys] == [("rsa", "RS256"), ("ec", "ES256"), ("ed", "EdDSA")]


def test_what_is_read_is_what_the_token_says() -> None:
    read = read_token(token(aud=["app", "other"]))
    assert (read.algorithm, read.key_id, read.audiences) == ("RS256", "rsa", ("app", "other"))
    assert read.claims["email"] == "jane@example.com"


def test_no_key_shows_itself() -> None:
    (key,) = shared_key(SECRET)
    assert isinstance(key, VerifyingKey)
    assert SECRET not in repr(key)


@pytest.mark.parametrize("secret", ["", "x" * 31, "-----BEGIN RSA PUBLIC KEY-----" + "x" * 40, "ssh-rsa " + "x" * 40])
def test_what_is_no_secret_is_refused(secret: str) -> None:
    with pytest.raises(KeysInvalid):
        shared_key(secret)
