from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from billfold.infrastructure.stripe.signature import BadSignature, sign, verify

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
SECRET = "whsec_present"
PREVIOUS = "whsec_previous"
BODY = b'{"id":"evt_1","object":"event","name":"J\xc3\xbcrg"}'


def header_at(age_seconds: int, secret: str = SECRET, body: bytes = BODY) -> str:
    return sign(body, secret, NOW - timedelta(seconds=age_seconds))


def hex_of(header: str) -> str:
    return header.partition("v1=")[2]


GOOD = header_at(0)
T = GOOD.partition(",")[0]
BAD_HEX = "0" * 64

ACCEPTED = {
    "signed now": GOOD,
    "290 s old": header_at(290),
    "300 s old": header_at(300),
    "300 s in the future": header_at(-300),
    "server clock 4 min behind": header_at(-240),
    "server clock 4 min ahead": header_at(240),
    "two v1, the second good": f"{T},v1={BAD_HEX},v1={hex_of(GOOD)}",
    "two v1, the first good": f"{T},v1={hex_of(GOOD)},v1={BAD_HEX}",
    "signed with the secret before the rotation": header_at(0, PREVIOUS),
    "100 v1, the last good": f"{T}," + f"v1={BAD_HEX}," * 99 + f"v1={hex_of(GOOD)}",
    "v0 beside v1": f"{GOOD},v0={BAD_HEX}",
    "spaces after the commas": f"{T}, v1={hex_of(GOOD)}",
    "unknown scheme beside v1": f"{GOOD},v2=abc",
}

REFUSED: dict[str, str | None] = {
    "flipped digit": GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1"),
    "wrong secret": header_at(0, "whsec_other"),
    "other project's secret": header_at(0, "whsec_of_another_project"),
    "missing": None,
    "empty": "",
    "garbage": "garbage",
    "only commas": ",,,,",
    "signature of another body": header_at(0, body=b"{}"),
    "v0 only": f"{T},v0={hex_of(GOOD)}",
    "301 s old": header_at(301),
    "1 h old": header_at(3600),
    "301 s in the future": header_at(-301),
    "1 h in the future": header_at(-3600),
    "server clock 6 min behind": header_at(-360),
    "server clock 6 min ahead": header_at(360),
    "t twice, the same": f"{T},{GOOD}",
    "t twice, different": f"t=1,{GOOD}",
    "no t": f"v1={hex_of(GOOD)}",
    "t is no number": f"t=soon,v1={hex_of(GOOD)}",
    "t is negative": f"t=-1,v1={hex_of(GOOD)}",
    "t in another script": f"t=\u0661\u0662,v1={hex_of(GOOD)}",
    "t of 5,000 digits": f"t={'9' * 5000},v1={hex_of(GOOD)}",
    "t of 12 digits": f"t=999999999999,v1={hex_of(GOOD)}",
    "t in milliseconds": f"t={int(NOW.timestamp() * 1000)},v1={hex_of(GOOD)}",
    "100 v1, none good": f"{T}," + ",".join([f"v1={BAD_HEX}"] * 100),
    "101 v1, the last good": f"{T}," + f"v1={BAD_HEX}," * 100 + f"v1={hex_of(GOOD)}",
    "header of 16 KiB": GOOD + "," * (16 * 1024),
    "signature cut short": GOOD[:-1],
    "signature in capitals": f"{T},v1={hex_of(GOOD).upper()}",
    "signature not ASCII": f"{T},v1={'é' * 64}",
}


@pytest.mark.parametrize("header", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_a8_e3_a_good_signature_is_accepted(header: str) -> None:
    verify(BODY, header, [SECRET, PREVIOUS], NOW)


@pytest.mark.parametrize("header", REFUSED.values(), ids=REFUSED.keys())
def test_a8_e3_a_bad_signature_is_refused(header: str | None) -> None:
    with pytest.raises(BadSignature):
        verify(BODY, header, [SECRET, PREVIOUS], NOW)


def test_a8_a_changed_body_is_refused() -> None:
    with pytest.raises(BadSignature):
        verify(BODY + b" ", GOOD, [SECRET], NOW)


def test_a8_the_old_secret_counts_only_while_it_is_given() -> None:
    with pytest.raises(BadSignature):
        verify(BODY, header_at(0, PREVIOUS), [SECRET], NOW)


@pytest.mark.parametrize("secrets", [[], [""], ["  "]])
def test_nobody_can_sign_with_an_empty_secret(secrets: list[str]) -> None:
    forged = sign(BODY, secrets[0] if secrets else "", NOW)
    with pytest.raises(BadSignature, match="no signing secret"):
        verify(BODY, forged, secrets, NOW)


def test_e3_the_reason_names_the_skew() -> None:
    with pytest.raises(BadSignature, match=r"360 s in the past.*clock"):
        verify(BODY, header_at(360), [SECRET], NOW)
    with pytest.raises(BadSignature, match=r"360 s in the future.*clock"):
        verify(BODY, header_at(-360), [SECRET], NOW)


def test_a_reason_holds_no_secret_and_no_signature() -> None:
    for header in REFUSED.values():
        with pytest.raises(BadSignature) as refused:
            verify(BODY, header, [SECRET], NOW)
        assert "whsec" not in refused.value.reason
        assert hex_of(GOOD) not in refused.value.reason


def test_a_body_that_is_no_text_is_verified_like_any_other() -> None:
    body = b"\xff\x00\xfe"
    verify(body, sign(body, SECRET, NOW), [SECRET], NOW)


def test_the_official_library_and_this_file_accept_each_others_signatures() -> None:
    now = datetime.now(UTC)
    assert stripe.WebhookSignature.verify_header(BODY, sign(BODY, SECRET, now), SECRET, tolerance=300)
    made = stripe.WebhookSignature.generate_signature_header(BODY.decode(), SECRET)
    verify(BODY, made, [SECRET], now)


def test_the_official_library_accepts_the_far_future_so_it_does_not_serve_here() -> None:
    ahead = sign(BODY, SECRET, datetime.now(UTC) + timedelta(hours=1))
    assert stripe.WebhookSignature.verify_header(BODY, ahead, SECRET, tolerance=300)


@given(st.text(max_size=300))
def test_no_header_raises_anything_else(header: str) -> None:
    with pytest.raises(BadSignature):
        verify(BODY, header, [SECRET], NOW)


@given(st.lists(st.sampled_from([T, "t=", "v1=", f"v1={BAD_HEX}", "v0=1", "=", "v1", "t=1"]), max_size=6))
def test_no_header_made_of_the_right_words_is_taken_without_a_good_signature(words: list[str]) -> None:
    with pytest.raises(BadSignature):
        verify(BODY, ",".join(words), [SECRET], NOW)
