"""A PostgreSQL cluster of our own, with the server's default settings: durable commits, nothing tuned."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import asyncpg

# The server refuses to run as root; then it runs as the account that the package manager made for it.
_ACCOUNT: Final = "postgres"


@contextlib.contextmanager
def postgres_server(url: str | None, directory: Path) -> Iterator[str]:
    """Give the URL of a server, ending in a slash before the database's name: the one given, or a private one."""
    if url is not None:
        yield url.rsplit("/", 1)[0] + "/"
        return
    home = Path(tempfile.mkdtemp(prefix="billfold-bench-pg-", dir=directory))
    as_root = os.geteuid() == 0
    account = _ACCOUNT if as_root else None
    if as_root:
        shutil.chown(home, _ACCOUNT)
        home.chmod(0o755)
    data, port = home / "data", free_port()
    tools = _tools()
    _run([tools / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8"], account, home)
    options = f"-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home}"
    _run([tools / "pg_ctl", "-D", data, "-w", "-l", home / "log", "-o", options, "start"], account, home)
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/"
    finally:
        _run([tools / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"], account, home)
        shutil.rmtree(home, ignore_errors=True)


def create_database(server: str, name: str) -> str:
    """Make an empty database, replacing one of that name, and return its URL."""

    async def create() -> None:
        connection = await asyncpg.connect(server + "postgres")
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await connection.execute(f'CREATE DATABASE "{name}"')
        await connection.close()

    asyncio.run(create())
    return server + name


def free_port() -> int:
    """Return a TCP port of the loopback that nobody uses at the moment."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _tools() -> Path:
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not versions:
        raise SystemExit("PostgreSQL's initdb was not found: install it, or give --postgres-url, or --database sqlite.")
    return versions[-1].parent


def _run(command: list[Path | str], account: str | None, home: Path) -> None:
    subprocess.run(
        [str(each) for each in command],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=home,
        user=account,
        group=account,
        extra_groups=[] if account else None,
    )
