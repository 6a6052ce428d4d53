# Everything one does here, by name. `just` lists it; each recipe can also be typed by hand.

default:
    @just --list

# A year of believable history in a temporary database, then the server on port 8000.
demo *options:
    uv run --no-dev billfold demo {{options}}

# All tests on SQLite; `just test tests/ledger` runs some.
test *options:
    uv run pytest {{options}}

# All tests on a private PostgreSQL server that the tests start and stop.
test-postgres *options:
    BILLFOLD_TEST_DATABASE=postgresql uv run pytest {{options}}

# The scenarios with their full numbers, on both databases (CI runs fewer rounds).
scenarios *options:
    BILLFOLD_TEST_FULL=1 uv run pytest --timeout=3600 {{options}}
    BILLFOLD_TEST_FULL=1 BILLFOLD_TEST_DATABASE=postgresql uv run pytest --timeout=3600 {{options}}

# Everything but the tests: format, lint, types, the order of imports.
check:
    uv run ruff format --check
    uv run ruff check
    uv run mypy
    uv run lint-imports --no-logo

# Write the code as the formatter wants it and mend what the linter can.
format:
    uv run ruff format
    uv run ruff check --fix

# Write docs/api/*.openapi.json as the server gives them.
openapi:
    uv run python -m tests.house.openapi_document

# Write docs/operate/permissions.md: who may do what, as the code has it.
permissions:
    uv run python -m tests.house.permissions_document

# Write the catalogue of public events: docs/api/events.md and its JSON Schema.
events:
    uv run python -m tests.house.events_document

# Write the answers in docs/api/billing.md as the server gives them; look at the difference before you commit it.
examples:
    BILLFOLD_WRITE_EXAMPLES=1 uv run pytest tests/house/test_documents_api.py

# Take the README's pictures of the demo, in docs/pictures/; look at them before you commit them.
pictures:
    uv run python -m tests.browser.pictures

# The measurements of docs/operate/performance.md.
bench *options:
    uv run python -m bench {{options}}

# Resolve every package and pin it; `just lock --upgrade` takes the newest ones.
lock *options:
    uv run --no-project python .ci/lock.py {{options}}

# What CI does, on this machine.
ci:
    .ci/run
