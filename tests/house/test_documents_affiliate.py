"""`docs/api/affiliate.md`: every request on it is answered as printed."""

from __future__ import annotations

from tests.affiliate.conftest import Affiliates, affiliates
from tests.house.reference import Meanings, read_examples
from tests.house.sources import ROOT, text

__all__ = ["affiliates"]  # a fixture of the surface's own tests

PAGE = ROOT / "docs" / "api" / "affiliate.md"


async def test_every_example_of_the_page_is_answered_as_printed(affiliates: Affiliates) -> None:
    meanings = Meanings()
    meanings.learn("proj_8e1xq30m", affiliates.team.project_id)
    found = read_examples(text(PAGE))
    assert len(found) >= 4
    for example in found:
        given = {
            "x-api-key": affiliates.team.api_key,
            "Authorization": f"Bearer {affiliates.member_token}",
            "Content-Type": "application/json",
        }
        answer = await affiliates.send(
            example.method,
            meanings.resolve(example.url),
            headers={name: given[name] for name in example.headers},
            content=example.body,
        )
        assert answer.status_code == example.status, (example.url, answer.text)
        meanings.compare(example.answer, answer.json())
