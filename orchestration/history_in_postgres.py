"""What docs/deployment/postgres/dagster.yaml names: Dagster's runs in a PostgreSQL server."""

from typing import Any

from dagster_postgres import PostgresRunStorage
from dagster_postgres.utils import pg_url_from_config

from orchestration.history import OfThisProject


class Runs(OfThisProject, PostgresRunStorage):
    """`history.Runs`, there."""

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> "Runs":
        return cls(pg_url_from_config(config_value), inst_data=inst_data)
