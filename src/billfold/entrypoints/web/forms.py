"""Reading forms, and telling our own pages from foreign ones (SCENARIOS F5).

A request that changes something by a cookie must come from a page of ours: `Origin` is our public address, or the browser itself
says `Sec-Fetch-Site: same-origin` (it sends `Origin: null` from a page whose policy hides the referrer). That holds for the
sign-in form too, so nobody can sign a visitor in as somebody else. A form sent within a session also carries the session's
token in the field `csrf`.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request

from billfold.base.crypto import same
from billfold.base.errors import Forbidden, Invalid
from billfold.base.settings import Settings
from billfold.domain.tenancy.sessions import SessionCaller
from billfold.entrypoints.services import Services
from billfold.entrypoints.web.session_cookie import LOOPBACK_HOSTS

CSRF_FIELD: Final = "csrf"
_FORM_TYPE: Final = "application/x-www-form-urlencoded"
_LARGEST_FORM: Final = 64 * 1024
MOST_FIELDS: Final = 1_000
_PORTS: Final = {"http": 80, "https": 443}
_STALE: Final = "This form is out of date, or was not made for you. Go back, load the page again and send it once more."


class Form(dict[str, str]):
    """The fields of a form, each with its last value; `every` gives all values of a field that may repeat."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        super().__init__(pairs)
        self._pairs = pairs

    def every(self, name: str) -> list[str]:
        """Return each value that was sent under this name."""
        return [value for key, value in self._pairs if key == name]

    def text(self, name: str) -> str:
        """Return a field without white space around it; an absent one is empty."""
        return self.get(name, "").strip()


def whole_number(text: str, *, least: int, most: int) -> int | None:
    """Return the whole number that somebody typed, None for anything that is not one from `least` to `most`."""
    # Not longer than the largest one: what is far too long is not even made a number.
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(most)):
        return None
    number = int(text)
    return number if least <= number <= most else None


def csrf_token(session: SessionCaller) -> str:
    """Return what a form of this session carries in its field `csrf`; it changes with the session's token."""
    return hmac.new(session.csrf_key.encode(), b"csrf", hashlib.sha256).hexdigest()


async def read_form(request: Request, session: SessionCaller | None) -> Form:
    """Return a form's fields.

    Raises `Forbidden` if it was not sent by a page of ours or, within a session, lacks the session's token; `Invalid` if it
    cannot be read.
    """
    services: Services = request.app.state.services
    require_own_origin(services.settings, request.headers)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM_TYPE:
        raise Forbidden("Send the form as the page does: another content type is not accepted.")
    body = await request.body()
    if len(body) > _LARGEST_FORM:
        raise Invalid("The form holds too much text.")
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise Invalid("The form cannot be read.") from None
    return checked_form(pairs, session)


def checked_form(pairs: Iterable[tuple[str, str]], session: SessionCaller | None) -> Form:
    """Return the fields of a form that a page of ours sent; raises as `read_form` does."""
    form = Form([(name, value.replace("\r\n", "\n")) for name, value in pairs])
    if any("\0" in value for value in form.values()):
        raise Invalid("A field holds a character that no text has.")
    if session is not None and not same(form.get(CSRF_FIELD, ""), csrf_token(session)):
        raise Forbidden(_STALE)
    return form


def require_own_origin(settings: Settings, headers: Headers, *, may_be_missing: bool = False) -> None:
    """Raise `Forbidden` if a browser sent this from a page that is not ours.

    `may_be_missing` admits a request without `Origin`, as programs send it; browsers send one with every POST.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is None and origin is None:
        if may_be_missing:
            return
        raise Forbidden("The browser does not say which page sent this form. Use a current browser.")
    if site not in {None, "same-origin"}:
        raise Forbidden("This form was sent by a page of another site.")
    is_hidden = origin in {None, "null"}
    if (is_hidden and site is None) or (not is_hidden and not _is_ours(settings, origin or "")):
        raise Forbidden(f"This form was not sent by a page of ours. Open {settings.public_url} and try again there.")


def _is_ours(settings: Settings, origin: str) -> bool:
    try:
        ours, sent = _parts(settings.public_url), _parts(origin)
    except ValueError:
        return False
    # On the loopback every name is this machine, which people type one way or the other.
    if ours[1] in LOOPBACK_HOSTS and sent[1] in LOOPBACK_HOSTS:
        return (ours[0], ours[2]) == (sent[0], sent[2])
    return ours == sent


def _parts(url: str) -> tuple[str, str | None, int | None]:
    """Return scheme, host and port, the last as a number even if it is the scheme's own."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)
