"""What stands around every page of the console: the rail with its places and pages, who is signed in, the notice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from billfold.domain.tenancy.members import Role
from billfold.domain.tenancy.places import Place


@dataclass(frozen=True, slots=True)
class Link:
    """A line of the rail; `waiting` counts what needs a person."""

    label: str
    href: str
    current: bool = False
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A group of pages."""

    label: str
    links: list[Link]


@dataclass(frozen=True, slots=True)
class Connection:
    """What to know about the Stripe account at all times; `kind` is a class of the status."""

    kind: str
    word: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What the last form did: `kind` is good, warn or bad."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of one page, as `templates/console/frame.html` draws it."""

    home: str
    team_home: str
    place: str
    team: str
    team_id: str
    project_id: str | None
    role: str
    choices: list[Link]
    team_links: list[Link]
    sections: list[Section]
    connection: Connection | None
    person: str
    notice: Notice | None
    csrf: str
    here: str


# Group of pages: name and the end of the address below the project's.
PROJECT_PAGES: Final[Sequence[tuple[str, Sequence[tuple[str, str]]]]] = (
    ("", (("Overview", ""),)),
    ("Billing", (("Customers", "/customers"), ("Subscriptions", "/subscriptions"), ("Catalog", "/catalog"))),
    (
        "Referrals",
        (
            ("Referrals", "/referrals"),
            ("Codes", "/codes"),
            ("Program", "/program"),
            ("Sign-up bonus", "/sign-up-bonus"),
            ("Links and tracking", "/links"),
        ),
    ),
    (
        "Partners",
        (
            ("Applications", "/applications"),
            ("Partners", "/partners"),
            ("Commissions", "/commissions"),
            ("Commission terms", "/commission-terms"),
            ("Fraud queue", "/fraud-queue"),
            ("Payouts", "/payouts"),
            ("Deals", "/deals"),
            ("Assets", "/partner-assets"),
            ("Partner program", "/partner-program"),
        ),
    ),
    ("Books", (("Ledger", "/ledger"), ("Stripe events", "/stripe-events"), ("Jobs", "/jobs"))),
    ("Project", (("Settings", "/settings"), ("Wallets", "/wallets"), ("Webhooks", "/webhooks"), ("Events", "/events"))),
)
# Name, end of the address, and the least role that may open it.
TEAM_PAGES: Final[Sequence[tuple[str, str, Role]]] = (
    ("API keys", "/api-keys", Role.ADMIN),
    ("Stripe", "/stripe", Role.ADMIN),
    ("Members", "/members", Role.VIEWER),
    ("Mail", "/mail", Role.ADMIN),
    ("Audit log", "/audit-log", Role.ADMIN),
)


def frame_of(
    *,
    place: Place,
    places: Sequence[Place],
    path: str,
    here: str,
    person: str,
    connection: Connection | None,
    notice: Notice | None,
    csrf: str,
    stuck_jobs: int,
) -> Frame:
    """Return the frame; `path` decides which line of the rail is the current one."""
    home = f"/console/{place.team_id}/{place.project_id}" if place.project_id else f"/console/{place.team_id}"
    sections = []
    if place.project_id:
        sections = [
            Section(label, [_link(name, home + end, path, home, stuck_jobs) for name, end in pages])
            for label, pages in PROJECT_PAGES
        ]
    team_home = f"/console/{place.team_id}"
    role = Role(place.role)
    open_to = [(name, end) for name, end, least in TEAM_PAGES if role.includes(least)]
    sections.append(Section("Team", [_link(name, team_home + end, path, home, 0) for name, end in open_to]))
    own = [each for each in places if each.team_id == place.team_id]
    others = {each.team_id: each for each in places if each.team_id != place.team_id}
    return Frame(
        home=home,
        team_home=team_home,
        place=place.project_name or place.team_name,
        team=place.team_name,
        team_id=place.team_id,
        project_id=place.project_id,
        role=place.role,
        choices=[
            Link(
                each.project_name or "",
                f"/console/{each.team_id}/{each.project_id}",
                current=each.project_id == place.project_id,
            )
            for each in own
            if each.project_id
        ],
        team_links=[
            *(
                [Link("New project", f"{team_home}/projects/new", path == f"{team_home}/projects/new")]
                if role.includes(Role.ADMIN)
                else []
            ),
            *(Link(each.team_name, f"/console/{each.team_id}") for each in others.values()),
            Link("New team", f"{team_home}/teams/new", path == f"{team_home}/teams/new"),
        ],
        sections=sections,
        connection=connection,
        person=person,
        notice=notice,
        csrf=csrf,
        here=here,
    )


def _link(name: str, href: str, path: str, home: str, stuck_jobs: int) -> Link:
    is_current = path == href or (href != home and path.startswith(f"{href}/"))
    return Link(name, href, is_current, stuck_jobs if name == "Jobs" else 0)
