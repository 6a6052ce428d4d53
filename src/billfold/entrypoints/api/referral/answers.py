"""The envelope of this surface: `{"success":true,"data":{…}}` and `{"success":false,"error":"…"}` (contract section 9.1)."""

from __future__ import annotations

import msgspec

from billfold.base.errors import BillfoldError
from billfold.entrypoints.limits import Send

Header = tuple[bytes, bytes]


class Data(msgspec.Struct, rename="camel"):
    """Base of what an answer holds: fields in camel case, in the order in which the page prints them."""


class LinkData(Data):
    """A customer's code, and the address that passes it on."""

    code: str
    link: str


class ConvertData(Data):
    """Whether this call converted, and then who brought the address (contract B2, B7)."""

    converted: bool
    referrer_id: str | None


class StatsData(Data):
    """Whom a customer brought and what was awarded for it, in whole units (contract B12, B13)."""

    total_referrals: int
    converted_referrals: int
    pending_referrals: int
    total_rewards: int


class Succeeded(msgspec.Struct):
    """An answer."""

    success: bool
    data: LinkData | ConvertData | StatsData


class Failed(msgspec.Struct):
    """A refusal."""

    success: bool
    error: str


class Refused(Exception):
    """The request is answered with this status and text, in the envelope."""

    def __init__(self, status: int, message: str, *headers: Header) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers


class TooMany(BillfoldError):
    """A limit of this surface was reached: 429."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many requests. Try again in {seconds} seconds.")
        self.seconds = seconds


_encoder = msgspec.json.Encoder()


def envelope(status: int, message: str) -> bytes:
    """Return the body of a refusal; what a limit in front of the surface says is put into the same words."""
    del status
    return _encoder.encode(Failed(success=False, error=message))


async def send_data(data: LinkData | ConvertData | StatsData, headers: tuple[Header, ...], send: Send) -> None:
    """Answer 200."""
    await send_body(200, _encoder.encode(Succeeded(success=True, data=data)), headers, send)


async def send_body(status: int, body: bytes, headers: tuple[Header, ...], send: Send) -> None:
    """Answer with a body that is JSON; nothing of this surface may be kept by a cache on the way."""
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", b"application/json"),
                (b"content-length", b"%d" % len(body)),
                (b"cache-control", b"no-store"),
                *headers,
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})
