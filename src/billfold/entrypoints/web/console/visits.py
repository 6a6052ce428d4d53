"""A visit to the console: who is asking, in which team and project, and what the frame around the page shows.

Whoever is not signed in is sent to the sign-in page and comes back. A team or project that is not the person's does not exist for
him (404). What his role does not reach is refused with a page that says who may (contract G7).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from billfold.base.errors import Forbidden, NotFound
from billfold.domain.tenancy.audit_log import Actor
from billfold.domain.tenancy.members import Role
from billfold.domain.tenancy.places import Place, places_of_user
from billfold.domain.tenancy.sessions import SessionCaller
from billfold.domain.tenancy.stripe_connections import StripeConnection, find_connection
from billfold.entrypoints.client_address import client_address
from billfold.entrypoints.services import Services
from billfold.entrypoints.web.console.frame import Connection, Frame, Notice, frame_of
from billfold.entrypoints.web.forms import Form, csrf_token, read_form
from billfold.entrypoints.web.pages import render
from billfold.entrypoints.web.session_cookie import is_secure, read_session
from billfold.entrypoints.web.uploads import Upload, read_upload
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.jobs import queue

_NOTICE_COOKIE: Final = "billfold_notice"
_NOTICE_KINDS: Final = frozenset({"good", "warn", "bad"})
_LONGEST_NOTICE: Final = 300
_NOTICE_SECONDS: Final = 60
_MOST_STUCK: Final = 100


class NotSignedIn(Exception):
    """Nobody is signed in: the page leads to the sign-in page."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a signed-in member."""

    request: Request
    services: Services
    session: SessionCaller
    places: list[Place]
    place: Place
    connection: StripeConnection | None
    stuck_jobs: int
    now: datetime

    @property
    def team_id(self) -> str:
        """The team's id."""
        return self.place.team_id

    @property
    def project_id(self) -> str:
        """The project's id; only for pages of a project."""
        if self.place.project_id is None:
            raise NotFound("This team has no project yet.")
        return self.place.project_id

    @property
    def role(self) -> Role:
        """What the person is in this team."""
        return Role(self.place.role)

    @property
    def at(self) -> datetime:
        """The team's time."""
        return self.now + timedelta(microseconds=self.place.clock_offset_us)

    @property
    def actor(self) -> Actor:
        """The person as the audit log names him."""
        address = client_address(self.request, self.services.settings)
        return Actor("member", self.session.user_id, address, self.session.email)

    @property
    def home(self) -> str:
        """Where the project's pages begin."""
        return f"/console/{self.team_id}/{self.project_id}"

    @property
    def team_home(self) -> str:
        """Where the team's pages begin."""
        return f"/console/{self.team_id}"

    @property
    def is_connected(self) -> bool:
        """Tell whether the team has a Stripe account."""
        return self.connection is not None and self.connection.is_active

    def may(self, role: Role) -> bool:
        """Tell whether the person may do what takes this role."""
        return self.role.includes(role)

    def require(self, role: Role) -> None:
        """Raise `Forbidden` if the person's role does not reach, saying whose does."""
        if not self.may(role):
            raise Forbidden(
                f"This takes the role {role.value}; yours in {self.place.team_name} is {self.role.value}. "
                "An admin or owner of the team can do it for you, or give you the role."
            )

    async def form(self, role: Role) -> Form:
        """Return the fields of a form that takes this role."""
        form = await read_form(self.request, self.session)
        self.require(role)
        return form

    async def upload(self, role: Role, *, largest: int) -> Upload:
        """Return the fields and files of a form that takes this role."""
        found = await read_upload(self.request, self.session, largest=largest)
        self.require(role)
        return found

    def show(self, template: str, context: Mapping[str, Any], status: int = 200) -> Response:
        """Draw a page of the console."""
        frame = self._frame()
        values = {
            "frame": frame,
            "csrf": frame.csrf,
            "at": self.at,
            "may_write": self.may(Role.MEMBER),
            "may_administer": self.may(Role.ADMIN),
            **context,
        }
        answer = render(self.request, f"console/{template}", values, status)
        if frame.notice is not None:
            answer.delete_cookie(_NOTICE_COOKIE, path="/console")
        return answer

    def done(self, path: str, text: str, kind: str = "good") -> Response:
        """Lead on after a form, to a page that begins with a notice."""
        answer = RedirectResponse(path, 303)
        answer.set_cookie(
            _NOTICE_COOKIE,
            quote(f"{kind}:{text[:_LONGEST_NOTICE]}"),
            max_age=_NOTICE_SECONDS,
            path="/console",
            secure=is_secure(self.services.settings),
            httponly=True,
            samesite="strict",
        )
        return answer

    def _frame(self) -> Frame:
        connection = None
        if self.connection is None or not self.connection.is_active:
            connection = Connection("warn", "Stripe not connected")
        elif self.connection.kind == "simulated":
            connection = Connection("new", "Stripe simulator")
        elif not self.connection.livemode:
            connection = Connection("new", "Stripe test mode")
        return frame_of(
            place=self.place,
            places=self.places,
            path=self.request.url.path,
            here=self.request.url.path + (f"?{self.request.url.query}" if self.request.url.query else ""),
            person=self.session.email,
            connection=connection,
            notice=_notice(self.request),
            csrf=csrf_token(self.session),
            stuck_jobs=self.stuck_jobs,
        )


async def enter(request: Request, role: Role = Role.VIEWER) -> Visit:
    """Return the visit of a request for a page of the team and, if its address names one, the project.

    Raises `NotSignedIn`, `NotFound` for what is not the person's, and `Forbidden` for too small a role.
    """
    services: Services = request.app.state.services
    session = await read_session(services, request)
    if session is None:
        raise NotSignedIn
    team_id: str = request.path_params["team_id"]
    project_id: str | None = request.path_params.get("project_id")
    places, connection, stuck = await services.db.read(_surroundings, session.user_id, team_id)
    mine = [each for each in places if each.team_id == team_id]
    if project_id is not None:
        mine = [each for each in mine if each.project_id == project_id]
    if not mine:
        raise NotFound("There is no such page, or it belongs to a team that you are not in.")
    visit = Visit(
        request=request,
        services=services,
        session=session,
        places=places,
        place=mine[0],
        connection=connection,
        stuck_jobs=stuck,
        now=services.clock.now(),
    )
    visit.require(role)
    return visit


async def _surroundings(tx: Reading, user_id: str, team_id: str) -> tuple[list[Place], StripeConnection | None, int]:
    places = await places_of_user(tx, user_id)
    if not any(each.team_id == team_id for each in places):
        return places, None, 0
    stuck = await queue.stuck_of_team(tx, team_id, limit=_MOST_STUCK)
    return places, await find_connection(tx, team_id), len(stuck)


def _notice(request: Request) -> Notice | None:
    kind, separator, text = unquote(request.cookies.get(_NOTICE_COOKIE, "")).partition(":")
    return Notice(kind, text[:_LONGEST_NOTICE]) if separator and kind in _NOTICE_KINDS else None
