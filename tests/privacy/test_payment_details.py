"""A deleted customer's bank and tax details go once nobody needs them, and not before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from billfold.domain.ledger.transfers import Posting, earn, reverse
from billfold.domain.partners.programs import find_program
from billfold.domain.payouts.methods import BankAccount, details_of, find_method, methods_of_ids, set_method
from billfold.domain.payouts.payees import find_payee
from tests.privacy.conftest import Robin

BANK: Final = BankAccount("Robin Gardner", "DE", iban="DE89370400440532013000")


async def details(robin: Robin, ids: list[str]) -> list[str]:
    services, project_id = robin.app.services, robin.app.team.project_id
    found = await services.db.read(methods_of_ids, project_id, ids)
    return [str(details_of(services.sealer, each)) for each in found.values()]


async def test_bank_and_tax_details_of_a_deleted_customer_go_by_themselves(robin: Robin) -> None:
    services, project_id = robin.app.services, robin.app.team.project_id
    who: dict[str, Any] = {"project_id": project_id, "customer_id": robin.customer_id}
    first = await services.db.read(find_method, project_id, robin.customer_id)
    second = await services.db.write(set_method, services.sealer, **who, details=BANK, at=robin.app.clock.now())
    assert first is not None
    ids = [first.id, second.id]
    assert "DE89370400440532013000" in str(await details(robin, ids))
    answer = await robin.app.client.delete(f"{robin.app.path}/customers/{robin.customer_id}")
    assert answer.status_code == 200, answer.text
    await robin.app.drain()
    # Every way that he ever gave, also the one that was replaced; the rows stay for the payouts that point at them.
    assert [each for each in await details(robin, ids) if "invalid" not in each] == []
    assert await services.db.read(find_method, project_id, robin.customer_id) is None
    assert await services.db.read(find_payee, project_id, robin.customer_id) is None


async def test_they_stay_while_something_is_owed_and_go_on_the_day_after(robin: Robin) -> None:
    services, project_id = robin.app.services, robin.app.team.project_id
    method = await services.db.read(find_method, project_id, robin.customer_id)
    program = await services.db.read(find_program, project_id)
    assert method is not None
    assert program is not None
    owed = Posting("k1", project_id, program.id, robin.customer_id, "jpy", 500, "rw_x", "ref_x", robin.app.clock.now())
    await services.db.write(earn, owed)
    assert (await robin.app.client.delete(f"{robin.app.path}/customers/{robin.customer_id}")).status_code == 200
    await robin.app.drain()
    robin.app.clock.advance(timedelta(days=1, minutes=1))
    await robin.app.drain()
    assert "robin.gardner" in str(await details(robin, [method.id]))
    assert await services.db.read(find_payee, project_id, robin.customer_id) is not None
    await services.db.write(reverse, replace(owed, key="k2"), held=True)
    robin.app.clock.advance(timedelta(days=1, minutes=1))
    await robin.app.drain()
    assert "robin.gardner" not in str(await details(robin, [method.id]))
    assert await services.db.read(find_payee, project_id, robin.customer_id) is None
