"""A word to the planner where it cannot know better.

SQLite keeps no counts of a table's rows by itself. Of two indexes it then takes the one whose first column is compared with a
single value, such as a project's id, even if that is every row there is and the other index would find three.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


def only_checked(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Return a text column in a form that no index serves: what another index finds is checked against it.

    where(only_checked(rows.c.project_id) == …, rows.c.customer_id == …)
    """
    return column.concat(sa.literal_column("''"))
