"""Both servers, one after the other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deliveries.storage.servers import S3, SFTP, Server, serving


@pytest.fixture(params=[SFTP, S3], ids=["sftp", "s3"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    with serving(request.param, tmp_path / "server") as made:
        yield made


@pytest.fixture
def sftp(tmp_path: Path) -> Iterator[SFTP]:
    with serving(SFTP, tmp_path / "server") as made:
        yield made


@pytest.fixture
def s3(tmp_path: Path) -> Iterator[S3]:
    with serving(S3, tmp_path / "server") as made:
        yield made
