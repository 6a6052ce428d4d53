"""How to call an operation: with curl, in TypeScript and in Python, from the example that a test sends."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

_WIDTH: Final = 96
# Which client of the SDK has an operation's method, and how its credentials are called in curl.
_HEADERS: Final = {
    "apiKey": '-H "Authorization: Bearer $BILLFOLD_API_KEY"',
    "session": '-H "Cookie: __Host-billfold_session=$SESSION" -H "Origin: $BILLFOLD_URL"',
    "userToken": '-H "Authorization: Bearer $USER_TOKEN"',
    "customerSession": '-H "Authorization: Bearer $SESSION_TOKEN"',
    "member": '-H "Authorization: Bearer $MEMBER_TOKEN"',
}
_CLIENTS: Final = {"billing": "billfold", "referral": "mine", "affiliate": "stackbe"}


@dataclass(frozen=True, slots=True)
class Sample:
    """The same call three times; a surface without an SDK method has only curl."""

    curl: str
    typescript: str | None
    python: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What a sample shows: the operation, by whom, and the example's values."""

    surface: str
    base: str
    method: str
    path: str
    credential: str | None
    sdk_method: str | None
    path_names: tuple[str, ...]
    query_names: tuple[str, ...]
    values: Mapping[str, str]
    body: Any | None


def sample_of(shown: Shown) -> Sample:
    """Return an operation's sample."""
    return Sample(_curl(shown), _typescript(shown), _python(shown))


def _curl(shown: Shown) -> str:
    path = re.sub(r"{(\w+)}", lambda name: quote(shown.values.get(name[1], f"{{{name[1]}}}"), safe="{}"), shown.path)
    query = {name: shown.values[name] for name in shown.query_names if name in shown.values}
    address = f'"$BILLFOLD_URL{shown.base}{path}{"?" + urlencode(query) if query else ""}"'
    words = ["curl"]
    if shown.method not in {"GET", "POST"} or (shown.method == "POST" and shown.body is None):
        words += ["-X", shown.method]
    lines = [" ".join([*words, address])]
    if shown.credential in _HEADERS:
        lines.append(f"  {_HEADERS[shown.credential]}")
    if shown.body is not None:
        quoted = json.dumps(shown.body, ensure_ascii=False).replace("'", "'\\''")
        lines.append(f"  --json '{quoted}'")
    return " \\\n".join(lines)


def _arguments(shown: Shown) -> list[Any]:
    """Return the positional arguments: the identifiers of the path but for the client's own, then the body."""
    resource = (shown.sdk_method or "").partition(".")[0]
    own = {"teams": set[str](), "projects": {"teamId"}}.get(resource, {"teamId", "projectId", "appId"})
    names = [name for name in shown.path_names if name not in own]
    names += _POSITIONAL_QUERY.get(shown.sdk_method or "", ())
    return [shown.values.get(name, name) for name in names]


# What the address carries behind a question mark and the method takes by its place.
_POSITIONAL_QUERY: Final = {
    "affiliates.getApplicationStatus": ("email",),
    "auth.verifyLink": ("token",),
    "identityProviders.delete": ("issuer",),
}


def _typescript(shown: Shown) -> str | None:
    if shown.sdk_method is None:
        return None
    positional = _POSITIONAL_QUERY.get(shown.sdk_method, ())
    query = {
        name: _query_value(name, shown.values[name])
        for name in shown.query_names
        if name in shown.values and name not in positional
    }
    values = [*_arguments(shown), *_bodies(shown), *([query] if query else [])]
    arguments = ", ".join(_javascript(value) for value in values)
    return f"await {_CLIENTS[shown.surface]}.{shown.sdk_method}({arguments});"


def _python(shown: Shown) -> str | None:
    if shown.sdk_method is None:
        return None
    values = [*(_literal(value) for value in [*_arguments(shown), *_bodies(shown)])]
    positional = _POSITIONAL_QUERY.get(shown.sdk_method, ())
    values += [
        f"{_snake(name)}={_python_text(_query_value(name, shown.values[name]))}"
        for name in shown.query_names
        if name in shown.values and name not in positional
    ]
    call = f"{_CLIENTS[shown.surface]}.{_snake(shown.sdk_method)}"
    return f"{call}({', '.join(values)})"


def _bodies(shown: Shown) -> list[Any]:
    """Return the body as the SDK's method takes it."""
    if shown.body is None or shown.sdk_method in _WITHOUT_BODY:
        return []
    if shown.sdk_method == "affiliates.trackReferral":
        return [shown.body[name] for name in _TRACKED if name in shown.body]
    if shown.sdk_method in _ONE_FIELD:
        return [shown.body[_ONE_FIELD[shown.sdk_method]]]
    return [shown.body]


_TRACKED: Final = ("code", "url")
# The method's name says the whole body, or the body has one field that the method takes by itself.
_WITHOUT_BODY: Final = frozenset({"subscriptions.cancel", "stripe.simulate"})
_ONE_FIELD: Final = {
    "referrals.createCode": "customerId",
    "invitations.accept": "token",
    "auth.verifyToken": "token",
    "auth.sendMagicLink": "email",
}


def _plain(text: str) -> Any:
    return json.loads(text) if re.fullmatch(r"true|false|\d{1,9}", text) else text


def _query_value(name: str, text: str) -> Any:
    # The one that the SDKs take as a list, and join by commas.
    return text.split(",") if name == "types" else _plain(text)


def _javascript(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value:
        return text
    text = re.sub(r'(?<=[{ ])"([A-Za-z_]\w*)":', r"\1:", text)
    text = re.sub(r"^{(.*)}$", r"{ \1 }", text)
    if len(text) <= _WIDTH or not isinstance(value, dict):
        return text
    inner = ",\n".join(f"{_key(key)}: {_javascript(each)}" for key, each in value.items())
    return "{\n" + textwrap.indent(inner, "  ") + ",\n}"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_]\w*", name) else json.dumps(name)


def _literal(value: Any) -> str:
    text = _python_text(value)
    if len(text) <= _WIDTH or not isinstance(value, dict):
        return text
    inner = ",\n".join(f"{json.dumps(key)}: {_literal(each)}" for key, each in value.items())
    return "{\n" + textwrap.indent(inner, "    ") + ",\n}"


def _python_text(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {_python_text(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_python_text, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return repr(value)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
