"""The edition of the small mart, for the tests of this folder."""

from tests.editions.small_edition import build, edition, mart, row, synthetic_edition

__all__ = ["build", "edition", "mart", "row", "synthetic_edition"]
