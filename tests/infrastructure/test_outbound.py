"""SCENARIOS G5: addresses that strangers name, in every form that has been used to reach what is not public."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from billfold.infrastructure.outbound import (
    AddressRefused,
    AnswerTooLarge,
    Limits,
    Outbound,
    Unreachable,
    is_private,
    is_public,
)

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

NOT_PUBLIC = (
    "0.0.0.0",  # noqa: S104 - refused, not bound
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:10.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2002:c0a8:101::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "no address",
    "",
)
PUBLIC = (
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "172.15.255.255",
    "172.32.0.1",
    "192.169.0.1",
    "198.20.0.1",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001::1",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_of_no_public_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_public_in_every_form(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "0.0.0.1", "224.0.0.1", "fe80::1", "100.100.100.200", "8.8.8.8"]
)
def test_metadata_multicast_and_the_unspecified_address_are_never_called_as_private(address: str) -> None:
    assert not is_private(address)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.20.0.1", "::1", "fd00::1", "::ffff:10.0.0.1"]
)
def test_private_addresses_are_private(address: str) -> None:
    assert is_private(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://login.example.com/",
        "ftp://login.example.com/",
        "file:///etc/passwd",
        "gopher://login.example.com/",
        "https://login.example.com:22/",
        "https://login.example.com:25/",
        "https://login.example.com:5432/",
        "https://login.example.com:6379/",
        "https://",
        "https:///path",
        "https://user@login.example.com/",
        "https://user:word@login.example.com/",
        "https://login.example.com:99999/",
        "https://login.example.com\\@127.0.0.1/",
        "https://login.example.com/ x",
        "https://login.example.com/\n",
        "//login.example.com/",
        "login.example.com",
        "https://login.example.com/" + "x" * 2_048,
        "https://bücher.example/",
        "",
    ],
)
def test_an_address_of_another_form_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        Outbound().check_url(url)


@pytest.mark.parametrize(
    "host",
    [
        *(each if ":" not in each else f"[{each}]" for each in NOT_PUBLIC[:-2] if "%" not in each),
        "2130706433",
        "127.1",
        "0x7f.1",
        "0x7f000001",
        "0177.0.0.1",
        "[fe80::1%25eth0]",
        "0xa9fea9fe",
        "2852039166",
        "localhost",
        "localhost.",
    ],
)
async def test_a_number_in_place_of_a_name_is_checked_too(host: str) -> None:
    with pytest.raises((AddressRefused, Unreachable)):
        await Outbound().fetch("GET", f"https://{host}/", limits=Limits(total_seconds=2))


def _names(**addresses: Sequence[str]) -> Callable[[str, int], Awaitable[Sequence[str]]]:
    async def resolve(host: str, port: int) -> Sequence[str]:
        del port
        return addresses.get(host.partition(".")[0], ())

    return resolve


async def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    outbound = Outbound(resolve=_names(mixed=["8.8.8.8", "10.0.0.1"]))
    with pytest.raises(AddressRefused):
        await outbound.fetch("GET", "https://mixed.example.com/")


async def test_a_name_without_an_address_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        await Outbound(resolve=_names()).fetch("GET", "https://nobody.example.com/")


@asynccontextmanager
async def _serving(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    runner = web.ServerRunner(web.Server(handler))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def _development() -> Outbound:
    return Outbound(allow_private=True, resolve=_names(login=["127.0.0.1"]))


async def test_the_name_stays_in_the_host_header_while_the_checked_address_is_called() -> None:
    seen: dict[str, Any] = {}

    async def handler(request: Any) -> web.Response:
        seen.update(
            host=request.headers["host"],
            body=await request.read(),
            method=request.method,
            mark=request.headers["x-mark"],
        )
        return web.Response(status=202, body=b"taken", headers={"X-Answer": "yes"})

    async with _serving(handler) as port:
        answer = await _development().fetch(
            "POST", f"http://login.example.com:{port}/keys?a=1", {"x-mark": "m"}, b"sent"
        )
    assert (answer.status, answer.body, answer.headers["x-answer"]) == (202, b"taken", "yes")
    assert seen == {"host": f"login.example.com:{port}", "body": b"sent", "method": "POST", "mark": "m"}


async def test_the_name_is_resolved_once_so_it_cannot_change_between_check_and_call() -> None:
    looked_up: list[str] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        del port
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["169.254.169.254"]

    async def handler(request: Any) -> web.Response:
        del request
        return web.Response()

    async with _serving(handler) as port:
        await Outbound(allow_private=True, resolve=resolve).fetch("GET", f"http://login.example.com:{port}/")
    assert looked_up == ["login.example.com"]


async def test_a_redirect_is_not_followed() -> None:
    async def handler(request: Any) -> web.Response:
        del request
        raise web.HTTPFound("http://127.0.0.1:1/secret")

    async with _serving(handler) as port:
        answer = await _development().fetch("GET", f"http://login.example.com:{port}/")
    assert answer.status == 302


async def test_a_proxy_in_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    async def handler(request: Any) -> web.Response:
        del request
        return web.Response(body=b"direct")

    async with _serving(handler) as port:
        answer = await _development().fetch("GET", f"http://login.example.com:{port}/")
    assert answer.body == b"direct"


async def test_an_answer_over_the_limit_is_refused_though_it_does_not_tell_its_length() -> None:
    async def handler(request: Any) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(64):
            await answer.write(b"x" * 1024)
        return answer

    async with _serving(handler) as port:
        with pytest.raises(AnswerTooLarge):
            await _development().fetch("GET", f"http://login.example.com:{port}/", limits=Limits(largest_answer=4_096))


async def test_a_slow_answer_ends_at_the_limit() -> None:
    left = asyncio.Event()

    async def handler(request: Any) -> web.Response:
        del request
        await left.wait()
        return web.Response()

    async with _serving(handler) as port:
        with pytest.raises(Unreachable):
            await _development().fetch("GET", f"http://login.example.com:{port}/", limits=Limits(total_seconds=0.05))
        left.set()


async def test_a_closed_port_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        await _development().fetch("GET", "http://login.example.com:1/")


async def test_tls_proves_the_name_and_not_the_address(tmp_path: Path) -> None:
    served, trusted = _certificate(tmp_path, "login.example.com")
    outbound = Outbound(allow_private=True, resolve=_names(login=["127.0.0.1"], other=["127.0.0.1"]), trusted=trusted)

    async def handler(request: Any) -> web.Response:
        del request
        return web.Response(body=b"proved")

    async with _serving(handler, served) as port:
        answer = await outbound.fetch("GET", f"https://login.example.com:{port}/")
        assert answer.body == b"proved"
        with pytest.raises(Unreachable):
            await outbound.fetch("GET", f"https://other.example.com:{port}/")


def _certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return served, ssl.create_default_context(cafile=str(folder / "cert.pem"))


def test_every_form_of_a_loopback_is_one_for_the_standard_library_too() -> None:
    """The table above is ours; where the library knows better, it must not say otherwise."""
    for address in PUBLIC:
        assert ipaddress.ip_address(address).is_global or ":" in address
