"""`billfold listen` and `billfold trigger`: the events of a project on the machine of whoever writes the app that gets them.

Both are clients of the API, with an API key: the server may be anywhere.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

_WAIT_SECONDS: Final = 25
_ANSWER_SECONDS: Final = 40.0
_FORWARD_SECONDS: Final = 15.0
# Small pages: whoever is stopped in the middle of one gets it again.
_PAGE: Final = 20
_LONGEST_PAUSE_SECONDS: Final = 30
_GONE: Final = 410
_PASSES: Final = frozenset({408, 429, 500, 502, 503, 504})

ProjectUrl = Annotated[
    str,
    typer.Option(
        envvar="BILLFOLD_PROJECT_URL",
        help="The project's address: https://billing.example.com/api/billstack/teams/team_…/projects/proj_….",
    ),
]
ApiKey = Annotated[str, typer.Option(envvar="BILLFOLD_API_KEY", help="An API key of the team: bs_….")]


def listen(
    *,
    forward_to: Annotated[
        str, typer.Option(help="Where your app takes webhooks, such as http://127.0.0.1:3000/hooks.")
    ],
    project_url: ProjectUrl,
    api_key: ApiKey,
    types: Annotated[str | None, typer.Option(help="Only events of these types, separated by commas.")] = None,
    from_start: Annotated[bool, typer.Option(help="Begin with the oldest event that is kept.")] = False,
    cursor_file: Annotated[
        Path | None, typer.Option(help="Where it is kept how far it came; a file in your home directory otherwise.")
    ] = None,
) -> None:
    """Follow a project's events and post each to your app, signed as a webhook is; it goes on where it stopped.

    Each line says what came and what your app answered. The first time it begins with what happens from now on.
    """
    if not forward_to.startswith(("http://", "https://")):
        raise typer.BadParameter("must begin with http:// or https://", param_hint="--forward-to")
    secret = secret_for(api_key)
    place = cursor_file or _usual_place(project_url, forward_to)
    typer.echo(f"Forwarding to {forward_to}. Its signing secret: {secret}")
    asyncio.run(_listen(project_url, api_key, Forwarding(forward_to, secret, types), place, from_start=from_start))


def trigger(
    event: Annotated[str, typer.Argument(help="A type of docs/api/events.md, such as subscription.created.")],
    *,
    project_url: ProjectUrl,
    api_key: ApiKey,
) -> None:
    """Make a test event: the type's example, marked as a test, in the feed and to every webhook that wants the type."""
    import httpx  # noqa: PLC0415 - only what this command needs

    try:
        with httpx.Client(headers=_headers(api_key), timeout=_ANSWER_SECONDS) as client:
            answer = client.post(f"{project_url.rstrip('/')}/events/test", json={"type": event})
    except httpx.HTTPError as error:
        raise _Refused(f"{project_url} cannot be reached: {error}.") from error
    if not answer.is_success:
        raise _Refused(_reason(answer))
    typer.echo(f"A test event {event} is on its way.")


def secret_for(api_key: str) -> str:
    """Return the secret that signs what `listen` posts: always the same for a key, and nothing can be told of the key by it."""
    digest = hmac.new(api_key.encode(), b"billfold listen", hashlib.sha256).digest()
    return "whsec_" + base64.b64encode(digest).decode()


class _Refused(typer.Exit):
    def __init__(self, message: str) -> None:
        typer.echo(f"billfold: {message}", err=True)
        super().__init__(1)


@dataclass(frozen=True, slots=True)
class Forwarding:
    """Where events go, what signs them, and which are wanted: all, or some types separated by commas."""

    url: str
    secret: str
    types: str | None = None


@dataclass
class Listener:
    """Follows a feed with one client and posts to an app with another; `pause` waits between failures."""

    feed: httpx.AsyncClient
    app: httpx.AsyncClient
    forwarding: Forwarding
    cursor_file: Path
    say: Callable[[str], None] = typer.echo
    failures: int = field(default=0, init=False)

    async def go_on(self, *, from_start: bool = False, wait: int = _WAIT_SECONDS) -> int:
        """Read one page from where it stopped, forward it and keep how far it came; return how many events it had."""
        import httpx  # noqa: PLC0415 - only what this command needs

        after = self._cursor() or (None if from_start else "latest")
        asked = {"after": after, "types": self.forwarding.types, "limit": _PAGE, "wait": wait}
        try:
            answer = await self.feed.get("events", params={name: value for name, value in asked.items() if value})
        except httpx.TransportError as error:
            await self._rest(f"the server cannot be reached ({type(error).__name__})")
            return 0
        if answer.status_code == _GONE:
            self.say(f"{_reason(answer)} Going on with what happens from now on.")
            self.cursor_file.unlink(missing_ok=True)
            return 0
        if answer.status_code in _PASSES:
            await self._rest(f"the server answered {answer.status_code}")
            return 0
        if not answer.is_success:
            raise _Refused(_reason(answer))
        self.failures = 0
        page = answer.json()
        for event in page["events"]:
            await self._forward(event)
        self._keep(page["cursor"])
        return len(page["events"])

    async def _forward(self, event: dict[str, Any]) -> None:
        import httpx  # noqa: PLC0415 - only what this command needs

        from billfold.base.clock import SystemClock  # noqa: PLC0415 - see above
        from billfold.domain.webhooks.signing import signed_headers  # noqa: PLC0415 - see above

        body = json.dumps(event, separators=(",", ":"), ensure_ascii=False)
        headers = signed_headers(
            event_id=event["id"],
            event_type=event["type"],
            body=body,
            secrets=[self.forwarding.secret],
            now=SystemClock().now(),
        )
        try:
            answer = await self.app.post(self.forwarding.url, content=body.encode(), headers=headers)
            told = str(answer.status_code)
        except httpx.HTTPError as error:
            told = f"no answer ({type(error).__name__})"
        self.say(f"{event['timestamp']}  {event['type']}  {event['id']}  {told}")

    async def _rest(self, reason: str) -> None:
        """Wait a little longer after each failure in a row."""
        if not self.failures:
            self.say(f"{reason}; trying again until it answers.")
        pause = min(2**self.failures, _LONGEST_PAUSE_SECONDS)
        self.failures += 1
        await asyncio.sleep(pause)

    def _cursor(self) -> str | None:
        try:
            return self.cursor_file.read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    def _keep(self, cursor: str) -> None:
        self.cursor_file.parent.mkdir(parents=True, exist_ok=True)
        # Whole or not at all, also if the machine is switched off in between.
        draft = self.cursor_file.with_name(self.cursor_file.name + ".new")
        draft.write_text(cursor, encoding="utf-8")
        draft.replace(self.cursor_file)


async def _listen(
    project_url: str, api_key: str, forwarding: Forwarding, cursor_file: Path, *, from_start: bool
) -> None:
    import httpx  # noqa: PLC0415 - only what this command needs

    async with (
        httpx.AsyncClient(
            base_url=project_url.rstrip("/") + "/", headers=_headers(api_key), timeout=_ANSWER_SECONDS
        ) as feed,
        httpx.AsyncClient(timeout=_FORWARD_SECONDS, follow_redirects=False, trust_env=False) as app,
    ):
        listener = Listener(feed, app, forwarding, cursor_file)
        # The first look does not wait: from then on the place is kept, whatever happens.
        await listener.go_on(from_start=from_start, wait=0)
        while True:
            await listener.go_on(from_start=from_start)


def _headers(api_key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {api_key}"}


def _usual_place(project_url: str, forward_to: str) -> Path:
    name = hashlib.sha256(f"{project_url} {forward_to}".encode()).hexdigest()[:16]
    return Path(typer.get_app_dir("billfold")) / "listen" / f"{name}.cursor"


def _reason(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["error"])
    except (ValueError, KeyError, TypeError):
        return f"the server answered {answer.status_code}: is the project's address right?"
