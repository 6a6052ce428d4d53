"""`…/wallet-settings`: the monthly free allowance of each unit of a project."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from billfold.base.clock import iso
from billfold.domain.ledger.wallets import LARGEST_WALLET
from billfold.domain.wallets.allowances import Allowance, list_allowances, set_allowance
from billfold.entrypoints.api.billing.access import Allowed
from billfold.entrypoints.api.billing.answers import Body, Timestamp, json_response
from billfold.entrypoints.api.billing.bodies import RequestBody, read_body
from billfold.entrypoints.api.billing.fields import Unit
from billfold.entrypoints.api.billing.operations import operation
from billfold.entrypoints.api.billing.wallets import READ, WRITE
from billfold.entrypoints.caller import Access
from billfold.entrypoints.services import Services

router = APIRouter(tags=["Wallets"])


class WalletSettingBody(Body):
    """The free allowance of a unit: what each customer may spend in a calendar month (UTC) before bonus credits are drawn."""

    unit: str
    monthly_allowance: int
    updated_at: Timestamp


class WalletSettingsAnswer(Body):
    """The settings of every unit that has any."""

    settings: list[WalletSettingBody]


class SetWalletSetting(RequestBody):
    """A unit and its monthly free allowance, 0 for none."""

    unit: Unit
    monthly_allowance: Annotated[
        int, Field(ge=0, le=LARGEST_WALLET, description=f"a whole number from 0 to {LARGEST_WALLET}")
    ]


@router.get("/wallet-settings", **operation(scope=READ, answers={200: WalletSettingsAnswer}, is_read=True))
async def get_wallet_settings(request: Request, access: Annotated[Access, Depends(Allowed(READ))]) -> Response:
    """List the monthly free allowances."""
    services: Services = request.app.state.services
    return _settings(await services.db.read(list_allowances, access.project_id))


@router.put("/wallet-settings", **operation(scope=WRITE, answers={200: WalletSettingsAnswer}, body=SetWalletSetting))
async def set_wallet_setting(request: Request, access: Annotated[Access, Depends(Allowed(WRITE))]) -> Response:
    """Set the monthly free allowance of a unit.

    For every customer of the project, at once: a higher one can be spent this month already, a lower one takes nothing back. It
    begins anew with each calendar month in UTC, and what is left of a month is not carried over.
    """
    services: Services = request.app.state.services
    body = await read_body(request, SetWalletSetting)
    now = services.clock.now()
    settings = await services.db.write(
        set_allowance,
        team_id=access.team_id,
        project_id=access.project_id,
        unit=body.unit,
        monthly_allowance=body.monthly_allowance,
        actor=access.actor,
        at=access.time_at(now),
        now=now,
    )
    return _settings(settings)


def _settings(settings: list[Allowance]) -> Response:
    return json_response(
        WalletSettingsAnswer(
            [WalletSettingBody(each.unit, each.monthly_allowance, iso(each.updated_at)) for each in settings]
        )
    )
