"""How every page is drawn: one Jinja environment, one set of strict headers.

A template says nothing inline: no style, no script, no address of another origin. The policy forbids all of it, and Trusted Types
forbid our own scripts to make markup from text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from billfold.entrypoints.web.amounts import date_text, day_text, minute_text, money_text, month_text, unit_text
from billfold.entrypoints.web.prose import prose
from billfold.entrypoints.web.static_files import static_url

THEME_COOKIE: Final = "billfold_theme"
THEMES: Final = frozenset({"light", "dark"})


def render(
    request: Request,
    template: str,
    context: Mapping[str, Any],
    status: int = 200,
    *,
    form_targets: Sequence[str] = (),
) -> Response:
    """Draw a page. Templates extend `layout.html`, `page.html` or `console/frame.html`.

    `form_targets` are origins (`https://checkout.example.com`) that a form of the page may lead to besides ourselves: browsers
    apply the policy to the redirect after a form as well. They must come from our own settings or be checked by the caller.
    """
    theme = request.cookies.get(THEME_COOKIE)
    values = {"theme": theme if theme in THEMES else None, "brand": None, **context}
    return HTMLResponse(templates().get_template(template).render(values), status, headers=page_headers(form_targets))


def page_headers(form_targets: Sequence[str] = ()) -> dict[str, str]:
    """Return the headers of every page."""
    targets = " ".join(["'self'", *form_targets])
    return {
        "content-security-policy": (
            "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; base-uri 'none'; "
            f"frame-ancestors 'none'; form-action {targets}; "
            "require-trusted-types-for 'script'; trusted-types 'none'"
        ),
        "cache-control": "no-store",
        "cross-origin-opener-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "x-robots-tag": "noindex",
    }


@cache
def templates() -> jinja2.Environment:
    """Return the environment of all templates: text is escaped, and a name that was not given is an error."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("billfold.entrypoints.web", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        money=money_text,
        date=date_text,
        day=day_text,
        minute=minute_text,
        month=month_text,
        units=unit_text,
        prose=prose,
    )
    made.globals.update(static=static_url)
    return made
