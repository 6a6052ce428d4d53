"""The files that pages are drawn with: style sheet, emblem and our own scripts, at `/static/<file>?v=<hash>`.

They are read once. An address with the right hash is kept by browsers for a year, because another content has another address.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_HASH_LENGTH: Final = 12


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file: `version` is the beginning of its content's SHA-256."""

    content: bytes
    media_type: str
    version: str


@cache
def static_files() -> dict[str, StaticFile]:
    """Return every file of the folder `static/` by its name."""
    found = {}
    for each in (files("billfold.entrypoints.web") / "static").iterdir():
        media_type = _TYPES.get(each.name[each.name.rfind(".") :])
        if media_type is not None:
            content = each.read_bytes()
            found[each.name] = StaticFile(content, media_type, hashlib.sha256(content).hexdigest()[:_HASH_LENGTH])
    return found


def static_url(name: str) -> str:
    """Return where a page finds a file; raises `KeyError` if there is none of this name."""
    return f"/static/{name}?v={static_files()[name].version}"


def static_routes() -> list[Route]:
    """Return the route of the files."""
    return [
        Route("/static/{name}", _send, methods=["GET"]),
        Route("/js/track.js", _send_script, methods=["GET"]),
    ]


async def _send_script(request: Request) -> Response:
    """Send the script that other people's pages take in; it may change, so it is kept for an hour."""
    del request
    headers = {
        "cache-control": "public, max-age=3600",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "cross-origin",
    }
    return Response(public_script(), media_type=_TYPES[".js"], headers=headers)


@cache
def public_script() -> bytes:
    """Return `track.js` without its indentation: every visitor of every page loads it."""
    lines = static_files()["track.js"].content.decode().splitlines()
    return "\n".join(line.strip() for line in lines).encode()


async def _send(request: Request) -> Response:
    found = static_files().get(request.path_params["name"])
    if found is None:
        return PlainTextResponse("Not found.", 404)
    current = request.query_params.get("v") == found.version
    headers = {
        "cache-control": "public, max-age=31536000, immutable" if current else "public, max-age=300",
        "x-content-type-options": "nosniff",
        # A file that is opened by itself may do nothing.
        "content-security-policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
    }
    return Response(found.content, media_type=found.media_type, headers=headers)
