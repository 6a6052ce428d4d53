"""`/partner/{token}/assets`: pictures and texts that the team gives its partners to use."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from billfold.domain.partners.assets import Asset, Picture, get_asset, get_picture, list_assets
from billfold.entrypoints.web.partner.visits import PartnerVisit
from billfold.infrastructure.db.database import Reading

_ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif"}


async def show(visit: PartnerVisit) -> Response:
    """Show all assets of the project."""
    found: list[Asset] = await visit.services.db.read(list_assets, visit.guest.project_id)
    return visit.show("assets.html", {"assets": found})


async def send_picture(visit: PartnerVisit) -> Response:
    """Send one picture, shown or to be kept as a file."""
    asset_id: str = visit.request.path_params["asset_id"]
    searchable = asset_id if asset_id.isascii() and asset_id.isprintable() else ""
    asset, picture = await visit.services.db.read(_read, visit.guest.project_id, searchable)
    return picture_answer(asset, picture, is_kept="keep" in visit.request.query_params)


def picture_answer(asset: Asset, picture: Picture, *, is_kept: bool) -> Response:
    """Answer with a picture; a file that is opened by itself may do nothing, whatever it holds."""
    headers = {
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "content-security-policy": (
            "default-src 'none'; sandbox; frame-ancestors 'none'; require-trusted-types-for 'script'"
        ),
        "x-frame-options": "DENY",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex",
    }
    if is_kept:
        headers["content-disposition"] = f'attachment; filename="{asset.id}.{_ENDINGS[picture.media_type]}"'
    return Response(picture.content, headers=headers, media_type=picture.media_type)


async def _read(tx: Reading, project_id: str, asset_id: str) -> tuple[Asset, Picture]:
    return await get_asset(tx, project_id, asset_id), await get_picture(tx, project_id, asset_id)
