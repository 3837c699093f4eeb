"""Bring a database file to the current schema.

A new file gets the tables directly and is stamped with the head; an up-to-date one is recognised
by `PRAGMA user_version` and never imports Alembic; an older one is upgraded by Alembic inside its
own transaction. A test holds that both roads lead to the same schema.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine

from mandrake.errors import Unavailable
from mandrake.persistence.schema import MIGRATION_HEAD, SCHEMA_VERSION, metadata

MIGRATIONS_FOLDER = Path(__file__).parent / "migrations"


def prepare(engine: Engine, path: Path) -> None:
    """Blocking. Create, check or upgrade.

    Raises:
        Unavailable: The file was made by a newer Mandrake.
    """
    with engine.connect() as connection:
        version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
        if version == SCHEMA_VERSION:
            return
        if version > SCHEMA_VERSION:
            raise Unavailable(
                f"`{path}` was made by a newer Mandrake (schema {version}, this one knows "
                f"{SCHEMA_VERSION}).",
                code="unavailable.schema",
                hint="Start the newer Mandrake, or restore a backup made by this version.",
            )
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            _create_or_upgrade(connection)
            connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA_VERSION}")
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise


def _create_or_upgrade(connection: Connection) -> None:
    tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
    if tables == 0:
        metadata.create_all(connection)
        connection.exec_driver_sql(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
            "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (MIGRATION_HEAD,))
    else:
        upgrade(connection)


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the migrations on an open connection."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
