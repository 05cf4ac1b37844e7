"""Run by test_publication.py: publish over a set again and again, killed at each call in turn.

Arguments: a folder to work in, and `one` or `two` for the steps of the change-over. Prints a line
of JSON: the number of kills, and what was found wrong after them. It forks, so it is a program of
its own with one thread.
"""

import json
import os
import signal
import sys
from pathlib import Path

from orchestration.publication.manifest import read_manifest, verify
from orchestration.publication.publication import publish
from tests.publication.interruption import interrupted

OLD, NEW = ({f"file_{n}.csv": f"value\n{text}\n".encode() for n in range(3)} for text in "ab")
SETS = {1: OLD, 2: NEW}


def facts(generation: int) -> dict[str, object]:
    """The facts of a publication in which only the generation matters."""
    names = ("as_at", "built_at", "code_version", "geography_code", "geography_name", "run_id")
    return {**dict.fromkeys(names, "-"), "generation": generation, "synthetic": False}


def main(work: Path, in_one_step: bool) -> dict[str, object]:
    """Kill at call 1, 2, 3 … until a publication comes to its end."""
    wrong: list[str] = []
    kills = 0
    folder = work / "2019-09"
    while True:
        publish(folder, OLD, facts(1))
        child = os.fork()
        if child == 0:
            with interrupted(kills + 1, _kill, in_one_step=in_one_step):
                publish(folder, NEW, facts(2))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            return {"kills": kills, "wrong": wrong}
        kills += 1
        # In two steps there is one moment at which the old set lies beside its place.
        aside = folder.with_name(".2019-09.aside")
        standing = folder if folder.exists() or in_one_step else aside
        wrong += [f"kill {kills}: {fault}" for fault in _faults(standing)]
        publish(folder, NEW, facts(2))
        wrong += [f"after kill {kills}: {fault}" for fault in _faults(folder)]
        left = sorted(path.name for path in work.iterdir())
        if left != [".publishing.lock", "2019-09"]:
            wrong.append(f"after kill {kills}: {left}")
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _faults(folder: Path) -> list[str]:
    manifest = read_manifest(folder)
    if manifest is None:
        return ["no set"]
    files = SETS[manifest.generation]
    mixed = [name for name in files if (folder / name).read_bytes() != files[name]]
    return verify(folder) + mixed


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2] == "one")))
