"""Runs `billfold` inside a test, and as a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from billfold.cli import main

SECRET_KEY = "02" * 32
_START_SECONDS = 60.0


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str


class CommandLine:
    """`billfold …` in this process, with an environment that names one database."""

    def __init__(self, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.environment = {
            "BILLFOLD_DATABASE_URL": url,
            "BILLFOLD_SECRET_KEY": SECRET_KEY,
            "BILLFOLD_LOG_LEVEL": "warning",
        }

    def __call__(self, *arguments: str) -> Outcome:
        for name, value in self.environment.items():
            self._monkeypatch.setenv(name, value)
        self._monkeypatch.setattr("sys.argv", ["billfold", *arguments])
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        printed = self._capsys.readouterr()
        code = end.value.code
        return Outcome(code if isinstance(code, int) else int(bool(code)), printed.out, printed.err)


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(environment: Mapping[str, str], port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `billfold serve` until the block ends; what it logs goes to a file."""
    with running(["serve", "--port", str(port)], environment, log, until="running on") as process:
        assert httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
        yield process


@contextmanager
def running(
    arguments: list[str], environment: Mapping[str, str], log: Path, *, until: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command that does not end by itself; the block begins when the command has logged the text `until`."""
    command = [sys.executable, "-c", "from billfold.cli import main; main()", *arguments]
    environment = {**os.environ, **environment, "BILLFOLD_LOG_LEVEL": "info"}
    with (
        log.open("wb") as lines,
        subprocess.Popen(command, env=environment, stdout=lines, stderr=lines) as process,
    ):
        try:
            _wait_for_line(process, log, until)
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()


def _wait_for_line(process: subprocess.Popen[bytes], log: Path, text: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while text not in log.read_text(encoding="utf-8"):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.05)


async def on_connection(url: str, work: Any) -> Any:
    """Run `work(connection)` with SQLAlchemy's own connection, which reflects tables."""
    if url.startswith("sqlite"):
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            return work(connection)
    asynchronous = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://"), poolclass=sa.NullPool)
    async with asynchronous.begin() as connection:
        return await connection.run_sync(work)


def execute(*statements: str) -> Any:
    """Return work that runs statements."""

    def work(connection: sa.Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    return work


def every_row(connection: sa.Connection) -> str:
    """Everything that the database holds, as text."""
    found = sa.MetaData()
    found.reflect(connection)
    return "\n".join(str(tuple(row)) for table in found.tables.values() for row in connection.execute(table.select()))
