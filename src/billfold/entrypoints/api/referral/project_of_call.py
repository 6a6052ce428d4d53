"""Which project a call without a token is for (issue 3, part 2): by its host, by a setting, or because there is only one.

The settings of its program are what a browser's call needs before anything else (CORS), so they are remembered for half a
second. Only what was found is remembered: a project that was just set up is there at once.
"""

from __future__ import annotations

import time
from typing import Final

from billfold.domain.referrals.sign_ups import (
    SignUpProgram,
    project_of_host,
    sign_up_program,
    sole_sign_up_project,
)
from billfold.entrypoints.services import Services
from billfold.infrastructure.db.database import Reading

_KEPT_NANOSECONDS: Final = 500_000_000
_MOST_KEPT: Final = 1_000
_LONGEST_HOST: Final = 253


class ProjectOfCall:
    """Finds the program for sign-ups that a public call means."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._kept: dict[str, tuple[int, SignUpProgram]] = {}

    async def by_host(self, host: str) -> SignUpProgram | None:
        """Return the program for a `Host` header, None if it cannot be told."""
        # Whoever calls writes the host, which must not be read as a project's id.
        name = f"host {host}"
        kept = self._kept.get(name)
        if kept is not None and kept[0] >= time.monotonic_ns():
            return kept[1]
        return self._keep(name, await self._services.db.read(_find, _name_of(host), self._configured))

    async def of_project(self, project_id: str) -> SignUpProgram | None:
        """Return a project's own program for sign-ups."""
        kept = self._kept.get(project_id)
        if kept is not None and kept[0] >= time.monotonic_ns():
            return kept[1]
        return self._keep(project_id, await self._services.db.read(sign_up_program, project_id))

    @property
    def _configured(self) -> str | None:
        return self._services.settings.referral_project

    def _keep(self, name: str, found: SignUpProgram | None) -> SignUpProgram | None:
        if found is None:
            self._kept.pop(name, None)
            return None
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[name] = (time.monotonic_ns() + _KEPT_NANOSECONDS, found)
        return found


async def _find(tx: Reading, host: str | None, configured: str | None) -> SignUpProgram | None:
    project_id = None if host is None else await project_of_host(tx, host)
    project_id = project_id or configured or await sole_sign_up_project(tx)
    return None if project_id is None else await sign_up_program(tx, project_id)


def _name_of(host: str) -> str | None:
    """Return the host's name in lower case without its port; None for what is no name."""
    name = host.partition(":")[0].lower().rstrip(".")
    return name if 0 < len(name) <= _LONGEST_HOST and name.isascii() and name.isprintable() else None
