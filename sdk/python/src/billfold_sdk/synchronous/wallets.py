# Made by scripts/generate.py from asynchronous/wallets.py; edits are lost.

"""Units of your own, such as `ai_credits`, that customers earn and spend."""

from __future__ import annotations

from billfold_sdk.synchronous.listing import Listing
from billfold_sdk.synchronous.surface import Surface
from billfold_sdk.requests import segment
from billfold_sdk.types import billing


class Wallets:
    """Customers' wallets; amounts are whole units."""

    def __init__(self, project: Surface) -> None:
        self._project = project

    def get(self, customer_id: str) -> list[billing.Wallet]:
        """Return a customer's wallets, one for each unit."""
        answer: billing.WalletsAnswer = self._project.get(f"/wallets/{segment(customer_id)}")
        return answer["wallets"]

    def spend(
        self, customer_id: str, spend: billing.SpendCredits, *, idempotency_key: str | None = None
    ) -> billing.Spend:
        """Spend, once for each `key`; raises `InsufficientCreditsError` if the wallet does not hold enough."""
        path = f"/wallets/{segment(customer_id)}/spend"
        answer: billing.SpendAnswer = self._project.post(path, spend, idempotency_key=idempotency_key)
        return answer["spend"]

    def grant(
        self, customer_id: str, grant: billing.GrantCredits, *, idempotency_key: str | None = None
    ) -> billing.Grant:
        """Put units into a wallet, once for each `key`."""
        path = f"/wallets/{segment(customer_id)}/grant"
        answer: billing.GrantAnswer = self._project.post(path, grant, idempotency_key=idempotency_key)
        return answer["grant"]

    def entries(
        self, customer_id: str, *, unit: str | None = None, limit: int | None = None, offset: int | None = None
    ) -> Listing[billing.Entry]:
        """List the lines of the ledger behind a wallet, newest first."""

        def items(answer: billing.EntriesAnswer) -> list[billing.Entry]:
            return answer["entries"]

        path = f"/wallets/{segment(customer_id)}/entries"
        return self._project.list(path, items, limit=limit, offset=offset, unit=unit)

    def get_settings(self) -> list[billing.WalletSetting]:
        """Return the monthly allowance of each unit."""
        answer: billing.WalletSettingsAnswer = self._project.get("/wallet-settings")
        return answer["settings"]

    def update_settings(self, setting: billing.SetWalletSetting) -> list[billing.WalletSetting]:
        """Set the monthly allowance of a unit, which is drawn before what was earned."""
        answer: billing.WalletSettingsAnswer = self._project.put("/wallet-settings", setting)
        return answer["settings"]
