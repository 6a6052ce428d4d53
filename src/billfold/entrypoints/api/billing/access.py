"""The one dependency of every route: who is asking, for which project, with which scope (contract G1 to G5).

It runs before anything of the request is read, so that a stranger learns nothing from a 400 or a 404. Each chained
dependency would cost about a seventh of a small request; this one is all there is.
"""

from __future__ import annotations

import re
from typing import Final

from fastapi import Request

from billfold.base.errors import NotFound
from billfold.entrypoints.caller import Access, project_access

_ID: Final = re.compile(r"[0-9a-z]{1,64}")


class Allowed:
    """`Depends(Allowed("customers:read"))` gives the caller's `Access`, or answers 401, 403 or 404.

    The scope `*` asks for a key without a list of scopes, or for an admin or owner of the team.
    """

    def __init__(self, scope: str) -> None:
        self.scope = scope

    async def __call__(self, request: Request) -> Access:
        """Check the key, the team and project of the path, and the scope, in that order."""
        path = request.path_params
        authorization = request.headers.get("authorization")
        client = request.client
        return await project_access(
            request.app.state.services,
            authorization,
            path["teamId"],
            path["projectId"],
            self.scope,
            address=None if client is None else client.host,
        )


def is_id(text: str, prefix: str) -> bool:
    """Tell whether a text has the form of an id; another one need not be looked up, and some no database would take."""
    return text.startswith(prefix) and _ID.fullmatch(text, len(prefix)) is not None


def path_id(request: Request, name: str, prefix: str, noun: str) -> str:
    """Return an id from the path, or raise `NotFound` for a text that can be nobody's id.

    `prefix` is given with its underscore; `noun` is what the error calls it: "Customer not found".
    """
    text: str = request.path_params[name]
    if not is_id(text, prefix):
        raise NotFound(f"{noun} not found")
    return text
