"""Sample Borough: a plainly synthetic council that fills every extract of the contract.

Nothing in it is about a real child, and no figure of it is a real council's. The same arguments
always give the same bytes.
"""

from orchestration.sample_council.council import care_leaver_snapshots, make_council
from orchestration.sample_council.delivery import fill, write_delivery
from orchestration.sample_council.scene import GEOGRAPHY_CODE, GEOGRAPHY_NAME, OLD_LA_CODE
from orchestration.sample_council.stories import Stories

__all__ = [
    "GEOGRAPHY_CODE",
    "GEOGRAPHY_NAME",
    "OLD_LA_CODE",
    "Stories",
    "care_leaver_snapshots",
    "fill",
    "make_council",
    "write_delivery",
]
