"""What is sold: products and their prices."""

from __future__ import annotations

from billfold_sdk.asynchronous.listing import AsyncListing
from billfold_sdk.asynchronous.surface import AsyncSurface
from billfold_sdk.requests import segment
from billfold_sdk.types import billing


class AsyncProducts:
    """The products of the project."""

    def __init__(self, project: AsyncSurface) -> None:
        self._project = project

    def list(
        self, *, active_only: bool | None = None, limit: int | None = None, offset: int | None = None
    ) -> AsyncListing[billing.Product]:
        """List products, newest first; only those on sale unless told otherwise."""

        def items(answer: billing.ProductsAnswer) -> list[billing.Product]:
            return answer["products"]

        return self._project.list("/products", items, limit=limit, offset=offset, activeOnly=active_only)

    async def create(self, product: billing.CreateProduct, *, idempotency_key: str | None = None) -> billing.Product:
        """Make a product, here and in Stripe."""
        answer: billing.ProductAnswer = await self._project.post("/products", product, idempotency_key=idempotency_key)
        return answer["product"]

    async def get(self, product_id: str) -> billing.Product:
        """Return a product."""
        answer: billing.ProductAnswer = await self._project.get(f"/products/{segment(product_id)}")
        return answer["product"]

    async def update(self, product_id: str, changes: billing.UpdateProduct) -> billing.Product:
        """Change a product; `metadata` replaces what is there."""
        answer: billing.ProductAnswer = await self._project.patch(f"/products/{segment(product_id)}", changes)
        return answer["product"]

    async def archive(self, product_id: str) -> billing.Success:
        """Take a product from sale, with its prices; those who have it keep it."""
        answer: billing.Success = await self._project.delete(f"/products/{segment(product_id)}")
        return answer


class AsyncPrices:
    """The prices of products; `unitAmount` is in minor units (2900 is $29.00)."""

    def __init__(self, project: AsyncSurface) -> None:
        self._project = project

    def list(
        self, product_id: str, *, active_only: bool | None = None, limit: int | None = None, offset: int | None = None
    ) -> AsyncListing[billing.Price]:
        """List a product's prices, newest first."""

        def items(answer: billing.PricesAnswer) -> list[billing.Price]:
            return answer["prices"]

        path = f"/products/{segment(product_id)}/prices"
        return self._project.list(path, items, limit=limit, offset=offset, activeOnly=active_only)

    async def create(
        self, product_id: str, price: billing.CreatePrice, *, idempotency_key: str | None = None
    ) -> billing.Price:
        """Make a price of a product."""
        path = f"/products/{segment(product_id)}/prices"
        answer: billing.PriceAnswer = await self._project.post(path, price, idempotency_key=idempotency_key)
        return answer["price"]

    async def get(self, price_id: str) -> billing.Price:
        """Return a price."""
        answer: billing.PriceAnswer = await self._project.get(f"/prices/{segment(price_id)}")
        return answer["price"]

    async def update(self, price_id: str, changes: billing.UpdatePrice) -> billing.Price:
        """Change a price's nickname or metadata, or take it from sale."""
        answer: billing.PriceAnswer = await self._project.patch(f"/prices/{segment(price_id)}", changes)
        return answer["price"]
