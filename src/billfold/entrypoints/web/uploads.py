"""Reading a form that sends a file (RFC 7578), from a page of ours and with the session's token as every form.

The parts are cut by their bytes, so a file comes out exactly as it went in; the few header lines of a part are read by the
standard library. Such a form is read only where a page has one: everywhere else its content type is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import HTTP
from typing import Final

from starlette.requests import Request

from billfold.base.errors import Forbidden, Invalid
from billfold.domain.tenancy.sessions import SessionCaller
from billfold.entrypoints.services import Services
from billfold.entrypoints.web.forms import MOST_FIELDS, Form, checked_form, require_own_origin

_LONGEST_BOUNDARY: Final = 70
# Beside the file: its fields, and the lines between them.
_ROOM_FOR_FIELDS: Final = 16 * 1024
_LONGEST_HEAD: Final = 4 * 1024
_UNREADABLE: Final = "The form cannot be read."


@dataclass(frozen=True, slots=True)
class Upload:
    """A form with its files by the names of their fields; a field in which no file was chosen is left out."""

    form: Form
    files: dict[str, bytes]


async def read_upload(request: Request, session: SessionCaller, *, largest: int) -> Upload:
    """Return a form with its files, which have at most `largest` bytes in all; raises as `read_form` does."""
    services: Services = request.app.state.services
    require_own_origin(services.settings, request.headers)
    boundary = _boundary(request.headers.get("content-type", ""))
    body = await request.body()
    if len(body) > largest + _ROOM_FOR_FIELDS:
        raise Invalid(f"The file is too large: at most {largest // 1024} KiB.")
    pairs: list[tuple[str, str]] = []
    files: dict[str, bytes] = {}
    for head, content in _parts(body, boundary):
        name, filename = _names(head)
        if filename is None:
            try:
                pairs.append((name, content.decode()))
            except UnicodeDecodeError:
                raise Invalid(_UNREADABLE) from None
        elif content or filename:
            files[name] = content
    return Upload(checked_form(pairs, session), files)


def _boundary(content_type: str) -> bytes:
    message = EmailMessage(policy=HTTP)
    try:
        message["content-type"] = content_type
        boundary = message.get_param("boundary")
    except (ValueError, IndexError):
        boundary = None
    if message.get_content_type() != "multipart/form-data":
        raise Forbidden("Send the form as the page does: another content type is not accepted.")
    if not isinstance(boundary, str) or not boundary.isascii() or not 0 < len(boundary) <= _LONGEST_BOUNDARY:
        raise Invalid(_UNREADABLE)
    return b"\r\n--" + boundary.encode()


def _parts(body: bytes, boundary: bytes) -> list[tuple[bytes, bytes]]:
    """Return each part's header lines and content."""
    cut = (b"\r\n" + body).split(boundary, MOST_FIELDS + 1)
    if len(cut) < 2 or len(cut) > MOST_FIELDS + 1 or not cut[-1].startswith(b"--"):  # noqa: PLR2004 - before it, behind it
        raise Invalid(_UNREADABLE)
    found = []
    for part in cut[1:-1]:
        head, separator, content = part.partition(b"\r\n\r\n")
        if not separator or len(head) > _LONGEST_HEAD:
            raise Invalid(_UNREADABLE)
        found.append((head.lstrip(b" \t").removeprefix(b"\r\n"), content))
    return found


def _names(head: bytes) -> tuple[str, str | None]:
    """Return the name of a part's field, and of its file, which is None for a field of text."""
    try:
        header = BytesHeaderParser(policy=HTTP).parsebytes(head + b"\r\n\r\n")
        disposition = header.get_content_disposition()
        params = header["content-disposition"].params if disposition == "form-data" else {}
    except (ValueError, IndexError, AttributeError):
        params = {}
    name, filename = params.get("name"), params.get("filename")
    if not isinstance(name, str):
        raise Invalid(_UNREADABLE)
    return name, filename if filename is None else str(filename)
