"""SCENARIOS G5: addresses that lead where a stranger must not reach, refused where they are entered and where they are called."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import pytest
from aiohttp import web

from billfold.infrastructure import outbound_call
from billfold.infrastructure.outbound import AddressRefused, Outbound, Unreachable
from tests.outgoing.world import World

# Refused as soon as somebody enters them: their form says enough.
VISIBLE: Final = (
    "http://app.example.com/",
    "file:///etc/passwd",
    "gopher://app.example.com:70/_x",
    "ftp://app.example.com/",
    "dict://app.example.com:11211/",
    "data:text/plain,x",
    "javascript:alert(1)",
    "https://",
    "https:///secret",
    "//app.example.com/",
    "https://user@app.example.com/",
    "https://user:word@app.example.com/",
    "https://app.example.com@127.0.0.1/",
    "https://app.example.com%40127.0.0.1@127.0.0.1/",
    "https://127.0.0.1\\@app.example.com/",
    "https://app.example.com:22/",
    "https://app.example.com:25/",
    "https://app.example.com:5432/",
    "https://app.example.com:6379/",
    "https://app.example.com:11211/",
    "https://app.example.com:0/",
    "https://app.example.com:65536/",
    "https://app.example.com/ HTTP/1.1\r\nHost: internal",
    "https://app.example.com/\n",
    "https://áþþ.example.com/",
    "https://app.example.com/" + "x" * 2_048,
)
# Numbers in every form that has been used to hide them: refused where they are entered, and when they are called.
HIDDEN: Final = (
    "127.0.0.1",
    "127.1",
    "127.255.255.254",
    "0",
    "0.0.0.0",  # noqa: S104 - refused, not bound
    "0x7f000001",
    "0x7f.0.0.1",
    "2130706433",
    "0177.0.0.1",
    "017700000001",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "169.254.43518",
    "2852039166",
    "0xa9fea9fe",
    "0xa9.254.0xa9.0376",
    "0251.0376.0251.0376",
    "025177524776",
    "[::ffff:169.254.169.254]",
    "[::ffff:a9fe:a9fe]",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.255",
    "198.18.0.1",
    "198.51.100.65",
    "203.0.113.6",
    "224.0.0.1",
    "250.10.20.30",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:0.0.0.1]",
    "[::ffff:0:127.0.0.1]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[2001::1]",
    "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    "[2001:db8::1]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::169.254.169.254]",
    "localhost",
    "localhost.",
    "LOCALHOST",
)
# Names that anybody may make, and what they lead to.
NAMES: Final[dict[str, Sequence[str]]] = {
    "localtest.example.com": ("127.0.0.1",),
    "127.0.0.1.nip.example.com": ("127.0.0.1",),
    "metadata.example.com": ("169.254.169.254",),
    "six.example.com": ("::1",),
    "mapped.example.com": ("::ffff:10.0.0.1",),
    "mixed.example.com": ("8.8.8.8", "10.0.0.1"),
    "hidden-behind-six.example.com": ("2606:4700::1111", "fd00::1"),
    "nobody.example.com": (),
}


def _called(*given: Any) -> Any:
    raise AssertionError(f"a refused address was called: {given}")


def _resolving(names: dict[str, Sequence[str]]) -> Callable[[str, int], Awaitable[Sequence[str]]]:
    async def resolve(host: str, port: int) -> Sequence[str]:
        del port
        return names.get(host, ())

    return resolve


@pytest.mark.parametrize("url", VISIBLE)
def test_an_address_whose_form_says_enough_is_refused_where_it_is_entered(url: str) -> None:
    with pytest.raises(AddressRefused):
        Outbound().check_url(url)


@pytest.mark.parametrize("host", HIDDEN)
def test_a_number_that_leads_inside_is_refused_where_it_is_entered(host: str) -> None:
    with pytest.raises(AddressRefused):
        Outbound().check_url(f"https://{host}/")


@pytest.mark.parametrize("host", ["1.1.1.1", "[2001:4860:4860::8888]", "[::ffff:8.8.8.8]", "app.example.com"])
def test_what_leads_outside_is_taken(host: str) -> None:
    assert Outbound().check_url(f"https://{host}/hooks").path == "/hooks"


async def _reason(world: World, outbound: Outbound, url: str) -> str:
    """Send an event to an address that got past whoever entered it, and return why it was not taken."""
    world.dispatcher._post = outbound.fetch
    endpoint, _ = await world.endpoint(url)
    await world.happen("pc_1")
    await world.drain()
    (delivery,) = await world.deliveries(endpoint)
    assert delivery.status == "waiting"
    assert delivery.last_status is None
    return delivery.last_error or ""


async def test_an_address_that_leads_inside_is_refused_at_every_delivery(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound_call, "_send", _called)
    for host in HIDDEN:
        for keeps in (False, True):
            outbound = Outbound(keeps_connections=keeps)
            with pytest.raises((AddressRefused, Unreachable)):
                await outbound.fetch("POST", f"https://{host}/")
            await outbound.close()
    outbound = Outbound(keeps_connections=True)
    assert "private or reserved" in await _reason(world, outbound, "https://127.0.0.1/")
    await outbound.close()


async def test_a_name_that_leads_inside_is_refused_at_every_delivery(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound_call, "_send", _called)
    outbound = Outbound(keeps_connections=True, resolve=_resolving(NAMES))
    for name in NAMES:
        with pytest.raises((AddressRefused, Unreachable)):
            await outbound.fetch("POST", f"https://{name}/")
    await outbound.close()
    assert await _reason(world, Outbound(resolve=_resolving(NAMES)), "https://mixed.example.com/")


@asynccontextmanager
async def _serving(handler: Callable[[Any], Awaitable[web.StreamResponse]]) -> AsyncIterator[int]:
    runner = web.ServerRunner(web.Server(handler))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def test_a_name_that_changes_its_answer_is_called_where_it_was_checked(world: World) -> None:
    """Between the check and the call, and between two deliveries over a connection that was kept."""
    answers = [["127.0.0.1"], ["169.254.169.254"], ["127.0.0.1"]]

    async def resolve(host: str, port: int) -> Sequence[str]:
        del host, port
        return answers.pop(0)

    async def handler(request: Any) -> web.Response:
        del request
        return web.Response()

    outbound = Outbound(allow_private=True, keeps_connections=True, resolve=resolve)
    world.dispatcher._post = outbound.fetch
    async with _serving(handler) as port:
        endpoint, _ = await world.endpoint(f"http://app.example.com:{port}/")
        for object_id in ("pc_1", "pc_2", "pc_3"):
            await world.happen(object_id)
            await world.drain()
        found = await world.deliveries(endpoint)
        assert [each.status for each in found] == ["delivered", "waiting", "delivered"]
        assert "private or reserved" in (found[1].last_error or "")
        await outbound.close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_inside_is_a_failure_and_is_not_followed(world: World, status: int) -> None:
    asked: list[str] = []

    async def handler(request: Any) -> web.Response:
        asked.append(request.path)
        return web.Response(status=status, headers={"location": f"/secret?{len(asked)}"})

    outbound = Outbound(allow_private=True, keeps_connections=True)
    world.dispatcher._post = outbound.fetch
    async with _serving(handler) as port:
        endpoint, _ = await world.endpoint(f"http://127.0.0.1:{port}/hook")
        await world.happen("pc_1")
        await world.drain()
        (delivery,) = await world.deliveries(endpoint)
        assert (delivery.status, delivery.last_status, asked) == ("waiting", status, ["/hook"])
        await outbound.close()


async def test_of_a_long_answer_only_the_beginning_is_read_and_the_status_counts(world: World) -> None:
    async def handler(request: Any) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(64):
            await answer.write(b"x" * 16 * 1024)
        return answer

    outbound = Outbound(allow_private=True, keeps_connections=True)
    world.dispatcher._post = outbound.fetch
    async with _serving(handler) as port:
        endpoint, _ = await world.endpoint(f"http://127.0.0.1:{port}/hook")
        await world.happen("pc_1")
        await world.drain()
        (delivery,) = await world.deliveries(endpoint)
        assert delivery.status == "delivered"
        (attempt,) = await world.attempts(delivery)
        assert attempt.answer == "x" * 1_024
        await outbound.close()
