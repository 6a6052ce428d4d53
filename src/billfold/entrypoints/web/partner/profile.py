"""`/partner/{token}/profile`: who he is, how he is paid, his tax profile, and which mails he gets.

What says where money goes is changed after a fresh sign-in only (contract A31); until then the page shows it, masked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from billfold.base.errors import BillfoldError, Invalid
from billfold.domain.partners.contacts import LONGEST_POSTAL_ADDRESS, Contact, contact_of
from billfold.domain.partners.letter_settings import choose_digests, wants_digests
from billfold.domain.payouts import connect, methods
from billfold.domain.payouts.methods import BANK, PAYPAL, STRIPE_CONNECT, WISE, BankAccount, PayoutMethod, PayPal, Wise
from billfold.domain.payouts.payees import Payee, TaxProfile, find_payee, put_tax_profile
from billfold.domain.payouts.settings import PayoutSettings, settings_of
from billfold.entrypoints.portal_guest import open_return, sealed_return
from billfold.entrypoints.services import Services
from billfold.entrypoints.web.forms import Form
from billfold.entrypoints.web.pages import render
from billfold.entrypoints.web.partner.visits import PartnerVisit
from billfold.infrastructure.db.database import Reading, Writing

_KINDS: Final = {
    BANK: "Bank transfer",
    PAYPAL: "PayPal",
    WISE: "Wise",
    STRIPE_CONNECT: "Stripe",
}
_TAX_FORMS: Final = {"w9": "W-9", "w8ben": "W-8BEN, for a person", "w8bene": "W-8BEN-E, for a company"}
_TAX_STATUS: Final = {"requested": "asked for", "received": "received", "verified": "checked by the team"}


@dataclass(frozen=True, slots=True)
class _Profile:
    method: PayoutMethod | None
    payee: Payee | None
    settings: PayoutSettings
    digests: bool
    contact: Contact


async def show(visit: PartnerVisit) -> Response:
    """Show the profile."""
    if visit.request.query_params.get("stripe") == "back":
        await _look_at_stripe(visit)
    return await page(visit, Form([]), {})


async def set_method(visit: PartnerVisit) -> Response:
    """Have him paid in another way: takes a fresh sign-in."""
    form = await visit.form()
    visit.require_fresh()
    kind = form.text("kind")
    found = await visit.services.db.read(_read, visit)
    if kind not in found.settings.methods or kind == STRIPE_CONNECT:
        return await page(visit, form, {"": "Choose one of the ways that are offered."})
    details: methods.Details
    if kind == BANK:
        details = BankAccount(
            holder=form.text("holder"),
            country=form.text("country"),
            iban=form.text("iban"),
            account_number=form.text("account_number"),
            routing_number=form.text("routing_number"),
            bic=form.text("bic"),
        )
    else:
        email = form.text("email")
        details = PayPal(email) if kind == PAYPAL else Wise(form.text("holder"), email)
    try:
        await visit.services.db.write(_set_method, visit, details)
    except Invalid as error:
        return await page(visit, form, {"": error.message})
    return visit.done("/profile", "method")


async def connect_stripe(visit: PartnerVisit) -> Response:
    """Make him an account at Stripe and lead there: takes a fresh sign-in."""
    await visit.form()
    visit.require_fresh()
    found = await visit.services.db.read(_read, visit)
    if STRIPE_CONNECT not in found.settings.methods:
        raise Invalid("Stripe is not among the ways that are offered.")
    # Stripe keeps this address: the link's token stands sealed in it.
    back = sealed_return(visit.request, "partner", visit.guest.link_id)
    url = await connect.begin_onboarding(
        visit.services.db,
        await visit.services.stripe.gateway(visit.guest.team_id),
        visit.services.sealer,
        project_id=visit.guest.project_id,
        customer_id=visit.guest.customer_id,
        return_url=back,
        refresh_url=back,
        at=visit.at,
        now=visit.now,
    )
    await visit.services.db.write(_note, visit, "payout_method.changed", {"kind": STRIPE_CONNECT})
    return visit.show("stripe_link.html", {"url": url, "current": "profile"})


async def set_tax_profile(visit: PartnerVisit) -> Response:
    """Keep his tax profile: takes a fresh sign-in."""
    form = await visit.form()
    visit.require_fresh()
    profile = TaxProfile(
        legal_name=form.text("legal_name"),
        country=form.text("tax_country"),
        tax_id=form.text("tax_id") or None,
        tax_form=form.text("tax_form"),
    )
    try:
        await visit.services.db.write(_set_tax_profile, visit, profile)
    except Invalid as error:
        return await page(visit, form, {"": error.message})
    return visit.done("/profile", "tax")


async def choose_mails(visit: PartnerVisit) -> Response:
    """Choose whether he gets the summaries."""
    form = await visit.form()
    wanted = "digests" in form
    await visit.services.db.write(_choose_mails, visit, wanted=wanted)
    return visit.done("/profile", "mails-on" if wanted else "mails-off")


async def come_back(request: Request) -> Response:
    """Lead a partner whom Stripe sends back to the very link that he came from."""
    services: Services = request.app.state.services
    token = open_return(services, request.path_params["handle"])
    if token is None:
        return render(request, "partner/dead.html", {"wait": None}, 410)
    headers = {"cache-control": "no-store", "referrer-policy": "no-referrer"}
    return RedirectResponse(f"/partner/{token}/profile?stripe=back", 303, headers=headers)


async def _look_at_stripe(visit: PartnerVisit) -> None:
    try:
        await connect.refresh_account(
            visit.services.db,
            await visit.services.stripe.gateway(visit.guest.team_id),
            project_id=visit.guest.project_id,
            customer_id=visit.guest.customer_id,
            now=visit.now,
        )
    except BillfoldError:
        # A job asks again; the page shows what is known.
        return


async def _choose_mails(tx: Writing, visit: PartnerVisit, *, wanted: bool) -> None:
    await choose_digests(tx, visit.guest.project_id, visit.partner.id, wanted=wanted, at=visit.at)
    await visit.note(tx, "partner_mails.chosen", {"summaries": wanted})


async def _set_method(tx: Writing, visit: PartnerVisit, details: methods.Details) -> None:
    await methods.set_method(
        tx,
        visit.services.sealer,
        project_id=visit.guest.project_id,
        customer_id=visit.guest.customer_id,
        details=details,
        at=visit.at,
    )
    await _note(tx, visit, "payout_method.changed", {"kind": methods.kind_of(details)})


async def _set_tax_profile(tx: Writing, visit: PartnerVisit, profile: TaxProfile) -> None:
    await put_tax_profile(
        tx,
        visit.services.sealer,
        project_id=visit.guest.project_id,
        customer_id=visit.guest.customer_id,
        profile=profile,
        at=visit.at,
    )
    await _note(tx, visit, "tax_profile.changed", {"form": profile.tax_form})


async def _note(tx: Writing, visit: PartnerVisit, action: str, details: dict[str, object]) -> None:
    """Write down that the partner himself changed where his money goes."""
    await visit.note(tx, action, details)


async def page(visit: PartnerVisit, form: Form, errors: dict[str, str]) -> Response:
    """Draw the profile with what was typed in one of its forms, and what was wrong with it."""
    found = await visit.services.db.read(_read, visit)
    payee, contact = found.payee, found.contact
    if "company" not in form:
        form.update(
            name=visit.guest.name or "",
            company=contact.company or "",
            website=contact.website or "",
            postal_address=contact.postal_address or "",
        )
    if payee is not None and "legal_name" not in form:
        form.update(legal_name=payee.legal_name or "", tax_country=payee.country or "", tax_form=payee.tax_form or "")
    context: dict[str, Any] = {
        "current": "profile",
        "profile": found,
        "kinds": {each: _KINDS[each] for each in found.settings.methods if each in _KINDS},
        "kind_words": _KINDS,
        "tax_forms": _TAX_FORMS,
        "tax_status": _TAX_STATUS,
        "form": form,
        "errors": errors,
        "since": visit.partner.created_at,
        "longest_postal": LONGEST_POSTAL_ADDRESS,
    }
    return visit.show("profile.html", context, 400 if errors else 200)


async def _read(tx: Reading, visit: PartnerVisit) -> _Profile:
    project_id, customer_id = visit.guest.project_id, visit.guest.customer_id
    return _Profile(
        method=await methods.find_method(tx, project_id, customer_id),
        payee=await find_payee(tx, project_id, customer_id),
        settings=await settings_of(tx, project_id, visit.partner.program_id),
        digests=await wants_digests(tx, project_id, visit.partner.id),
        contact=await contact_of(tx, visit.partner),
    )
