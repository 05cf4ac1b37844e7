"""Made-up postcodes: the area ZZ does not exist."""

from random import Random

from orchestration.sample_council.chance import Choice, happens, whole
from orchestration.sample_council.rows import Rows
from orchestration.sample_council.scene import OLD_LA_CODE

# DfE numbers of real authorities, so that a child can be placed in another one.
NEARBY = ("825", "867", "869", "870", "931", "850")
_OUT_OF_BOROUGH = 0.6
_UNKNOWN = 0.006
_MILES = Choice({(1, 8): 55, (9, 20): 22, (21, 60): 17, (61, 180): 6})

# Districts ZZ1 to ZZ8 are the borough's; each authority nearby has three of the others.
_OWN_DISTRICTS = tuple(f"ZZ{number}" for number in range(1, 9))
_OTHER_DISTRICTS = {
    f"ZZ{10 + 3 * place + number}": authority
    for place, authority in enumerate(NEARBY)
    for number in range(3)
}
_UNITS = tuple(f"{sector}ZZ" for sector in range(1, 7))

Spot = tuple[str, float]  # postcode, miles from home


class Places:
    """Where children are placed."""

    def __init__(self, rng: Random) -> None:
        self._random = rng

    def pick(self) -> Spot:
        """A postcode in the borough or another authority; now and then one nobody knows."""
        rng = self._random
        if happens(rng, _UNKNOWN):
            return "ZZ99 9ZZ", 999.9
        if not happens(rng, _OUT_OF_BOROUGH):
            return self.near()
        districts = tuple(_OTHER_DISTRICTS)
        return self._postcode(districts), float(whole(rng, *_MILES.pick(rng)))

    def near(self) -> Spot:
        """A postcode in the borough."""
        rng = self._random
        return self._postcode(_OWN_DISTRICTS), whole(rng, 5, 60) / 10

    def _postcode(self, districts: tuple[str, ...]) -> str:
        """Written with or without the space, in capitals or not."""
        rng = self._random
        district = districts[whole(rng, 0, len(districts) - 1)]
        gap = "" if happens(rng, 0.15) else " "
        written = f"{district}{gap}{_UNITS[whole(rng, 0, len(_UNITS) - 1)]}"
        return written.lower() if happens(rng, 0.03) else written


def borough_of(postcode: str) -> str | None:
    """The authority of a postcode as written; None where it is not in the reference."""
    return _REFERENCE.get("".join(postcode.upper().split()))


def write_postcodes(rows: Rows) -> None:
    """ref_postcode_la: every postcode but the unknown one."""
    for postcode, authority in _REFERENCE.items():
        rows.add(postcode=postcode, la_code=authority)


_REFERENCE = {
    f"{district}{unit}": authority
    for district, authority in (
        dict.fromkeys(_OWN_DISTRICTS, OLD_LA_CODE) | _OTHER_DISTRICTS
    ).items()
    for unit in _UNITS
}
