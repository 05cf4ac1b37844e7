"""Families: siblings of plausible ages, some not yet born, some who came alone to seek asylum."""

from collections.abc import Iterable
from datetime import date, timedelta

from orchestration.sample_council.chance import Bands, Choice, happens, whole
from orchestration.sample_council.histories import Child, Family
from orchestration.sample_council.rows import Rows
from orchestration.sample_council.scene import Scene

_CHILDREN = Choice({1: 0.42, 2: 0.33, 3: 0.16, 4: 0.07, 5: 0.02})
_OLDEST_AGE = Bands((0.22, 0, 3), (0.26, 4, 9), (0.34, 10, 14), (0.18, 15, 16))
_ETHNICITY = Choice(
    {"WBRI": 68, "WOTH": 7, "AIND": 6, "APKN": 4, "BAFR": 4, "MWBC": 3, "MOTH": 3, "OOTH": 3}
    | {"NOBT": 2}
)
_ASYLUM_ETHNICITY = Choice({"OOTH": 5, "BAFR": 3, "AOTH": 2})
_DEATHS = 0.0012
_MULTIPLE = 0.03
_TOLD_BEFORE_BIRTH = 0.02
UNBORN_DAYS = 150


class Registry:
    """Hands out families and children with running numbers."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._random = scene.random("people")
        self.families: list[Family] = []
        self.children: list[Child] = []

    def family(self, first_day: date) -> Family:
        """Siblings as they are on `first_day`; the youngest may be born later."""
        rng = self._random
        family = Family(len(self.families) + 1, first_day, [])
        birth = first_day - timedelta(days=whole(rng, 0, 364) + 365 * _OLDEST_AGE.pick(rng))
        for _ in range(_CHILDREN.pick(rng)):
            family.children.append(self._child(family.number, birth, _ETHNICITY))
            if not happens(rng, _MULTIPLE):
                birth += timedelta(days=whole(rng, 400, 1_500))
        self.families.append(family)
        return family

    def alone(self, first_day: date) -> Family:
        """A young person of 15 to 17 who arrived alone; most have no proven birth date."""
        rng = self._random
        birth = first_day - timedelta(days=whole(rng, 15 * 365 + 60, 17 * 365 + 290))
        family = Family(len(self.families) + 1, first_day, [])
        child = self._child(family.number, birth, _ASYLUM_ETHNICITY)
        child.sex = "M" if happens(rng, 0.88) else "F"
        child.estimated, child.arrived = happens(rng, 0.65), first_day
        child.birth_unknown = child.estimated and happens(rng, 0.02)
        family.children.append(child)
        self.families.append(family)
        return family

    def _child(self, family: int, birth: date, ethnicity: Choice[str]) -> Child:
        rng = self._random
        child = Child(
            number=len(self.children) + 1,
            family=family,
            birth=birth,
            sex="M" if happens(rng, 0.515) else "F",
            ethnicity=ethnicity.pick(rng),
        )
        if happens(rng, _DEATHS):
            child.death = birth + timedelta(days=whole(rng, 100, 18 * 365))
            if child.death < self._scene.start:
                child.death = None
        self.children.append(child)
        return child


def write_persons(rows: Rows, scene: Scene, children: Iterable[Child]) -> None:
    """One row per child: estimated birth dates sit in the expected-date field, unborn have none."""
    rng = scene.random("person rows")
    for child in children:
        unborn = child.birth > scene.as_at
        expected = child.birth if unborn or child.estimated else None
        if expected is None and happens(rng, _TOLD_BEFORE_BIRTH):
            expected = child.birth + timedelta(days=whole(rng, -12, 12))
        rows.add(
            pers_person_id=child.person_id,
            pers_dob=None if unborn or child.estimated else child.birth,
            pers_expected_dob=None if child.birth_unknown else expected,
            pers_death_date=scene.seen(child.death),
            pers_sex="U" if unborn else child.sex,
            pers_ethnicity=child.ethnicity,
        )
