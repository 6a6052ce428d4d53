"""Fixtures that every test may use: an empty database with every table, on the engine that the environment names.

`BILLFOLD_TEST_DATABASE=postgresql` runs everything on PostgreSQL: on a private server that this file starts and stops, or on the
one that `BILLFOLD_TEST_POSTGRES_URL` names (whose account may create databases). Without it everything runs on SQLite.

Isolation costs about a millisecond a test on both. SQLite: each test gets a copy of a file with all tables. PostgreSQL: each
worker has one database, and what the last test left in it is deleted before the next (measured with 35 tables: 1 ms;
TRUNCATE took 60 ms, a copy of a template database 34 ms).
"""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.pool import StaticPool
from xdist.scheduler import WorkStealingScheduling

import billfold.wiring  # noqa: F401 - registers every table
from billfold.infrastructure.db.database import Database
from billfold.infrastructure.db.migrating import migrate
from billfold.infrastructure.db.postgres import PostgresDatabase
from billfold.infrastructure.db.sqlite import SqliteDatabase
from billfold.infrastructure.db.statements import metadata
from tests.postgres_cluster import PostgresCluster, PostgresMissing

Result = TypeVar("Result")

ON_POSTGRES: Final = os.environ.get("BILLFOLD_TEST_DATABASE", "sqlite") == "postgresql"
_SERVER: Final = "BILLFOLD_TEST_POSTGRES_URL"
# A file system in memory, as Linux has it; a container's own is often smaller than this.
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - pytest makes a folder there that is only its own
_ROOM_IN_MEMORY: Final = 2 * 1024**3

if (Path(__file__).parent / "app_fixtures.py").exists():
    pytest_plugins = ["tests.app_fixtures"]

_cluster: PostgresCluster | None = None


def pytest_configure(config: pytest.Config) -> None:
    """Start one PostgreSQL server for the whole run; the workers of pytest-xdist inherit its address."""
    global _cluster  # noqa: PLW0603 - pytest's hooks are functions; this is their only shared state
    _keep_files_in_memory()
    asked = os.environ.get("BILLFOLD_TEST_DATABASE", "sqlite")
    if asked not in {"sqlite", "postgresql"}:
        raise pytest.UsageError(f"BILLFOLD_TEST_DATABASE must be sqlite or postgresql, not {asked!r}")
    if not ON_POSTGRES or hasattr(config, "workerinput") or _SERVER in os.environ:
        return
    try:
        _cluster = PostgresCluster()
    except PostgresMissing as error:
        raise pytest.UsageError(str(error)) from error
    config.add_cleanup(_cluster.remove)
    _cluster.start()
    os.environ[_SERVER] = _cluster.url


def pytest_unconfigure() -> None:
    """Forget the server that this run started; its clean-up is registered above."""
    if _cluster is not None:
        os.environ.pop(_SERVER, None)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Run everything in two processes, but a chosen file in this one: starting two costs more than they save."""
    return 0 if config.args_source is pytest.Config.ArgsSource.ARGS else 2


def pytest_collection_finish() -> None:
    """Have the garbage collector look at what tests leave behind only: half a million objects of the program stay.

    Measured with the tests of the referral API: 11 of 30 seconds were spent looking at them over and over, 4 of 22 so.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _keep_files_in_memory() -> None:
    """Put the tests' temporary folders where no commit waits for a disk, if there is room: nothing has to outlive the machine."""
    if "PYTEST_DEBUG_TEMPROOT" in os.environ or not _MEMORY.is_dir() or not os.access(_MEMORY, os.W_OK):
        return
    if shutil.disk_usage(_MEMORY).free > _ROOM_IN_MEMORY:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(_MEMORY)


# What every fixture of a database is made from; `billfold` chooses among them while a test runs.
_DATABASES: Final = frozenset(
    {
        "filled_template",
        "migrated_template",
        "empty_database_url",
        "postgres_administrator",
        "browsed_server",
        "billfold",
    }
)


# Their tests start servers, browsers and other programs, and take seconds each.
_SLOW: Final = frozenset({"browser", "cli", "guides", "stories"})


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> WorkStealingScheduling | None:
    """Have a process that is done take over half of what waits for the other, unless somebody chose a way to share."""
    return WorkStealingScheduling(config, log) if config.getoption("dist") == "load" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the slow tests, so that at the end no process waits a minute for the other's last one.

    On PostgreSQL leave out of a whole run the tests that ask for no database, because SQLite's run had the very same ones, and
    those of what pages look like (marked `looks`). A file that looks at which database it is, keeps all others.
    """
    items.sort(key=lambda item: item.path.parent.name not in _SLOW)
    if not ON_POSTGRES or config.args_source is pytest.Config.ArgsSource.ARGS:
        return
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        asks = _DATABASES.intersection(getattr(item, "fixturenames", ()))
        module = getattr(item, "module", None)
        is_needed = (asks or hasattr(module, "ON_POSTGRES")) and item.get_closest_marker("looks") is None
        (kept if is_needed else left_out).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left_out)


def pytest_report_header() -> str:
    """Say which database the run is about."""
    return f"billfold: tests run on {'PostgreSQL' if ON_POSTGRES else 'SQLite'}"


class PostgresAdministrator:
    """Makes, empties and drops databases, on a connection and an event loop of its own."""

    def __init__(self, server_url: str) -> None:
        self._server_url = server_url
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="postgres-administrator", daemon=True)
        self._thread.start()
        self._connections: dict[str, Any] = {}
        self._made: list[str] = []

    def create(self, name: str, *, with_tables: bool = True) -> str:
        """Create a database and return its address."""
        url = self._address(name)
        self._wait(self._create(name, url, with_tables=with_tables))
        self._made.append(name)
        return url

    def create_migrated(self, name: str) -> str:
        """Create a database as `billfold migrate` leaves one, and return its address: only the first is migrated."""
        template = f"billfold_test_{os.getpid()}_template"
        if template not in self._made:
            self._wait(self._create(template, self._address(template), with_tables=False))
            self._wait(migrate(self._address(template)))
            self._made.append(template)
        self._wait(self._create(name, self._address(name), with_tables=False, template=template))
        self._made.append(name)
        return self._address(name)

    def empty(self, url: str) -> None:
        """Delete every row and cut every connection that a test left behind."""
        self._wait(self._empty(url))

    def close(self) -> None:
        """Drop what was created."""
        self._wait(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _address(self, name: str) -> str:
        return urlunsplit(urlsplit(self._server_url)._replace(path=f"/{name}"))

    def _wait(self, steps: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(steps, self._loop).result(60)

    async def _connection(self, url: str) -> Any:
        if url not in self._connections:
            self._connections[url] = await asyncpg.connect(url)
        return self._connections[url]

    async def _create(self, name: str, url: str, *, with_tables: bool, template: str = "template1") -> None:
        server = await self._connection(self._server_url)
        await server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await server.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        if with_tables:
            connection = await self._connection(url)
            # Triggers do not fire for this connection, so it can empty tables that are immutable to everybody else.
            for statement in _tables_as_sql():
                await connection.execute(statement)
            await connection.execute("SET session_replication_role = replica")

    async def _empty(self, url: str) -> None:
        await (await self._connection(url)).execute(_EMPTY)

    async def _close(self) -> None:
        for url, connection in self._connections.items():
            if url != self._server_url:
                await connection.close()
        server = await self._connection(self._server_url)
        for name in dict.fromkeys(self._made):
            await server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await server.close()


_EMPTY: Final = """
DO $$ DECLARE name text; filled boolean; BEGIN
    PERFORM pg_terminate_backend(pid, 2000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend';
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', name) INTO filled;
        IF filled THEN EXECUTE format('DELETE FROM %I', name); END IF;
    END LOOP;
    FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER SEQUENCE %I RESTART', name);
    END LOOP;
END $$
"""


def _tables_as_sql() -> list[str]:
    """Return the whole schema as statements: asyncpg is the only driver here, and SQLAlchemy's own create_all wants another."""
    script: list[str] = []
    engine = sa.create_mock_engine(
        "postgresql+asyncpg://", lambda statement, *_, **__: script.append(str(statement.compile(dialect=_DIALECT)))
    )
    metadata.create_all(engine, checkfirst=False)
    return script


_DIALECT: Final = postgresql.dialect()  # type: ignore[no-untyped-call]


@pytest.fixture(scope="session")
def postgres_administrator() -> Iterator[PostgresAdministrator]:
    """Whoever may create databases on the run's PostgreSQL server."""
    administrator = PostgresAdministrator(os.environ[_SERVER])
    yield administrator
    administrator.close()


@pytest.fixture(scope="session")
def filled_template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What each test's database is made from: a SQLite file with every table, or this worker's PostgreSQL database."""
    if ON_POSTGRES:
        administrator: PostgresAdministrator = request.getfixturevalue("postgres_administrator")
        return administrator.create(f"billfold_test_{os.getpid()}")
    path = tmp_path_factory.mktemp("template") / "template.db"
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=StaticPool)
    metadata.create_all(engine)
    with engine.connect() as connection:
        # A file remembers this, so nobody who opens a copy waits for the disk to change it.
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    engine.dispose()
    return str(path)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, filled_template: str, tmp_path: Path) -> str:
    """The address of a database of this test's own, with every table and no row."""
    if ON_POSTGRES:
        administrator: PostgresAdministrator = request.getfixturevalue("postgres_administrator")
        administrator.empty(filled_template)
        return filled_template
    path = tmp_path / "billfold.db"
    shutil.copyfile(filled_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without any table, for tests of migrations and of the first start."""
    if ON_POSTGRES:
        administrator: PostgresAdministrator = request.getfixturevalue("postgres_administrator")
        return administrator.create(f"billfold_test_{os.getpid()}_empty", with_tables=False)
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture(scope="session")
def migrated_template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A SQLite file as `billfold migrate` leaves one; PostgreSQL's is made by its administrator."""
    if ON_POSTGRES:
        request.getfixturevalue("postgres_administrator")
        return ""
    url = f"sqlite:///{tmp_path_factory.mktemp('migrated') / 'template.db'}"
    asyncio.run(migrate(url))
    return url.removeprefix("sqlite:///")


@pytest.fixture
def migrated_database_url(request: pytest.FixtureRequest, migrated_template: str, tmp_path: Path) -> str:
    """The address of a database that `billfold migrate` has been at, for tests whose subject comes after the first start."""
    if ON_POSTGRES:
        administrator: PostgresAdministrator = request.getfixturevalue("postgres_administrator")
        return administrator.create_migrated(f"billfold_test_{os.getpid()}_migrated")
    path = tmp_path / "migrated.db"
    shutil.copyfile(migrated_template, path)
    return f"sqlite:///{path}"


def open_database(url: str) -> Database:
    """Return the database at an address, not yet started."""
    return SqliteDatabase(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else PostgresDatabase(url)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """A started database with every table and no row."""
    database = open_database(database_url)
    await database.start()
    yield database
    await database.stop()
