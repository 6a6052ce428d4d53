"""Figures and settings of the project."""

from __future__ import annotations

from billfold_sdk.asynchronous.surface import AsyncSurface
from billfold_sdk.types import billing


class AsyncAnalytics:
    """Revenue, churn, growth and referrals."""

    def __init__(self, project: AsyncSurface) -> None:
        self._project = project

    async def get(self, *, growth_days: int | None = None) -> billing.Analytics:
        """Return the figures; `mrr` is in major units, `mrrByCurrency` keeps currencies apart."""
        answer: billing.Analytics = await self._project.get("/analytics", {"growthDays": growth_days})
        return answer


class AsyncBranding:
    """The look of the pages that customers see."""

    def __init__(self, project: AsyncSurface) -> None:
        self._project = project

    async def get(self) -> billing.Branding:
        """Return name, colour, logo and addresses."""
        answer: billing.BrandingAnswer = await self._project.get("/branding")
        return answer["branding"]

    async def update(self, branding: billing.SetBranding) -> billing.Branding:
        """Set them."""
        answer: billing.BrandingAnswer = await self._project.put("/branding", branding)
        return answer["branding"]


class AsyncIdentityProviders:
    """The logins whose tokens the referral API believes."""

    def __init__(self, project: AsyncSurface) -> None:
        self._project = project

    async def list(self) -> list[billing.IdentityProvider]:
        """List them."""
        answer: billing.IdentityProvidersAnswer = await self._project.get("/identity-provider")
        return answer["identityProviders"]

    async def update(self, provider: billing.PutIdentityProvider) -> billing.IdentityProvider:
        """Add one, or change the one of this issuer."""
        answer: billing.IdentityProviderAnswer = await self._project.put("/identity-provider", provider)
        return answer["identityProvider"]

    async def delete(self, issuer: str) -> billing.Success:
        """Believe an issuer no longer."""
        answer: billing.Success = await self._project.delete("/identity-provider", {"issuer": issuer})
        return answer
