"""A PostgreSQL server of the tests' own: made in a temporary folder, stopped and removed at the end of the run."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Final

_START_SECONDS: Final = 30.0
_STOP_SECONDS: Final = 30.0

# Nothing of a test run has to survive the machine, so nothing waits for the disk.
_SETTINGS: Final = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "listen_addresses": "127.0.0.1",
    "timezone": "UTC",
}


class PostgresMissing(RuntimeError):
    """There are no PostgreSQL programs on this machine."""


class PostgresCluster:
    """One private server; it can be stopped and started again, as an outage would.

    With `loses_nothing` it waits for its log at each commit, so what it answered survives a crash of its process.
    """

    def __init__(self, *, loses_nothing: bool = False) -> None:
        self._settings = {**_SETTINGS, "synchronous_commit": "on"} if loses_nothing else _SETTINGS
        self._programs = _newest_programs()
        self._account = _unprivileged_account()
        self._folder = Path(tempfile.mkdtemp(prefix="billfold-postgres-"))
        self._port = _free_port()
        self._server: subprocess.Popen[bytes] | None = None
        if self._account is not None:
            os.chown(self._folder, self._account.pw_uid, self._account.pw_gid)
        self._run(
            "initdb", "-D", str(self._data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
        )

    @property
    def url(self) -> str:
        """The address of the server's first database, on the loopback."""
        return f"postgresql://postgres@127.0.0.1:{self._port}/postgres"

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def start(self) -> None:
        """Start the server and return when it answers."""
        options = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        options += ["-c", f"port={self._port}", "-c", f"unix_socket_directories={self._folder}"]
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [str(self._programs / "postgres"), "-D", str(self._data), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,  # Ctrl-C on the tests must not reach it before the tests end
                **self._as_account(),
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline or self._server.poll() is not None:
                raise RuntimeError(f"PostgreSQL did not start: {(self._folder / 'log').read_text()[-2000:]}")
            time.sleep(0.02)

    def stop(self, *, crash: bool = False) -> None:
        """Stop the server: cut every connection, and with `crash` skip its own tidying as a power cut would."""
        if self._server is None:
            return
        self._server.send_signal(signal.SIGQUIT if crash else signal.SIGINT)
        self._server.wait(_STOP_SECONDS)
        self._server = None

    def remove(self) -> None:
        """Stop the server and delete its files."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _answers(self) -> bool:
        command = [str(self._programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self._port)]
        return subprocess.run(command, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._programs / program), *arguments],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd=self._folder,
            **self._as_account(),
        )

    def _as_account(self) -> dict[str, Any]:
        """PostgreSQL refuses to run as root, so root hands it to an account without power."""
        if self._account is None:
            return {}
        return {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}


def _newest_programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).resolve().parent
    raise PostgresMissing(
        "no PostgreSQL programs found: install PostgreSQL 15 or later (`apt-get install postgresql`), "
        "or set BILLFOLD_TEST_POSTGRES_URL to a server that the tests may create databases on"
    )


def _unprivileged_account() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    names = {account.pw_name: account for account in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
