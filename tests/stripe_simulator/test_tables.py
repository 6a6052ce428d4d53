"""Every look-up and list of the simulator is served by an index."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from billfold.infrastructure.db.statements import Compiled, Query, metadata
from billfold.infrastructure.stripe_simulator import tables

_QUERIES: dict[str, Query[Any]] = {
    **{name: value for name, value in vars(tables).items() if isinstance(value, Query)},
    **{f"PAGES {key}": value for key, value in tables.PAGES.items()},
    **{f"EVENT_PAGES {key}": value for key, value in tables.EVENT_PAGES.items()},
}

_ALLOWED = {
    # Asked once a minute: it looks at the next due time of each account.
    "OVERDUE_ACCOUNTS": "SCAN simulator_accounts",
    # Only what is due at one and the same moment is sorted.
    "DUE_OBJECTS": "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY",
}


@pytest.mark.parametrize("name", sorted(_QUERIES))
def test_no_look_up_reads_a_whole_table_or_sorts(name: str) -> None:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        sql = re.sub(r":\w+", "?", Compiled(_QUERIES[name], sqlite.dialect(paramstyle="named")).sql)
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", tuple("1" * sql.count("?")))]
    engine.dispose()
    assert [line for line in plan if ("SCAN" in line or "TEMP B-TREE" in line) and line != _ALLOWED.get(name)] == []
