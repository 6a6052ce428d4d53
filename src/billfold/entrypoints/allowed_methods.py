"""Which methods an address answers to: the router itself names only those of the first route that matched."""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import Match


def allow_header(request: Request) -> dict[str, str]:
    """Return the `Allow` header of a 405 (RFC 9110, 15.5.6): every method of this address."""
    methods: set[str] = set()
    for route in request.app.routes:
        match, _ = route.matches(request.scope)
        if match is not Match.NONE:
            methods.update(getattr(route, "methods", None) or ())
    return {"allow": ", ".join(sorted(methods))}
