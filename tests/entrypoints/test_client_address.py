from __future__ import annotations

import pytest

from billfold.base.settings import Settings, load_settings
from billfold.entrypoints.client_address import client_address


def scope(peer: str | None, *forwarded: str) -> dict[str, object]:
    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    return {"type": "http", "client": None if peer is None else (peer, 1), "headers": headers}


def settings(trusted: str | None) -> Settings:
    return load_settings(trusted_proxies=trusted)


def test_without_the_setting_the_header_is_not_looked_at_f7() -> None:
    assert client_address(scope("192.0.2.1", "10.9.9.9"), settings(None)) == "192.0.2.1"
    assert client_address(scope(None, "10.9.9.9"), settings(None)) == "unknown"


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("10.0.0.1", ("192.0.2.1",), "192.0.2.1"),
        ("10.0.0.1", (), "10.0.0.1"),
        # A client that is no proxy says what it likes.
        ("192.0.2.7", ("10.9.9.9",), "192.0.2.7"),
        # What stands further left was written by the client itself.
        ("10.0.0.1", ("203.0.113.1, 192.0.2.1",), "192.0.2.1"),
        ("10.0.0.1", ("203.0.113.1, 192.0.2.1, 10.0.0.2",), "192.0.2.1"),
        ("10.0.0.1", ("203.0.113.1", "192.0.2.1"), "192.0.2.1"),
        ("10.0.0.1", ("10.0.0.3, 10.0.0.2",), "10.0.0.3"),
        ("10.0.0.1", ("192.0.2.1, nonsense",), "10.0.0.1"),
        ("10.0.0.1", ("",), "10.0.0.1"),
        ("10.0.0.1", ("192.0.2.1:4711",), "192.0.2.1"),
        ("10.0.0.1", ("[2001:db8::1]:4711",), "2001:db8::1"),
        ("::ffff:10.0.0.1", ("192.0.2.1",), "192.0.2.1"),
        ("fd00::1", ("2001:DB8:0::1",), "2001:db8::1"),
        ("10.0.0.1", (", ".join(["10.0.0.2"] * 500),), "10.0.0.2"),
    ],
)
def test_the_list_is_read_from_the_right_as_far_as_our_proxies_vouch_f7(
    peer: str, forwarded: tuple[str, ...], expected: str
) -> None:
    trusted = settings("10.0.0.0/8, fd00::/8")
    address = client_address(scope(peer, *forwarded), trusted)
    assert address == expected
    # Asked again with the address that was found, as behind the door: the same.
    assert client_address(scope(address, *forwarded), trusted) == expected
