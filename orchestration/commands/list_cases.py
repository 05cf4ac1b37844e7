"""`make cases ID=…`: the cases behind a figure, for officers."""

import sys
from collections.abc import Sequence

from orchestration.cases.case_lists import Asked, NoCases, list_cases, told_of
from orchestration.settings import settings


def main(arguments: Sequence[str]) -> int:
    """Exit code 1 where there is nothing to list."""
    try:
        print(told_of(list_cases(Asked(*arguments), settings), settings))
    except NoCases as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
