"""What a project's registration does, in the words of the referral contract, for the tests of sign-ups."""

from __future__ import annotations

from billfold.base.crypto import Sealer
from billfold.domain.referrals import presets, sign_ups
from billfold.domain.referrals.sign_ups import SignUpClaim, SignUpResult, Stats
from billfold.domain.referrals.terms import Terms
from billfold.domain.tenancy.identities import WantedProvider, put_provider
from billfold.domain.wallets.spends import Spend, SpendRequest, spend_many
from tests.referrals.world import World

KEY = "sign_up_bonus"
BONUS = presets.sign_up_bonus()
NOT_CONVERTED = SignUpResult(converted=False)


class SignUps:
    """A project with a program for sign-ups."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.project_id = world.project.id

    async def put(self, terms: Terms = BONUS, *, enabled: bool = True) -> None:
        await self.world.configure(terms, key=KEY, enabled=enabled)

    def claim(self, code: str, email: str) -> SignUpClaim:
        now = self.world.clock.now()
        return SignUpClaim(project_id=self.project_id, code=code, email=email, now=now)

    async def convert(self, code: str, email: str) -> bool:
        return (await self.register((code, email)))[0].converted

    async def register(self, *claims: tuple[str, str]) -> list[SignUpResult]:
        return await self.world.db.write(sign_ups.register, [self.claim(code, email) for code, email in claims])

    async def link(self, customer_id: str) -> str:
        at = self.world.clock.now()
        code = await self.world.db.write(sign_ups.link_code, project_id=self.project_id, customer_id=customer_id, at=at)
        return code.code

    async def owner(self, email: str | None = None) -> tuple[str, str]:
        """Return a customer who brings others, and the customer's code."""
        customer_id = await self.world.customer(email)
        return customer_id, await self.link(customer_id)

    async def stats(self, customer_id: str) -> Stats:
        return await self.world.db.read(sign_ups.referral_stats, project_id=self.project_id, customer_id=customer_id)

    async def credits(self, customer_id: str) -> int:
        return (await self.world.wallet(customer_id)).available

    async def spend(self, customer_id: str, amount: int) -> None:
        at = self.world.clock.now()
        request = SpendRequest(self.project_id, customer_id, "ai_credits", amount, f"spend-{customer_id}-{at}", at)
        (spent,) = await self.world.db.write(spend_many, [request])
        assert isinstance(spent, Spend)

    async def identify(self) -> None:
        """Tell Billfold of the project's login, so that it can see who has an account."""
        wanted = WantedProvider(
            issuer="https://login.example.com", audiences=("app",), kind="secret", secret="0123456789abcdef" * 4
        )
        await self.world.db.write(
            put_provider,
            Sealer(b"k" * 32),
            team_id=self.world.team.id,
            project_id=self.project_id,
            wanted=wanted,
            now=self.world.clock.now(),
        )

    async def prove(self, customer_id: str, email: str, *, verified: bool = True) -> int:
        converted = await self.world.db.write(
            sign_ups.prove_email,
            team_id=self.world.team.id,
            project_id=self.project_id,
            customer_id=customer_id,
            email=email,
            now=self.world.clock.now(),
            verified=verified,
        )
        return len(converted)
