"""`/console/…/links`: where links lead, the keys and the script of web pages, promotion codes that belong to somebody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billfold.base.errors import Conflict, Invalid, NotFound
from billfold.domain.analytics.explanation_words import KINDS as KINDS_IN_WORDS
from billfold.domain.referrals import links, promotion_codes, publishable_keys
from billfold.domain.referrals.attribution_settings import KINDS, set_attribution
from billfold.domain.referrals.links import LinkSettings
from billfold.domain.referrals.programs import Program, list_programs
from billfold.domain.referrals.promotion_codes import PromotionCode
from billfold.domain.referrals.publishable_keys import PublishableKey
from billfold.domain.referrals.terms import Attribution
from billfold.domain.tenancy.members import Role
from billfold.entrypoints.web.console.recorded import Recorded
from billfold.entrypoints.web.console.visits import Visit, enter
from billfold.entrypoints.web.forms import Form
from billfold.infrastructure.db.database import Reading

_HERE: Final = "/console/{team_id}/{project_id}/links"


@dataclass(frozen=True, slots=True)
class _Found:
    settings: LinkSettings
    program: Program | None
    keys: list[PublishableKey]
    tied: list[PromotionCode]


async def show(request: Request) -> Response:
    """Show everything."""
    visit = await enter(request)
    return await _page(visit, None, {})


async def change(request: Request) -> Response:
    """Change where links lead."""
    visit = await enter(request)
    form = await visit.form(Role.ADMIN)
    wanted = LinkSettings(
        form.text("landing") or None,
        tuple(form.text("hosts").replace(",", " ").split()),
        form.text("link_host").lower() or None,
        form.text("cookie_domain") or None,
        form.text("cookies") == "yes",
    )
    own = (urlsplit(visit.services.settings.public_url).hostname or "", "localhost", "127.0.0.1")
    try:
        await Recorded(visit, "links.changed", visit.project_id, {"landing": wanted.landing_url}).write(
            links.set_settings, project_id=visit.project_id, settings=wanted, reserved=own, at=visit.at
        )
    except (Invalid, Conflict) as error:
        return await _page(visit, form, {"": error.message})
    return visit.done(f"{visit.home}/links", "In force: links lead there from now on.")


async def change_rules(request: Request) -> Response:
    """Declare how a program decides who brought a customer."""
    visit = await enter(request)
    form = await visit.form(Role.ADMIN)
    key: str = request.path_params["program_key"]
    chosen = [form.text(f"place{number}") for number in range(1, len(KINDS) + 1)]
    days = form.text("days")
    errors: dict[str, str] = {}
    if days and not (days.isascii() and days.isdigit()):
        errors["days"] = "Window: a whole number of days, or nothing for no window. It should look like 30."
    rules = Attribution(
        tuple(kind for place in chosen for kind in KINDS if kind == place),
        "first" if form.text("touch") == "first" else "last",
        "signup" if form.text("until") == "signup" else "payment",
    )
    if not errors:
        try:
            await Recorded(visit, "program.attribution_changed").write(
                set_attribution,
                project_id=visit.project_id,
                key=key,
                rules=rules,
                days=int(days) if days else None,
                at=visit.at,
            )
        except Invalid as error:
            errors[""] = error.message
    if errors:
        return await _page(visit, form, errors)
    return visit.done(f"{visit.home}/links", "Declared: who is referred from now on is decided by it.")


async def add_key(request: Request) -> Response:
    """Make a publishable key."""
    visit = await enter(request)
    form = await visit.form(Role.ADMIN)
    try:
        await Recorded(visit, "publishable_key.created").write(
            publishable_keys.add_key,
            project_id=visit.project_id,
            origins=form.text("origins").replace(",", " ").split(),
            now=visit.now,
        )
    except (Invalid, Conflict) as error:
        return await _page(visit, form, {"origins": error.message})
    return visit.done(f"{visit.home}/links", "The key is made. Put the snippet with it into your pages.")


async def revoke_key(request: Request) -> Response:
    """Revoke a publishable key."""
    visit = await enter(request)
    await visit.form(Role.ADMIN)
    await Recorded(visit, "publishable_key.revoked").write(
        publishable_keys.revoke_key,
        project_id=visit.project_id,
        key_id=request.path_params["page_key_id"],
        now=visit.now,
    )
    return visit.done(f"{visit.home}/links", "Revoked: pages that use the key tell of no clicks any more.")


async def tie(request: Request) -> Response:
    """Tie a promotion code to a referral code."""
    visit = await enter(request)
    form = await visit.form(Role.MEMBER)
    if not (form.text("promotion") and form.text("code")):
        return await _page(
            visit, form, {"promotion": "Promotion code: give it, and the code of whoever it belongs to."}
        )
    recorded = Recorded(visit, "promotion_code.tied", details={"code": form.text("code").upper()})
    try:
        stripe = await visit.services.stripe.gateway(visit.team_id)
        tied = await promotion_codes.tie_promotion_code(
            visit.services.db,
            stripe,
            project_id=visit.project_id,
            code=form.text("code"),
            promotion=form.text("promotion"),
            write=recorded.write,
            at=visit.at,
        )
    except (Invalid, Conflict, NotFound) as error:
        return await _page(visit, form, {"promotion": error.message})
    return visit.done(f"{visit.home}/links", f"Whoever pays with {tied.text} was brought by {tied.code} from now on.")


async def untie(request: Request) -> Response:
    """Have a promotion code bring nobody any more."""
    visit = await enter(request)
    await visit.form(Role.MEMBER)
    tie_id: str = request.path_params["tie_id"]
    await Recorded(visit, "promotion_code.untied", tie_id).write(
        promotion_codes.untie_promotion_code, project_id=visit.project_id, tie_id=tie_id
    )
    return visit.done(f"{visit.home}/links", "It brings nobody any more; in Stripe it goes on working.")


async def _read(tx: Reading, project_id: str) -> _Found:
    return _Found(
        await links.get_settings(tx, project_id),
        next((each for each in await list_programs(tx, project_id) if each.content.converts_on == "payment"), None),
        await publishable_keys.keys_of_project(tx, project_id),
        await promotion_codes.tied_codes(tx, project_id),
    )


async def _page(visit: Visit, form: Form | None, errors: dict[str, str]) -> Response:
    found = await visit.services.db.read(_read, visit.project_id)
    public = visit.services.settings.public_url
    kept = found.settings
    link = f"https://{kept.link_host}/" if kept.link_host else f"{public}/r/{visit.project_id}/"
    values: dict[str, Any] = {
        "settings": kept,
        "keys": found.keys,
        "tied": found.tied,
        "program": found.program,
        "rules": form if form is not None and "place1" in form else _rules_of(found.program),
        "kinds": {"": "Not counted", **{kind: KINDS_IN_WORDS[kind] for kind in KINDS}},
        "form": form if form is not None and "landing" in form else _form_of(kept),
        "other": form or Form([]),
        "errors": errors,
        "link": link,
        "public_url": public,
    }
    return visit.show("links.html", values, 400 if errors else 200)


def _form_of(kept: LinkSettings) -> Form:
    pairs = [
        ("landing", kept.landing_url or ""),
        ("hosts", " ".join(kept.own_hosts)),
        ("link_host", kept.link_host or ""),
        ("cookie_domain", kept.cookie_domain or ""),
    ]
    return Form([*pairs, ("cookies", "yes")] if kept.sets_cookies else pairs)


def _rules_of(program: Program | None) -> Form:
    if program is None:
        return Form([])
    rules, days = program.content.attribution, program.content.attribution_days
    places = [(f"place{number}", kind) for number, kind in enumerate(rules.precedence, start=1)]
    return Form([*places, ("touch", rules.touch), ("until", rules.counted_until), ("days", str(days or ""))])


ROUTES: Final = [
    Route(_HERE, show, methods=["GET"]),
    Route(_HERE, change, methods=["POST"]),
    Route(f"{_HERE}/rules/{{program_key}}", change_rules, methods=["POST"]),
    Route(f"{_HERE}/keys", add_key, methods=["POST"]),
    Route(f"{_HERE}/keys/{{page_key_id}}/revocation", revoke_key, methods=["POST"]),
    Route(f"{_HERE}/promotion-codes", tie, methods=["POST"]),
    Route(f"{_HERE}/promotion-codes/{{tie_id}}/removal", untie, methods=["POST"]),
]
