"""What Billfold is compared with, each a server of its own: `python -m bench.baselines NAME PORT`.

- `bare`: an ASGI application that reads the body and answers a constant; the speed of the server itself.
- `naive`: what one writes first: FastAPI, `stripe.Webhook.construct_event`, one SQLAlchemy transaction for each event.
- `constant`: FastAPI routes that return a constant of the same shape as the billing API's answers.

All run on the settings of uvicorn and the HTTP connection class that `billfold serve` uses (`cli/serving.py`).
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import sqlalchemy as sa
import stripe
import uvicorn
from fastapi import FastAPI, Request
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from starlette.types import ASGIApp, Receive, Scope, Send

from billfold.entrypoints.http_connection import HttpConnection

SECRET: Final = "whsec_benchmark"  # noqa: S105 - made up, for the baseline only
PROJECT_PATH: Final = "/api/billstack/teams/{team_id}/projects/{project_id}"
_RECEIVED: Final = b'{"received":true}'
_HEADERS: Final = [(b"content-type", b"application/json"), (b"content-length", str(len(_RECEIVED)).encode())]


async def bare(scope: Scope, receive: Receive, send: Send) -> None:
    """Read the whole body and answer a constant."""
    if scope["type"] != "http":
        return
    message = await receive()
    chunks = [message.get("body", b"")]
    while message.get("more_body", False):
        message = await receive()
        chunks.append(message.get("body", b""))
    b"".join(chunks)
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": _RECEIVED})


class _Base(DeclarativeBase):
    type_annotation_map = {dict[str, Any]: JSONB}  # noqa: RUF012 - SQLAlchemy's own way to say it


class _StoredEvent(_Base):
    __tablename__ = "stored_events"

    id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    created: Mapped[int]
    payload: Mapped[dict[str, Any]]


class _StoredObject(_Base):
    __tablename__ = "stored_objects"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    updated: Mapped[int]
    payload: Mapped[dict[str, Any]]


def naive() -> ASGIApp:
    """Return the handler that is written first: verify with the library, insert the event, upsert the object, commit."""
    engine = create_async_engine(
        os.environ["BENCH_DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://"), pool_size=16
    )
    sessions = async_sessionmaker(engine, expire_on_commit=False)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with engine.begin() as connection:
            await connection.run_sync(_Base.metadata.create_all)
        yield
        await engine.dispose()

    app = FastAPI(lifespan=lifespan)

    @app.post("/webhook")
    async def receive_event(request: Request) -> dict[str, bool]:
        body = await request.body()
        event: Any = stripe.Webhook.construct_event(body, request.headers["stripe-signature"], SECRET)
        # The library turns some amounts into Decimal, which JSON columns refuse; so the stored copy is decoded again.
        payload = json.loads(body)
        about = payload["data"]["object"]
        async with sessions() as session, session.begin():
            await session.execute(
                insert(_StoredEvent)
                .values(id=event["id"], type=event["type"], created=event["created"], payload=payload)
                .on_conflict_do_nothing()
            )
            new = insert(_StoredObject).values(
                id=about["id"], kind=about["object"], updated=event["created"], payload=about
            )
            await session.execute(
                new.on_conflict_do_update(
                    index_elements=["id"],
                    set_={"updated": new.excluded.updated, "payload": new.excluded.payload},
                    where=_StoredObject.updated <= sa.literal(event["created"]),
                )
            )
        return {"received": True}

    return app


_CUSTOMER: Final = {
    "customer": {
        "id": "pc_06bz3k9qj1w8benchmark",
        "email": "someone@example.com",
        "name": "Example Customer",
        "stripeCustomerId": "cus_QbenchmarkQbenc",
        "metadata": {"plan": "pro", "source": "signup"},
        "projectId": "proj_06bz3k9qj1w8benchmark",
        "createdAt": "2026-11-20T06:00:00Z",
        "updatedAt": "2026-11-20T06:00:00Z",
    }
}
_REFERRAL: Final = {
    "referral": {
        "id": "ref_06bz3k9qj1w8benchmark",
        "referrerCustomerId": "pc_06bz3k9qj1w8benchmark",
        "refereeCustomerId": "pc_06bz3k9qj1w9benchmark",
        "code": "ABCD2345",
        "status": "pending",
        "createdAt": "2026-11-20T06:00:00Z",
        "convertedAt": None,
    }
}
_SPEND: Final = {
    "spend": {
        "id": "ws_06bz3k9qj1w8benchmark",
        "customerId": "pc_06bz3k9qj1w8benchmark",
        "unit": "ai_credits",
        "amount": 3,
        "fromAllowance": 0,
        "balance": 997,
        "allowanceLeft": 0,
        "key": "spend-1",
        "createdAt": "2026-11-20T06:00:00Z",
    }
}
_CONVERTED: Final = {"success": True, "data": {"converted": True, "referrerId": "pc_06bz3k9qj1w8benchmark"}}


def constant() -> ASGIApp:
    """Return FastAPI routes that give constants shaped like the billing API's answers."""
    app = FastAPI()

    @app.get(PROJECT_PATH + "/customers/{customer_id}")
    async def get_customer(team_id: str, project_id: str, customer_id: str) -> dict[str, Any]:
        del team_id, project_id, customer_id
        return _CUSTOMER

    @app.post(PROJECT_PATH + "/wallets/{customer_id}/spend")
    async def spend(team_id: str, project_id: str, customer_id: str) -> dict[str, Any]:
        del team_id, project_id, customer_id
        return _SPEND

    @app.post("/api/referral/convert")
    async def convert() -> dict[str, Any]:
        return _CONVERTED

    @app.post(PROJECT_PATH + "/referrals/apply", status_code=201)
    async def apply(team_id: str, project_id: str) -> dict[str, Any]:
        del team_id, project_id
        return _REFERRAL

    return app


def _serve(name: str, port: int) -> None:
    app: Any = {"bare": lambda: bare, "naive": naive, "constant": constant}[name]()
    gc.collect()
    gc.freeze()
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http=HttpConnection,
        ws="none",
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
        log_level="warning",
        lifespan="off" if name == "bare" else "on",
    )


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]))
