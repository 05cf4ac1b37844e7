"""The dbt sources of the checked reference data, made from the contract, and the catalogue's macro.

`python -m orchestration.commands.reference_sources` writes both anew; tests say when they are old.
"""

from pathlib import Path

import yaml

from orchestration.catalogue.for_dbt import write_for_dbt
from orchestration.reference.contract import File, reference_files
from orchestration.settings import settings

TARGET = Path("dbt_project/models/staging/reference/_reference__sources.yml")
_MADE = (
    "# Made from orchestration/reference/reference.yml by "
    "`python -m orchestration.commands.reference_sources`: do not edit.\n"
)
# an apostrophe in the path of the data folder ends no text
_LOCATION = (
    "read_parquet('{{ env_var('KPI_DATA', '../data') | replace(\"'\", \"''\") }}"
    "/reference/{name}.parquet')"
)


def read_by_dbt() -> list[File]:
    """The files that the models may read: what is no request, text or address."""
    folders = ("reference/", "benchmarks/", "catalogue/")
    return [file for file in reference_files().values() if file.path.startswith(folders)]


def sources() -> str:
    """The sources, in YAML."""
    source = {
        "name": "reference",
        "description": "Reference data of seeds/, checked and typed before each build.",
        "config": {"meta": {"external_location": _LOCATION}},
        "tables": [
            # columns are described in reference.yml, and for dbt in the staging models
            {"name": file.name, "description": file.description}
            for file in read_by_dbt()
        ],
    }
    text = yaml.safe_dump({"sources": [source]}, sort_keys=False, allow_unicode=True, width=100)
    return _MADE + text


if __name__ == "__main__":
    TARGET.write_text(sources(), encoding="utf-8")
    write_for_dbt(settings.seeds, settings.dbt_project, settings.reference.limits)
