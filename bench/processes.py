"""Servers under test: started in their own process on the loopback, held still while another is measured, stopped."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from bench.postgres import free_port

_START_SECONDS: Final = 30.0
_STOP_SECONDS: Final = 15.0
# Idle for longer than the worker rests while the doors are busy; a poll a second is no work.
_SETTLE_SECONDS: Final = 1.5
_SETTLE_LOOKS: Final = 40
_IDLE: Final = 0.03
REPOSITORY: Final = Path(__file__).resolve().parent.parent


class Server:
    """A process that listens on `port`; leaves nothing behind when the `with` block ends."""

    def __init__(self, command: list[str], port: int, log: Path, environment: Mapping[str, str] | None = None) -> None:
        self.port = port
        self.log = log
        self.started_at = time.perf_counter()
        self.answered_after = 0.0
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=REPOSITORY,
                env=_environment(log.parent, environment or {}),
            )

    def __enter__(self) -> Self:
        """Wait for the first answer, whatever it says."""
        self.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the process; one that does not end in time is killed."""
        self.stop()

    def wait(self, path: str = "/") -> float:
        """Return how many seconds passed between the start of the process and its first answer."""
        while time.perf_counter() - self.started_at < _START_SECONDS:
            if self.process.poll() is not None:
                raise SystemExit(f"The server ended with status {self.process.returncode}:\n{self.last_words()}")
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_START_SECONDS)
                connection.request("GET", path)
                connection.getresponse().read()
                connection.close()
                self.answered_after = time.perf_counter() - self.started_at
                return self.answered_after
            time.sleep(0.005)
        self.stop()
        raise SystemExit(f"The server did not answer within {_START_SECONDS:.0f} s:\n{self.last_words()}")

    def hold(self) -> None:
        """Stop the process where it is, so that what it still has to do does not disturb the next measurement."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let a held process run again."""
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """End the process and wait for it."""
        if self.process.poll() is None:
            self.go_on()
            self.process.terminate()
            try:
                self.process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def resident_megabytes(self) -> float:
        """Return the memory that the process and its children hold, in units of a million bytes."""
        own = self.process.pid
        children = [int(pid) for pid in Path(f"/proc/{own}/task/{own}/children").read_text().split()]
        return sum(_resident_kibibytes(pid) for pid in [own, *children]) * 1024 / 1e6

    def processor_seconds(self) -> float:
        """Return how much processor time all threads of the process have used; what it waited for does not count."""
        threads = Path(f"/proc/{self.process.pid}/task").iterdir()
        return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9

    def settle(self) -> float:
        """Wait until the process has nothing left to do and return the processor seconds that it took for that."""
        before = self.processor_seconds()
        last = before
        for _ in range(_SETTLE_LOOKS):
            time.sleep(_SETTLE_SECONDS)
            used, last = self.processor_seconds() - last, self.processor_seconds()
            if used < _SETTLE_SECONDS * _IDLE:
                break
        return last - before

    def last_words(self) -> str:
        """Return the end of what the process printed."""
        return self.log.read_text(errors="replace")[-3_000:]


def _environment(directory: Path, more: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment with more, and with bytecode kept as Python does by itself, but in our directory.

    Where the shell forbids bytecode, every start would compile some two thousand files anew, which no installation does.
    """
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, "PYTHONPYCACHEPREFIX": str(directory / "bytecode"), **more}


def _resident_kibibytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


@contextlib.contextmanager
def running(servers: list[Server], measured: Server) -> Iterator[None]:
    """Hold every other server still while one is measured."""
    others = [server for server in servers if server is not measured]
    for server in others:
        server.hold()
    try:
        yield
    finally:
        for server in others:
            server.go_on()


def baseline(name: str, directory: Path, environment: Mapping[str, str] | None = None) -> Server:
    """Start one of the servers of `bench.baselines`."""
    port = free_port()
    command = [sys.executable, "-m", "bench.baselines", name, str(port)]
    return Server(command, port, directory / f"{name}.log", environment)


@dataclass(frozen=True, slots=True)
class Installation:
    """A Billfold with one team and project, made by `billfold init`: what its JSON says, and how to run it."""

    environment: Mapping[str, str]
    directory: Path
    port: int
    team_id: str
    project_id: str
    api_key: str
    webhook_secret: str
    simulator_secret_key: str

    @property
    def project_path(self) -> str:
        """The path under which the billing API's project endpoints live."""
        return f"/api/billstack/teams/{self.team_id}/projects/{self.project_id}"

    @property
    def webhook_path(self) -> str:
        """The path of the Stripe webhook."""
        return f"/api/webhooks/stripe/{self.team_id}"

    @property
    def headers(self) -> dict[str, str]:
        """The headers of an API request."""
        return {"authorization": f"Bearer {self.api_key}"}

    @property
    def database_url(self) -> str:
        """Where it keeps everything."""
        return self.environment["BILLFOLD_DATABASE_URL"]

    def serve(self, *arguments: str, environment: Mapping[str, str] | None = None) -> Server:
        """Start `billfold serve`."""
        command = billfold("serve", "--port", str(self.port), *arguments)
        return Server(command, self.port, self.directory / "billfold.log", {**self.environment, **(environment or {})})

    def call(self, method: str, path: str, body: Any = None, bearer: str | None = None) -> Any:
        """Make one API request and return the decoded answer; for preparing, not for measuring."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        text = None if body is None else json.dumps(body)
        headers = self.headers if bearer is None else {"authorization": f"Bearer {bearer}"}
        connection.request(method, path, text, {**headers, "content-type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status >= 400:
            raise SystemExit(f"{method} {path} answered {answer.status}: {content[:500]!r}")
        return json.loads(content)


def billfold(*arguments: str) -> list[str]:
    """Return the command line of a Billfold command, by this interpreter."""
    return [sys.executable, "-c", "from billfold.cli import main; main()", *arguments]


def install(
    database_url: str, directory: Path, *arguments: str, environment: Mapping[str, str] | None = None
) -> Installation:
    """Make a team and a project in an empty database, with a simulated Stripe account unless arguments say otherwise."""
    port = free_port()
    full = {
        "BILLFOLD_DATABASE_URL": database_url,
        "BILLFOLD_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "BILLFOLD_SECRET_KEY": secrets.token_hex(32),
        "BILLFOLD_LOG_LEVEL": "error",
        **(environment or {}),
    }
    names = ("--team", "Bench", "--project", "Bench", "--email", "bench@example.com", "--json")
    done = subprocess.run(
        billfold("init", *names, *arguments),
        check=False,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env=_environment(directory, full),
    )
    if done.returncode:
        raise SystemExit(f"billfold init ended with status {done.returncode}:\n{done.stdout}\n{done.stderr}")
    made = json.loads(done.stdout[done.stdout.index("{") :])
    return Installation(
        environment=full,
        directory=directory,
        port=port,
        team_id=made["teamId"],
        project_id=made["projectId"],
        api_key=made["apiKey"],
        webhook_secret=made["webhookSecret"],
        simulator_secret_key=made.get("simulatorSecretKey") or "",
    )
