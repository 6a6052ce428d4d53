"""Every address of the partner portal. Those with words of their own stand before the link's, whose token is hexadecimal."""

from __future__ import annotations

from starlette.routing import Route

from billfold.entrypoints.web.partner import (
    address,
    assets,
    contact,
    deals,
    home,
    mails,
    payouts,
    profile,
    senders,
    sign_in,
)
from billfold.entrypoints.web.partner.visits import Page, guarded


def partner_routes() -> list[Route]:
    """Return the routes of the portal's pages and forms."""
    return [
        Route("/partner/return/{handle}", profile.come_back, methods=["GET"]),
        Route("/partner/mails/{handle}", mails.show, methods=["GET"]),
        Route("/partner/mails/{handle}", mails.choose, methods=["POST"]),
        Route("/partner/address/{handle}", address.show_link, methods=["GET"]),
        Route("/partner/address/{handle}", address.use_link, methods=["POST"]),
        Route("/partner/senders/{handle}", senders.show, methods=["GET"]),
        Route("/partner/senders/{handle}", senders.confirm, methods=["POST"]),
        Route("/partner/sign-in/{project_id}", sign_in.show, methods=["GET"]),
        Route("/partner/sign-in/{project_id}", sign_in.send, methods=["POST"]),
        Route("/partner/sign-in/{project_id}/{token}", sign_in.show_link, methods=["GET"]),
        Route("/partner/sign-in/{project_id}/{token}", sign_in.use_link, methods=["POST"]),
        _page("", home.show),
        _page("/commissions/{reward_id}", home.explain_one),
        _page("/payouts", payouts.show),
        _page("/statement", payouts.show_statement),
        _page("/deals", deals.show),
        _form("/deals", deals.register),
        _form("/deals/{deal_id}/renewal", deals.renew),
        _page("/assets", assets.show),
        _page("/assets/{asset_id}", assets.send_picture),
        _page("/profile", profile.show),
        _form("/profile/contact", contact.save),
        _form("/profile/email", address.ask_for_address),
        _form("/profile/payout-method", profile.set_method),
        _form("/profile/stripe", profile.connect_stripe),
        _form("/profile/tax", profile.set_tax_profile),
        _form("/profile/mails", profile.choose_mails),
        _form("/sign-out", sign_in.sign_out),
    ]


def _page(end: str, page: Page) -> Route:
    return Route(f"/partner/{{token}}{end}", guarded(page), methods=["GET"])


def _form(end: str, page: Page) -> Route:
    return Route(f"/partner/{{token}}{end}", guarded(page), methods=["POST"])
