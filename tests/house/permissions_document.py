"""Who may do what, as a page; `python -m tests.house.permissions_document` writes it (`just permissions`).

It is made of the routes alone: their guards are what is asked of a caller.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from billfold.domain.tenancy.api_keys import SCOPES
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.caller import FULL_ACCESS, needed_role
from tests.affiliate_permissions import AFFILIATE_DOORS, AffiliateDoor
from tests.house.sources import ROOT
from tests.permissions import DOORS, IN_PROJECT, SIGNED_IN, Door

PAGE: Final = ROOT / "docs" / "operate" / "permissions.md"
_YES: Final = "✓"
_NO: Final = "·"
_TOP: Final = """# Who may do what

This page is written by `just permissions` from the code, and a test compares them; two more try every cell: each
role and each key at each address.

People are signed in and have a role in each team; programs send an API key. A role includes those before it. What a
role does about other people depends on theirs: admins decide about viewers and members, owners about everybody;
anybody may leave, but for the last owner.

Members and keys that may not get 403; for who is not in the team all of it is 403, whether the team exists or not.
Without a session or key it is 401.

## In a project

Addresses begin with `/api/billstack/teams/{teamId}/projects/{projectId}`. A key needs the scope that stands in the
second column, or no list of scopes at all, which is full access; no scope includes another. The columns of roles
are for people with a session's cookie.

"""
_TEAM: Final = """## In a team

Addresses begin with `/api/billstack`. They take a session only: no API key opens them, whatever its scopes (401).
*Signed in* is everybody with a session, in a team or not.

"""
_SCOPES: Final = """## Scopes

Each scope with the addresses of a project that it opens, and the role that opens them to people.

"""


_AFFILIATE: Final = """## The partner program

Addresses begin with `/v1`. An app is a project; its admin routes take a member's token or the console's session, and are 404
to who is not in its team. *Customer* is a customer's session, *everybody* is for getting a credential.

"""


def permissions_page() -> str:
    """Return the page as the code has it."""
    of_project = [door for door in DOORS if door.is_of_project]
    of_team = [door for door in DOORS if not door.is_of_project]
    head = ("Address", "Key's scope", *(role.value for role in Role))
    project = [(_address(door), f"`{door.asks}`", *_marks(needed_role(door.asks))) for door in of_project]
    team = [(_address(door), *_signed_in(door)) for door in of_team]
    scopes = [
        (
            f"`{scope}`",
            "key without a list of scopes" if scope == FULL_ACCESS else "",
            needed_role(scope).value,
            ", ".join(_address(door) for door in of_project if door.asks == scope),
        )
        for scope in (*SCOPES, FULL_ACCESS)
    ]
    return (
        _TOP
        + _table(head, project)
        + f"\n{_TEAM}"
        + _table(("Address", SIGNED_IN, *(role.value for role in Role)), team)
        + f"\n{_SCOPES}"
        + _table(("Scope", "", "Role", "Opens"), scopes)
        + f"\n{_AFFILIATE}"
        + _table(("Address", "Who", *(role.value for role in Role)), map(_affiliate_row, AFFILIATE_DOORS))
    )


def _address(door: Door) -> str:
    return f"`{door.method} {door.path.removeprefix(IN_PROJECT) if door.is_of_project else door.path}`"


def _affiliate_row(door: AffiliateDoor) -> list[str]:
    kind, _, scope = door.asks.partition(" ")
    who = f"key, `{scope}`" if kind == "key" else kind
    return [f"`{door.name}`", who, *(_marks(needed_role(scope)) if kind == "member" else [""] * len(Role))]


def _marks(needed: Role) -> list[str]:
    return [_YES if role.includes(needed) else _NO for role in Role]


def _signed_in(door: Door) -> list[str]:
    if door.asks == SIGNED_IN:
        return [_YES] * (1 + len(Role))
    return [_NO, *_marks(Role(door.asks))]


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *(list(row) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(permissions_page(), encoding="utf-8")
