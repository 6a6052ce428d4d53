# Made by scripts/generate.py from asynchronous/settings.py; edits are lost.

"""Figures and settings of the project."""

from __future__ import annotations

from billfold_sdk.synchronous.surface import Surface
from billfold_sdk.types import billing


class Analytics:
    """Revenue, churn, growth and referrals."""

    def __init__(self, project: Surface) -> None:
        self._project = project

    def get(self, *, growth_days: int | None = None) -> billing.Analytics:
        """Return the figures; `mrr` is in major units, `mrrByCurrency` keeps currencies apart."""
        answer: billing.Analytics = self._project.get("/analytics", {"growthDays": growth_days})
        return answer


class Branding:
    """The look of the pages that customers see."""

    def __init__(self, project: Surface) -> None:
        self._project = project

    def get(self) -> billing.Branding:
        """Return name, colour, logo and addresses."""
        answer: billing.BrandingAnswer = self._project.get("/branding")
        return answer["branding"]

    def update(self, branding: billing.SetBranding) -> billing.Branding:
        """Set them."""
        answer: billing.BrandingAnswer = self._project.put("/branding", branding)
        return answer["branding"]


class IdentityProviders:
    """The logins whose tokens the referral API believes."""

    def __init__(self, project: Surface) -> None:
        self._project = project

    def list(self) -> list[billing.IdentityProvider]:
        """List them."""
        answer: billing.IdentityProvidersAnswer = self._project.get("/identity-provider")
        return answer["identityProviders"]

    def update(self, provider: billing.PutIdentityProvider) -> billing.IdentityProvider:
        """Add one, or change the one of this issuer."""
        answer: billing.IdentityProviderAnswer = self._project.put("/identity-provider", provider)
        return answer["identityProvider"]

    def delete(self, issuer: str) -> billing.Success:
        """Believe an issuer no longer."""
        answer: billing.Success = self._project.delete("/identity-provider", {"issuer": issuer})
        return answer
