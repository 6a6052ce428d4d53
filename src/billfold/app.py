"""The whole server as one ASGI application: which address belongs to which door, and what starts and stops in which order.

A dispatcher of our own instead of a router: the doors are few, the first one is hot, and each surface is an application with
its own errors, documents and middleware.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import structlog

from billfold.base.clock import Clock
from billfold.base.settings import Settings
from billfold.domain.webhooks import lanes
from billfold.entrypoints.api.affiliate.app import PREFIX as AFFILIATES
from billfold.entrypoints.api.affiliate.track import PATH as TRACK
from billfold.entrypoints.api.referral.app import PREFIX as REFERRALS
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.limits import AsgiApp, BadKeyLimit, Message, Receive, RequestLimits, Scope, Send
from billfold.entrypoints.referral_links import PREFIX as LINKS
from billfold.entrypoints.stripe_webhook import PREFIX as WEBHOOKS
from billfold.entrypoints.web.app import LIMIT_HEADERS, limit_page
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.jobs import queue
from billfold.infrastructure.stripe_simulator.errors import error_body
from billfold.wiring import Installation, assemble, load_stripe_client

_log = structlog.get_logger(__name__)

_STRIPE_API: Final = "/simulator/stripe"
# What every host answers, a project's link host too.
_EVERY_HOSTS: Final = frozenset({"/healthz"})
# What every answer says unless it says otherwise: a cache keeps nothing of a customer, and no browser guesses a type.
_UNLESS_SAID: Final = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))
# Below these nothing is a page: whoever asks reads JSON.
_APIS: Final = ("/api", "/v1", "/simulator", "/healthz")

_WORKER_AGAIN_SECONDS: Final = 1.0
# Closing waits for units under way; one that hangs must not keep the process from ending (SCENARIOS B4: 10 seconds in all).
_CLOSE_SECONDS: Final = 1.5


class Application:
    """Billfold's server. `start` and `stop` are the lifespan; tests call them without a server around."""

    def __init__(self, installation: Installation, *, run_worker: bool) -> None:
        settings = installation.services.settings
        per_minute = settings.bad_keys_per_minute
        self.installation = installation
        self._run_worker = run_worker
        self._has_proxies = settings.trusted_proxies is not None
        self._tasks: list[asyncio.Task[None]] = []
        self._worker_stop: asyncio.Task[None] | None = None
        # The longest first: /simulator/stripe lies below /simulator.
        self._mounts: list[tuple[str, AsgiApp]] = [
            ("/api/billstack", BadKeyLimit(installation.billing_app, per_minute=per_minute)),
            ("/api/auth", installation.auth_api),
            ("/api/portal", installation.portal_api),
        ]
        if settings.simulator:
            self._mounts += [
                (_STRIPE_API, installation.simulator.asgi),
                ("/simulator", BadKeyLimit(installation.simulator_app, per_minute=per_minute)),
            ]
        self._limited = RequestLimits(self._dispatch)
        self._limited_pages = RequestLimits(installation.web_app, envelope=limit_page, headers=LIMIT_HEADERS)
        # Whoever calls the simulator's Stripe API reads Stripe's errors.
        self._limited_stripe = RequestLimits(self._dispatch, envelope=error_body)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's request, or the server's own start and stop."""
        if scope["type"] == "http":
            if self._has_proxies:
                # Once, at the door: whatever counts or records addresses behind it sees the client's own.
                scope["client"] = (client_address(scope, self.installation.services.settings), 0)
            if scope["path"].startswith(WEBHOOKS):
                # It comes with limits and errors of its own, and before everything else.
                await self.installation.webhook_door(scope, receive, send)
            elif scope["path"].startswith(LINKS):
                # As hot as the first, and as complete.
                await self.installation.referral_links(scope, receive, send)
            elif scope["path"] == TRACK:
                await self.installation.track_door(scope, receive, send)
            else:
                await self._answer(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def start(self) -> None:
        """Open the database and set the worker to work."""
        services = self.installation.services
        await services.db.start()
        if self._run_worker:
            if services.settings.sqlite_path is not None:
                # SQLite is for one process: whoever held these jobs is dead, so nobody need wait for a lease to run out.
                await services.db.write(_release_leases, services.clock.now())
            self._tasks.append(asyncio.create_task(self._work()))
            self._tasks.append(asyncio.create_task(self.installation.sequencer.run()))
            self._tasks.append(asyncio.create_task(self.installation.dispatcher.run()))

    def begin_stop(self) -> None:
        """Have the worker take no more jobs and nobody wait for events, while requests under way are still being answered."""
        self.installation.services.feed_readers.release()
        if self._worker_stop is None:
            self._worker_stop = asyncio.create_task(self._stop_work())

    async def stop(self) -> None:
        """Let what is under way end, then close everything in the order in which it depends on the rest."""
        self.begin_stop()
        if self._worker_stop is not None:
            await self._worker_stop
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self.installation.close()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_watched(message: Message) -> None:
            nonlocal started
            if not started:
                started = True
                message = {**message, "headers": _with_defaults(message.get("headers", ()))}
            await send(message)

        try:
            if scope["path"].startswith(REFERRALS) and scope["path"][len(REFERRALS) :][:1] in {"", "/"}:
                # Also with limits and an envelope of its own.
                await self.installation.referral_app(scope, receive, send_watched)
            elif scope["path"] == AFFILIATES or scope["path"].startswith(f"{AFFILIATES}/"):
                await self.installation.affiliate_app(scope, receive, send_watched)
            elif scope["path"].startswith(_STRIPE_API):
                await self._limited_stripe(scope, receive, send_watched)
            elif not await self._answer_link_host(scope, send_watched):
                limited = self._limited if scope["path"].startswith(_APIS) else self._limited_pages
                await limited(scope, receive, send_watched)
        except Exception:
            _log.exception("request.failed", method=scope["method"], path=scope["path"])
            if started:
                raise
            await _answer_error(500, "Something went wrong on our side. Try again.", send_watched)

    async def _answer_link_host(self, scope: Scope, send: Send) -> bool:
        """Answer `/{code}` if the request came to a project's own link host; False: it did not."""
        path: str = scope["path"]
        if path.count("/") != 1 or path in _EVERY_HOSTS:
            return False
        links = self.installation.referral_links
        project_id = await links.project_by_host(scope)
        if project_id is None:
            return False
        await links.answer(scope, send, project_id, path[1:], path="/")
        return True

    async def _dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        for prefix, app in self._mounts:
            if path == prefix or (path.startswith(prefix) and path[len(prefix)] == "/"):
                await app({**scope, "root_path": scope.get("root_path", "") + prefix}, receive, send)
                return
        if path == "/healthz":
            await self._tell_health(send)
            return
        await _answer_error(404, "There is nothing at this address: see /reference for those that there are.", send)

    async def _tell_health(self, send: Send) -> None:
        """Answer 200 if the database answers; a load balancer asks this."""
        try:
            await self.installation.services.db.read(_next_job)
        except Exception as error:  # noqa: BLE001 - whatever it is, the server is not healthy
            _log.warning("health.bad", reason=repr(error))
            await _answer_error(503, "The database does not answer.", send)
            return
        await _answer_json(200, {"status": "ok"}, send)

    async def _stop_work(self) -> None:
        installation = self.installation
        await asyncio.gather(installation.worker.stop(), installation.sequencer.stop(), installation.dispatcher.stop())

    async def _work(self) -> None:
        while True:
            try:
                await self.installation.worker.run()
            except Exception:  # noqa: BLE001 - a server without its worker would look alive and do nothing
                _log.exception("worker.failed")
                await asyncio.sleep(_WORKER_AGAIN_SECONDS)
            else:
                return

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await self.start()
                except Exception as error:  # noqa: BLE001 - the server is told, and ends
                    _log.exception("server.start_failed")
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    return
                await send({"type": "lifespan.startup.complete"})
                self._tasks.append(asyncio.create_task(asyncio.to_thread(load_stripe_client)))
            else:
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


def create_app(settings: Settings, *, clock: Clock | None = None, run_worker: bool = True) -> Application:
    """Return the server for these settings, not yet started; its database must have this version's tables."""
    return Application(assemble(settings, clock=clock), run_worker=run_worker)


async def _next_job(tx: Reading) -> None:
    await queue.next_due(tx)


async def _release_leases(tx: Writing, now: datetime) -> None:
    await queue.release_leases(tx, now=now)
    await lanes.release_leases(tx, now=now)


def _with_defaults(given: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    headers = list(given)
    names = {name for name, _ in headers}
    headers.extend(each for each in _UNLESS_SAID if each[0] not in names)
    return headers


async def _answer_error(status: int, message: str, send: Send) -> None:
    await _answer_json(status, {"error": message}, send)


async def _answer_json(status: int, content: Any, send: Send) -> None:
    body = json.dumps(content).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
