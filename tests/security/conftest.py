from __future__ import annotations

import pytest

from tests.app_fixtures import RunningBillfold
from tests.security.neighbours import Neighbours, settle_in


@pytest.fixture
async def neighbours(billfold_app: RunningBillfold) -> Neighbours:
    """Four furnished projects of two teams on one server."""
    return await settle_in(billfold_app)
