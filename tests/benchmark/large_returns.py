"""`make bench`: what a large SSDA903 return costs beside the bare reading of its files, in seconds
of the processor: those hold on a busy machine too."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from orchestration.contract.extracts import EXTRACTS
from orchestration.deliveries.readers.joining import Part, joined
from orchestration.deliveries.readers.ssda903 import csv_set

EPISODES = 100_000


def main() -> None:
    """Print the shares."""
    with tempfile.TemporaryDirectory(prefix="childrens-kpis-bench-") as home:
        files = _files(Path(home))
        reading = csv_set.read(files)

        def join() -> None:
            for name, rows in reading.tables.items():
                joined(EXTRACTS[name], [Part(rows, reading.covers[name], "ssda903")] * 2)

        bare = _least(lambda: _bare(files))
        read, two = _least(lambda: csv_set.read(files)), _least(join, times=1)
    print(f"{'SSDA903, 100,000 episodes: reading / bare reading':<72}{read / bare:7.2f}")
    print(f"{'two such returns: joining / bare reading of one':<72}{two / bare:7.2f}")


def _files(folder: Path) -> dict[str, list[Path]]:
    """Table -> its file, made in `folder`."""
    some = np.random.default_rng(7)
    child = [f"C{number // 5:06d}" for number in range(EPISODES)]
    days = pd.Series(pd.date_range("2024-04-01", "2025-03-31")).dt.strftime("%d/%m/%Y")
    starts, ends = (some.choice(days, EPISODES) for _ in range(2))
    pd.DataFrame(
        {
            "CHILD": child,
            "DECOM": starts,
            "RNE": some.choice(list("SLPT"), EPISODES),
            "LS": some.choice(["C1", "C2", "V2"], EPISODES),
            "CIN": "N1",
            "PLACE": some.choice(["U1", "K2"], EPISODES),
            "PLACE_PROVIDER": "PR1",
            "DEC": np.where(some.random(EPISODES) < 0.7, ends, ""),
            "REC": "X1",
            "REASON_PLACE_CHANGE": "",
            "HOME_POST": some.integers(10**6, 10**7, EPISODES),
            "PL_POST": some.integers(10**4, 10**5, EPISODES),
            "URN": some.integers(10**6, 10**7, EPISODES),
        }
    ).to_csv(folder / "episodes.csv", index=False)
    header = pd.DataFrame({"CHILD": sorted(set(child)), "SEX": "1", "DOB": "01/02/2012"})
    header.assign(ETHNIC="WBRI", UPN="", MOTHER="", MC_DOB="").to_csv(
        folder / "header.csv", index=False
    )
    return {file.stem: [file] for file in folder.iterdir()}


def _bare(files: dict[str, list[Path]]) -> None:
    for [file] in files.values():
        pd.read_csv(file, dtype=str)


def _least(work: Callable[[], object], times: int = 5) -> float:
    spent = []
    for _ in range(times + 1):
        begun = time.process_time()
        work()
        spent.append(time.process_time() - begun)
    return min(spent)


if __name__ == "__main__":
    main()
