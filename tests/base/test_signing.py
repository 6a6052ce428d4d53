from __future__ import annotations

import base64
import hmac
import re

import pytest

from billfold.base.signing import Signer

OLD, NEW = b"o" * 32, b"n" * 32


def test_a_signed_text_is_url_safe_and_opens_to_what_was_signed() -> None:
    signer = Signer(NEW, purpose="click")
    for content in (b"", b"a", bytes(range(256))):
        text = signer.sign(content)
        assert re.fullmatch(r"[A-Za-z0-9_\-]+", text)
        assert signer.open(text) == content
        assert signer.sign(content) == text, "the same content gives the same text"


def test_the_mac_is_the_first_half_of_the_hmac_of_all_before_it() -> None:
    raw = base64.urlsafe_b64decode(Signer(NEW, purpose="click").sign(b"content!!") + "==")
    key = hmac.digest(NEW, b"billfold signer: click", "sha256")
    assert raw[-16:] == hmac.digest(key, raw[:-16], "sha256")[:16]


def test_what_the_previous_key_signed_opens_after_a_change_and_new_texts_are_the_new_keys() -> None:
    old, new = Signer(OLD, purpose="click"), Signer(NEW, OLD, purpose="click")
    assert new.open(old.sign(b"kept")) == b"kept"
    assert old.open(new.sign(b"fresh")) is None


@pytest.mark.parametrize("place", range(0, 60, 7))
def test_a_changed_text_does_not_open(place: int) -> None:
    signer = Signer(NEW, purpose="click")
    text = signer.sign(b"project and code and click and visitor")
    other = "A" if text[place] != "A" else "B"
    assert signer.open(text[:place] + other + text[place + 1 :]) is None


def test_a_text_of_another_purpose_does_not_open() -> None:
    assert Signer(NEW, purpose="click").open(Signer(NEW, purpose="session").sign(b"x")) is None
