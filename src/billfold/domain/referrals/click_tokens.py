"""Click tokens: what a browser, an app and Stripe carry from a followed link to the first payment, signed by us.

A token holds the project, the code, the click, the visitor, when the link was followed and until when that counts. So it binds a
customer even if the click's row was pruned or its commit was never heard of. It is at most 200 characters of `A-Z a-z 0-9 - _`,
which is what Stripe takes as `client_reference_id`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from billfold.base.signing import Signer

CLICK_PREFIX: Final = "clk_"
VISITOR_PREFIX: Final = "vis_"
_PROJECT_PREFIX: Final = "proj_"
LONGEST_TOKEN: Final = 200
_PARTS: Final = 6
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


# A struct and not a dataclass: one is made for every click.
class ClickToken(msgspec.Struct, frozen=True):
    """A followed link; moments are in the team's time, `expires_at` None where the terms set no window."""

    project_id: str
    code: str
    click_id: str
    visitor_id: str
    clicked_at: datetime
    expires_at: datetime | None


def write_token(signer: Signer, token: ClickToken) -> str:
    """Return the token as text."""
    expires = "" if token.expires_at is None else f"{_whole(token.expires_at):x}"
    return signer.sign(
        f"{token.project_id.removeprefix(_PROJECT_PREFIX)}\x1f{token.code}\x1f{token.click_id.removeprefix(CLICK_PREFIX)}"
        f"\x1f{token.visitor_id.removeprefix(VISITOR_PREFIX)}\x1f{_whole(token.clicked_at):x}\x1f{expires}".encode()
    )


def read_token(signer: Signer, text: str) -> ClickToken | None:
    """Return what a token says, None for what is none of ours; whether its time is over is the rules' business."""
    if not 0 < len(text) <= LONGEST_TOKEN:
        return None
    content = signer.open(text)
    if content is None:
        return None
    parts = content.decode().split("\x1f")
    if len(parts) != _PARTS:
        return None
    project, code, click, visitor, clicked, expires = parts
    return ClickToken(
        _PROJECT_PREFIX + project,
        code,
        CLICK_PREFIX + click,
        VISITOR_PREFIX + visitor,
        _moment(clicked),
        _moment(expires) if expires else None,
    )


def _whole(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def _moment(text: str) -> datetime:
    return _EPOCH + timedelta(microseconds=int(text, 16))
