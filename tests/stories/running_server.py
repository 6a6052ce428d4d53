"""`billfold serve` as a process of its own, which a test kills and starts again, and what `billfold init` told."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from billfold.base.fail_points import VARIABLE
from billfold.domain.ledger.audit import audit
from billfold.infrastructure.db.database import Database
from billfold.infrastructure.jobs.queue import jobs
from tests.cli.command_line import SECRET_KEY, free_port, on_connection
from tests.conftest import open_database

Result = TypeVar("Result")

_START_SECONDS: Final = 60.0
# How long a story waits for what the worker does in a moment; a machine under load, and retries with back-off, need it.
PATIENCE_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Team:
    """What `billfold init --json` printed."""

    id: str
    project_id: str
    api_key: str
    webhook_secret: str
    stripe_key: str

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a caller with full access."""
        return {"Authorization": f"Bearer {self.api_key}"}


def team_of(printed: Mapping[str, str]) -> Team:
    """Read what `billfold init --json` printed."""
    return Team(
        id=printed["teamId"],
        project_id=printed["projectId"],
        api_key=printed["apiKey"],
        webhook_secret=printed["webhookSecret"],
        stripe_key=printed["simulatorSecretKey"],
    )


def server_environment(url: str) -> dict[str, str]:
    """Return the settings of a server on a database."""
    return {"BILLFOLD_DATABASE_URL": url, "BILLFOLD_SECRET_KEY": SECRET_KEY, "BILLFOLD_LOG_LEVEL": "warning"}


class RunningServer:
    """The process; `start` it, `kill` it, `start` it again on the same port and database."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def database_url(self) -> str:
        """Where its database is."""
        return self._environment["BILLFOLD_DATABASE_URL"]

    def start(self, *, fail_point: str = "") -> None:
        """Start the server and return when it answers, or when its fail point has killed it already."""
        command = [sys.executable, "-c", "from billfold.cli import main; main()", "serve", "--port", str(self.port)]
        environment = {**os.environ, **self._environment, VARIABLE: fail_point, "BILLFOLD_PUBLIC_URL": self.base_url}
        with self.log.open("ab") as lines:
            self._process = subprocess.Popen(command, env=environment, stdout=lines, stderr=lines)
        deadline = time.monotonic() + _START_SECONDS
        while not self.answers():
            if self._process.poll() is not None:
                assert fail_point, self.text()
                return
            assert time.monotonic() < deadline, self.text()
            time.sleep(0.02)

    def answers(self) -> bool:
        """Tell whether the server is there and its database answers."""
        # Asked fifty times a second while it starts: httpx would read every certificate of the machine each time.
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
            try:
                connection.request("GET", "/healthz")
                return connection.getresponse().status == HTTPStatus.OK
            except (OSError, http.client.HTTPException):
                return False

    def is_alive(self) -> bool:
        """Tell whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End the process as a power cut would; one that is dead already stays dead."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)

    def stop(self) -> None:
        """End the process as an administrator would."""
        if self.is_alive():
            assert self._process is not None
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(20)

    def died_by_itself(self) -> bool:
        """Tell whether a fail point killed the process."""
        return self._process is not None and self._process.poll() == -signal.SIGKILL

    def text(self) -> str:
        """Return what the server logged."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def read(self, work: Callable[[Database], Any]) -> Any:
        """Run `work(db)`, a coroutine function, on the server's database from outside."""

        async def together() -> Any:
            db = open_database(self.database_url)
            await db.start()
            try:
                return await work(db)
            finally:
                await db.stop()

        return asyncio.run(together())

    def rows(self, statement: sa.Select[Any]) -> list[Any]:
        """Return the rows of a query, read from outside."""
        return list(
            asyncio.run(on_connection(self.database_url, lambda connection: connection.execute(statement).all()))
        )

    def ledger_findings(self) -> list[Any]:
        """Return the accounts whose balance is not the sum of their transfers (D1)."""
        return list(self.read(lambda db: db.snapshot(audit)))

    def let_leases_run_out(self) -> None:
        """Let the minute pass after which a dead worker's jobs are anybody's."""
        statement = sa.update(jobs).where(jobs.c.lease_token.is_not(None)).values(run_at=jobs.c.created_at)
        asyncio.run(on_connection(self.database_url, lambda connection: connection.execute(statement)))


def wait_until(look: Callable[[], Result], server: RunningServer | None = None) -> Result:
    """Look again and again until there is something true, and return it; give up after a bounded time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, server.text()[-6000:] if server else "it did not happen"
        time.sleep(0.05)
