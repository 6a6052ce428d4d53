"""After a change of the secret key every sealed value is sealed anew, and the previous key is no longer needed (contract G23)."""

from __future__ import annotations

from typing import Any, Final

import pytest
import sqlalchemy as sa

from billfold.base.crypto import SealBroken, Sealer
from billfold.domain.payouts.methods import PayPal, set_method
from billfold.domain.payouts.payees import TaxProfile, put_tax_profile
from billfold.domain.tenancy.identities import WantedProvider, put_provider
from billfold.domain.tenancy.second_factors import begin_enrolment
from billfold.domain.tenancy.stripe_connections import stripe_connections
from billfold.domain.tenancy.users import find_user
from billfold.domain.webhooks.endpoints import create_endpoint, rotate_secret
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.resealing import Resealed, SealedColumn, reseal
from billfold.infrastructure.db.statements import command, metadata, query, row_tuple
from billfold.infrastructure.mail.letters import Letter
from billfold.wiring import SEALED_COLUMNS
from tests.app_fixtures import SECRET_KEY, RunningBillfold
from tests.payouts.making import prove

OLD: Final = bytes.fromhex(SECRET_KEY)
NEW: Final = b"n" * 32
# Nobody has changed the secret of Stripe's webhook.
(_EMPTY,) = (each for each in SEALED_COLUMNS if each.field == "previous_webhook_secret")


@pytest.fixture
async def full(billfold_app: RunningBillfold) -> RunningBillfold:
    """A team with a value in each sealed column but one."""
    services, now = billfold_app.services, billfold_app.clock.now()

    async def fill(tx: Writing) -> None:
        owner = await find_user(tx, "owner@example.com")
        assert owner is not None
        await begin_enrolment(tx, services.sealer, user_id=owner.id, now=now)
        letter = Letter("owner@example.com", "Hello", "Hello", "<p>Hello</p>", team_id=billfold_app.team.team_id)
        await services.mail.send(tx, letter, now=now)
        wanted = WantedProvider(issuer="https://login.example.com/", audiences=("app",), kind="secret", secret="s" * 64)
        await put_provider(
            tx,
            services.sealer,
            team_id=billfold_app.team.team_id,
            project_id=billfold_app.team.project_id,
            wanted=wanted,
            now=now,
        )

    async def fill_of_project(tx: Writing) -> None:
        team, project = billfold_app.team.team_id, billfold_app.team.project_id
        endpoint, _ = await create_endpoint(
            tx,
            services.sealer,
            team_id=team,
            project_id=project,
            url="https://app.example.com/hooks",
            types=["customer.created"],
            description=None,
            now=now,
        )
        await rotate_secret(tx, services.sealer, project_id=project, endpoint_id=endpoint.id, now=now)
        await prove(tx, project, customer_id, now)
        payee: dict[str, Any] = {"project_id": project, "customer_id": customer_id, "at": now}
        await set_method(tx, services.sealer, **payee, details=PayPal("jane@example.com"))
        profile = TaxProfile(legal_name="Jane Roe", country="US", tax_id="123-45-6789", tax_form="w9")
        await put_tax_profile(tx, services.sealer, **payee, profile=profile)

    made = await billfold_app.client.post(f"{billfold_app.path}/customers", json={"email": "jane@example.com"})
    customer_id = str(made.json()["customer"]["id"])
    await services.db.write(fill)
    await services.db.write(fill_of_project)
    return billfold_app


async def reseal_all(app: RunningBillfold, sealer: Sealer) -> list[Resealed]:
    return [await reseal(app.services.db, sealer, column) for column in SEALED_COLUMNS]


async def values(app: RunningBillfold, column: SealedColumn) -> list[tuple[str, str | None]]:
    return await app.services.db.read(lambda tx: tx.all(column.page, after="", limit=100))


def test_every_column_that_is_named_sealed_is_gone_through() -> None:
    named = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.c
        if column.name.endswith("_sealed")
    }
    assert {(each.table, each.column) for each in SEALED_COLUMNS} == named


async def test_after_it_everything_opens_with_the_new_key_alone(full: RunningBillfold) -> None:
    done = await reseal_all(full, Sealer(NEW, OLD))
    assert [each.resealed for each in done] == [0 if each is _EMPTY else 1 for each in SEALED_COLUMNS]
    assert not any(each.broken for each in done)
    for column in SEALED_COLUMNS:
        for owner, sealed in await values(full, column):
            if sealed is not None:
                assert Sealer(NEW).open(sealed, owner=owner, field=column.field)
                with pytest.raises(SealBroken):
                    Sealer(OLD).open(sealed, owner=owner, field=column.field)


async def test_run_again_it_leaves_everything_alone(full: RunningBillfold) -> None:
    await reseal_all(full, Sealer(NEW, OLD))
    before = [await values(full, column) for column in SEALED_COLUMNS]
    again = await reseal_all(full, Sealer(NEW, OLD))
    assert sum(each.resealed for each in again) == 0
    assert sum(each.current for each in again) == len(SEALED_COLUMNS) - 1
    assert [await values(full, column) for column in SEALED_COLUMNS] == before


async def test_what_opens_with_neither_key_is_named_and_left_alone(full: RunningBillfold) -> None:
    foreign = Sealer(b"f" * 32).seal("sk_test_1", owner=full.team.team_id, field="secret_key")
    put = command(sa.update(stripe_connections).values(secret_key_sealed=foreign))
    await full.services.db.write(lambda tx: tx.run(put))
    (first, *_) = await reseal_all(full, Sealer(NEW, OLD))
    assert (first.resealed, first.broken) == (0, (full.team.team_id,))
    kept = query(sa.select(stripe_connections.c.secret_key_sealed, stripe_connections.c.team_id), row_tuple)
    assert await full.services.db.read(lambda tx: tx.all(kept)) == [(foreign, full.team.team_id)]


async def test_more_than_a_page_is_gone_through(full: RunningBillfold, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("billfold.infrastructure.db.resealing._AT_ONCE", 1)
    await full.install()
    await full.install(team="Third", email="third@example.com")
    (first, *_) = await reseal_all(full, Sealer(NEW, OLD))
    assert first.resealed == 3
