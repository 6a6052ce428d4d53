"""The way from a request to its endpoint: a look at the path's parts, the endpoint, and nothing between.

The framework's own way is four layers for errors and exits and a regular expression for each of a hundred routes: some 35 µs of
a small request that took 250 in all (decision 0012). What no route answers goes that way still: unknown addresses, other
methods, the document.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.routing import Route

from billfold.base.errors import BillfoldError
from billfold.entrypoints.api.billing.errors import business_response, unexpected_response
from billfold.entrypoints.limits import Receive, Scope, Send

Endpoint = Callable[[Request], Awaitable[Response]]


class _Part:
    """What may stand after the same beginning of a path: words, and at most one parameter of any name."""

    __slots__ = ("endpoints", "parameter", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Part] = {}
        self.parameter: _Part | None = None
        # By method: the endpoint, and the names of the parameters that lead to it.
        self.endpoints: dict[str, tuple[Endpoint, tuple[str, ...]]] = {}


class BillingDoor:
    """The billing application with its routes found by their parts; the first declared wins, as in the framework."""

    def __init__(self, app: FastAPI) -> None:
        self._app: Final = app
        self._root: Final = _Part()
        for route in app.router.routes:
            if isinstance(route, Route) and "/teams" in route.path:
                self._add(route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        found = self.find(scope) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        endpoint, scope["path_params"] = found
        scope["app"] = self._app
        try:
            response = await endpoint(Request(scope, receive))
        except BillfoldError as error:
            response = business_response(error)
        except HTTPException:
            raise
        except Exception:
            # As the framework does it: the caller is answered, the server's log gets the error.
            await unexpected_response()(scope, receive, send)
            raise
        await response(scope, receive, send)

    def find(self, scope: Scope) -> tuple[Endpoint, dict[str, str]] | None:
        """Return the endpoint of a request's method and path with the path's parameters, None if no route has them."""
        parts = scope["path"][len(scope.get("root_path", "")) :].split("/")
        here, values = self._root, []
        for part in parts[1:]:
            if not part:
                return None
            following = here.words.get(part)
            if following is None:
                following = here.parameter
                if following is None:
                    return None
                values.append(part)
            here = following
        found = here.endpoints.get(scope["method"])
        return None if found is None else (found[0], dict(zip(found[1], values, strict=True)))

    def _add(self, route: Route) -> None:
        here, names = self._root, []
        for part in route.path.split("/")[1:]:
            if part.startswith("{"):
                here.parameter = here = here.parameter or _Part()
                names.append(part[1:-1])
            else:
                here = here.words.setdefault(part, _Part())
        for method in route.methods or ():
            here.endpoints.setdefault(method, (route.endpoint, tuple(names)))
