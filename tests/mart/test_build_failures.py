"""What is said where the machine is too small for the build."""

import errno
import os
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.dbt.build import told_where_full
from orchestration.mart.build_failures import shortage


def test_memory_that_is_short_and_a_full_disk_are_told_by_their_code(tmp_path: Path) -> None:
    texts = []
    with duckdb.connect(config={"memory_limit": "10MB", "temp_directory": ""}) as small:
        for query in (
            "select count(distinct i + 1) from range(5000000) as r(i) group by i",
            "copy (from range(5000000)) to '/dev/full' (format csv)",
        ):
            with pytest.raises(duckdb.Error) as failed:
                small.execute(query).fetchall()
            texts.append(shortage(str(failed.value), "10MB"))
    assert texts[0].startswith("MEMORY-SHORT: ") and "KPI_MEMORY" in texts[0]
    assert texts[1].startswith("DISK-FULL: ") and "make room" in texts[1]
    assert not shortage("Conversion Error: could not read", "10MB")


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, ""), OSError(errno.EDQUOT, "")])
def test_a_full_disk_is_told_by_its_code_wherever_the_build_writes(error: OSError) -> None:
    with pytest.raises(dg.Failure, match="DISK-FULL: "), told_where_full():
        raise error
    with pytest.raises(dg.Failure, match="DISK-FULL: "), told_where_full():
        raise duckdb.IOException(f"could not write: {os.strerror(error.errno or 0)}")
    for other in (OSError(errno.EACCES, ""), duckdb.IOException("locked"), ValueError()):
        with pytest.raises(type(other)), told_where_full():
            raise other
