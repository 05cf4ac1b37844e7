"""What sqruff's templater knows: it loads this anew for every file, so that the work is done once
beside it."""

from tests.lint.dbt import names

globals().update(names())
