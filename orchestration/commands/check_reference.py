"""`python -m orchestration.commands.check_reference`: check the reference data.

Writes what dbt reads of it. Prints what is wrong, a line each; exit code 1 where anything is.
"""

import sys

from orchestration.settings import settings

if __name__ == "__main__":
    tables = settings.reference.write().values()
    for fault in (fault for table in tables for fault in table.faults):
        print(fault)
    sys.exit(not all(table.is_right for table in tables))
