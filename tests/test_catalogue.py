"""The catalogue of dbt_project.yml, as Python reads it."""

from pathlib import Path

import pytest
import yaml

from orchestration.catalogue import CatalogueError, read_catalogue
from orchestration.settings import settings


def test_sixty_indicators_in_eight_dashboards() -> None:
    entries = yaml.safe_load((settings.dbt_project / "dbt_project.yml").read_text())["vars"][
        "indicators"
    ]
    assert len(read_catalogue(settings.dbt_project)) == len(entries) == 60
    assert [entry["dashboard"] for entry in entries] == sorted(
        entry["dashboard"] for entry in entries
    )
    assert {entry["dashboard"] for entry in entries} == set(range(1, 9))


def project_with(folder: Path, **changes: object) -> Path:
    project = yaml.safe_load((settings.dbt_project / "dbt_project.yml").read_text())
    entry = project["vars"]["indicators"][0]
    for key, value in changes.items():
        if value is None:
            del entry[key]
        else:
            entry[key] = value
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(project))
    return folder


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"unit": "per cent"}, "ehcp_requests_count: unit must be one of"),
        ({"polarity": None}, "missing ['polarity']"),
        ({"polarty": "higher"}, "unknown ['polarty']"),
        ({"id": "referrals_count"}, "referrals_count stands there twice"),
    ],
)
def test_a_faulty_entry_is_named_with_what_is_wrong(
    tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(CatalogueError) as fault:
        read_catalogue(project_with(tmp_path, **changes))
    assert said in str(fault.value)
