"""The requests about invoices: each with its payments, its credit notes and all of its lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from billfold.infrastructure.stripe import translate
from billfold.infrastructure.stripe.listing import body_of
from billfold.infrastructure.stripe.requests import PAGE, StripeRequests, in_path
from billfold.infrastructure.stripe.values import StripeInvoice

if TYPE_CHECKING:
    from stripe import params as stripe_params


class InvoiceCalls:
    """A part of `StripeClientGateway`; the protocol says what each verb does."""

    _requests: StripeRequests

    async def get_invoice(self, invoice_id: str) -> StripeInvoice | None:
        """Return an invoice with its payments, which Stripe leaves out unless they are asked for."""
        params: stripe_params.InvoiceRetrieveParams = {"expand": ["payments"]}
        found = await self._requests.find(_as_it_is, f"invoices/{in_path(invoice_id)}", params)
        return None if found is None else replace(await self._whole(found), body=body_of(found))

    async def list_invoices(self, customer_id: str) -> Sequence[StripeInvoice]:
        """Return every invoice of a customer."""
        params: stripe_params.InvoiceListParams = {"customer": customer_id, "limit": PAGE, "expand": ["data.payments"]}
        return [await self._whole(each) for each in await self._requests.every("invoices", params)]

    async def _whole(self, found: Mapping[str, Any]) -> StripeInvoice:
        """Return an invoice with its credit notes, and with all lines: Stripe gives the first ten only."""
        notes = None
        if translate.has_credit_notes(found):
            params: stripe_params.CreditNoteListParams = {"invoice": str(found["id"]), "limit": PAGE}
            notes = await self._requests.every("credit_notes", params)
        lines = found.get("lines")
        if isinstance(lines, Mapping) and lines.get("has_more"):
            line_params: stripe_params.InvoiceListLinesParams = {"limit": PAGE}
            every = await self._requests.every(f"invoices/{in_path(str(found['id']))}/lines", line_params)
            found = {**found, "lines": {"data": every}}
        return translate.invoice(found, notes)


def _as_it_is(data: Mapping[str, Any]) -> Mapping[str, Any]:
    return data
