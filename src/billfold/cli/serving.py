"""`billfold serve` and `billfold worker`: the two commands that run until they are told to stop."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from uvicorn import Config, Server

    from billfold.app import Application
    from billfold.base.settings import Settings

# Requests under way get this long after SIGTERM; with the worker's jobs, which end meanwhile, it stays under ten (B4).
_GRACE_SECONDS = 4
_SWITCH_SECONDS = 0.0002


def serve(
    *,
    host: Annotated[str | None, typer.Option(help="The address to listen on; BILLFOLD_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on; BILLFOLD_PORT.")] = None,
    with_worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Run jobs in this process too. SQLite needs it.")
    ] = True,
) -> None:
    """Answer HTTP, and run jobs in the same process.

    Gives an empty database its tables. SIGTERM ends it within ten seconds: requests under way are answered, jobs under way
    finish or wait for the next start.
    """
    from billfold.cli.opening import read_settings, require_schema  # noqa: PLC0415 - only what this command needs

    settings = read_settings(host=host, port=port)
    settings.keys()
    asyncio.run(require_schema(settings, make=True))
    run_server(settings, with_worker=with_worker)


def worker() -> None:
    """Run jobs without answering HTTP; any number of these share one PostgreSQL database."""
    from billfold.base.errors import Invalid  # noqa: PLC0415 - only what this command needs
    from billfold.cli.opening import read_settings, require_schema  # noqa: PLC0415 - see above

    settings = read_settings()
    if settings.sqlite_path is not None:
        raise Invalid(
            "SQLite is for one process, and billfold serve already runs its jobs. Use PostgreSQL for workers."
        )
    settings.keys()
    asyncio.run(require_schema(settings, make=False))
    _runner().run(_work_until_stopped(settings))


def _runner() -> Any:
    try:
        import uvloop  # noqa: PLC0415 - not there on Windows
    except ImportError:
        return asyncio.Runner()
    return asyncio.Runner(loop_factory=uvloop.new_event_loop)


def run_server(settings: Settings, *, with_worker: bool) -> None:
    """Serve until SIGTERM or SIGINT; the database has this version's tables already."""
    # Nothing that is imported is garbage; looking for some takes a tenth of the start. On again when serving begins.
    gc.disable()
    # SQLite's commits run in a thread that needs Python's lock before and after. By itself the event loop keeps it for up to five
    # milliseconds, ten times as long as a commit takes: 8,600 events a second at the webhook door were 9,500 this way.
    sys.setswitchinterval(_SWITCH_SECONDS)
    import uvicorn  # noqa: PLC0415 - only what this command needs

    from billfold.app import create_app  # noqa: PLC0415 - see above
    from billfold.entrypoints.http_connection import HttpConnection  # noqa: PLC0415 - see above

    application = create_app(settings, run_worker=with_worker)
    config = uvicorn.Config(
        application,
        host=settings.host,
        port=settings.port,
        http=HttpConnection,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        # `BILLFOLD_TRUSTED_PROXIES` says whom to believe; uvicorn would believe this machine.
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = _server(config, application)
    with _runner() as runner:
        runner.run(server.serve())
    if not server.started:
        raise SystemExit(1)


def _server(config: Config, application: Application) -> Server:
    import uvicorn  # noqa: PLC0415 - see `run_server`

    class GracefulServer(uvicorn.Server):
        """Uvicorn's, which also tells the worker at once that the end is near, and exits with 0 when it was asked to end."""

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            # Uvicorn's own raises the signal again afterwards, so that every orderly end would look like a killed process.
            before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
            try:
                yield
            finally:
                for number, handler in before.items():
                    signal.signal(number, handler)

        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            # What is loaded by now stays: the collector need not walk through it again and again.
            gc.collect()
            gc.freeze()
            gc.enable()

        async def shutdown(self, sockets: Any = None) -> None:
            application.begin_stop()
            await super().shutdown(sockets)

    return GracefulServer(config)


async def _work_until_stopped(settings: Settings) -> None:
    from billfold.app import create_app  # noqa: PLC0415 - see `run_server`

    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    application = create_app(settings)
    await application.start()
    gc.collect()
    gc.freeze()
    typer.echo("Billfold's worker runs. SIGTERM stops it.", err=True)
    await stopped.wait()
    await application.stop()
