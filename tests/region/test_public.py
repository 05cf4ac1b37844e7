"""What of a region is public: no small number of a council follows from it, whoever asks."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.disclosure.history import Publication
from orchestration.disclosure.publishable import hidden_figures, is_hidden
from orchestration.disclosure.small import small_sides
from orchestration.disclosure.ties import sides_of
from orchestration.documents.region_page import region_files
from orchestration.editions.figures import HIDDEN, Figure, Trend, place_of
from orchestration.region.edition import Beside, Region, RegionIndicator
from orchestration.region.public import Known, NarrowedError, council_rows, public_region
from orchestration.region.rows import bare_row
from tests.disclosure.public_reader import deduce

START, AS_AT = date(2025, 4, 1), date(2026, 3, 31)
CODES = ("E06000036", "E06000037", "E06000038")
INDICATOR = "permanent_exclusions_count"
PCT = "rereferrals_12m_pct"


def figure(top: int, bottom: int | None = None, kind: str = "rolling_12m") -> Figure:
    value = Decimal(top) if bottom is None else Decimal(100 * top) / bottom
    whole = None if bottom is None else Decimal(bottom)
    return Figure(kind, START, AS_AT, Decimal(top), whole, value, "ok")


def row_of(indicator: str, figures: dict[str, Figure]) -> RegionIndicator:
    unit = "count" if figures[CODES[0]].denominator is None else "percent"
    top = sum(each.numerator or 0 for each in figures.values())
    bottom = None if unit == "count" else sum(each.denominator or 0 for each in figures.values())
    councils = tuple(
        Beside(code, code, each, rank, len(figures)) for rank, (code, each) in
        enumerate(figures.items(), 1)
    )  # fmt: skip
    return RegionIndicator(
        indicator, indicator, 7, "Missing", unit, 0 if unit == "count" else 1, "lower",
        "child_attribute", "period_flow_count" if unit == "count" else "period_flow_ratio",
        "counted", "" if unit == "count" else "out of", figure(int(top), bottom and int(bottom)),
        {}, len(figures), 1, councils,
    )  # fmt: skip


def region(*rows: RegionIndicator) -> Region:
    return Region("E12000008", "South East", AS_AT, {code: code for code in CODES}, rows, False)


def known(**earlier: Publication) -> dict[str, Known]:
    return {code: Known((), (earlier[code],) if code in earlier else ()) for code in CODES}


def counts(*numbers: int) -> RegionIndicator:
    return row_of(INDICATOR, dict(zip(CODES, map(figure, numbers), strict=True)))


def shown(row: RegionIndicator) -> tuple[bool, list[str]]:
    """Whether the area's figure is shown, and whose are."""
    return row.figure.value is not None, [
        each.geography_code for each in row.councils if each.figure.value is not None
    ]


@pytest.mark.parametrize(
    ("numbers", "area", "councils"),
    [
        ((20, 30, 40), True, CODES),
        # one that is small would be what is left of the sum
        ((3, 30, 40), False, CODES[1:]),
        # of two that are small each could be 1 to 5 only where they are 6 together
        ((3, 3, 40), True, CODES[2:]),
        ((1, 3, 40), False, CODES[2:]),
        ((5, 4, 40), False, CODES[2:]),
        ((0, 30, 40), True, CODES),
        ((3, 3, 3), True, ()),
        ((1, 1, 1), False, ()),
    ],
)
def test_a_small_number_is_hidden_and_so_is_the_sum_from_which_it_would_follow(
    numbers: tuple[int, int, int], area: bool, councils: tuple[str, ...]
) -> None:
    public = public_region(region(counts(*numbers)), known())
    assert public is not None
    [row] = public.region.rows
    assert shown(row) == (area, list(councils))
    assert public.hidden == (not area) + 3 - len(councils)


def possible(row: RegionIndicator, true: RegionIndicator) -> Iterator[set[int]]:
    """By trying all: which values each small number of a council can have, for a reader who knows
    the area's figure and every number that is not small."""
    hidden = [
        each.figure
        for each in true.councils
        if is_hidden(each.figure, row.unit, row.disclosure_class)
    ]
    top = row.figure.numerator
    if top is None or not hidden:
        return
    rest = sum(each.figure.numerator or 0 for each in true.councils if each.figure not in hidden)
    left = int(top - rest)

    def sums(number: int) -> set[int]:
        found = {0}
        for _ in range(number):
            found = {a + b for a in found for b in range(1, 6)}
        return found

    for _ in hidden:
        others = sums(len(hidden) - 1)
        yield {value for value in range(1, 6) if left - value in others}


@pytest.mark.parametrize("first", range(0, 8))
@pytest.mark.parametrize("second", range(0, 8))
def test_trying_all_numbers_finds_no_more_than_that_it_is_small(first: int, second: int) -> None:
    for third in (0, 2, 4, 9):
        true = counts(first, second, third)
        public = public_region(region(true), known())
        assert public is not None
        [row] = public.region.rows
        assert all(values == {1, 2, 3, 4, 5} for values in possible(row, true))


def test_nothing_is_shown_that_a_councils_own_pack_hides() -> None:
    place = place_of(figure(20))
    pack = Publication({INDICATOR: {place: figure(20)}}, {INDICATOR: frozenset({place})})
    public = public_region(region(counts(20, 30, 40)), known(**{CODES[0]: pack}))
    assert public is not None
    [row] = public.region.rows
    assert CODES[0] not in shown(row)[1]


def months(numbers: list[int]) -> dict[tuple, Figure]:
    found = {}
    for at, number in enumerate(numbers):
        year, month = (2025, 4 + at) if at < 9 else (2026, at - 8)
        first = date(year, month, 1)
        last = date.fromordinal((date(year + month // 12, month % 12 + 1, 1)).toordinal() - 1)
        each = replace(figure(number), period_type="month", period_start=first, period_end=last)
        found[place_of(each)] = each
    return found


def test_what_a_pack_hides_does_not_follow_from_the_page_and_the_pack(tmp_path: Path) -> None:
    """The pack printed eleven months and hid one: twelve months here would give it away."""
    told = months([10, 10, 10, 10, 10, 3, 10, 10, 10, 10, 10, 10])
    small = frozenset(place for place, each in told.items() if each.numerator == 3)
    pack = Publication({INDICATOR: told}, {INDICATOR: small})
    year = counts(113, 30, 40)
    _write(tmp_path / "pack", INDICATOR, told, small)
    bases = {INDICATOR: "period_flow_count"}
    for earlier, number in ((known(**{CODES[0]: pack}), 0), (known(), 1)):
        public = public_region(region(year), earlier)
        assert public is not None
        [row] = public.region.rows
        mine = next(each for each in row.councils if each.geography_code == CODES[0])
        is_gone = mine.figure.status == HIDDEN
        assert is_gone == (number == 0)
        of_page = {place_of(year.councils[0].figure): year.councils[0].figure}
        folder = tmp_path / f"page {number}"
        _write(folder, INDICATOR, of_page, frozenset(of_page) if is_gone else frozenset())
        # the second reader finds it where the pack was not looked at, and nothing where it was
        assert len(deduce([tmp_path / "pack", folder], bases)) == number


def test_a_later_pack_does_not_give_away_with_the_page_what_it_hides(tmp_path: Path) -> None:
    """The page printed twelve months together: a pack hides a second one beside the small one."""
    page = public_region(region(counts(113, 30, 40)), known())
    assert page is not None
    bases = {INDICATOR: "period_flow_count"}
    _write(tmp_path / "page", INDICATOR, page.told[CODES[0]].figures[INDICATOR], frozenset())
    told = months([10, 10, 10, 10, 10, 3, 10, 10, 10, 10, 10, 10])
    [row] = council_rows([counts(113, 30, 40)], CODES[0])
    row = replace(row, trend=Trend("month", tuple(told.values())))
    for earlier, number in (((page.told[CODES[0]],), 0), ((), 1)):
        hidden = hidden_figures([row], (), earlier).places[INDICATOR]
        _write(tmp_path / f"pack {number}", INDICATOR, told, hidden)
        # the second reader finds it where the pack does not know the page
        found = deduce([tmp_path / "page", tmp_path / f"pack {number}"], bases)
        assert len(found) == number


def _write(folder: Path, indicator: str, figures: dict, hidden: frozenset) -> None:
    folder.mkdir()
    head = ["indicator_id", "unit", "breakdown", "part", "period_type", "period_start"]
    head += ["period_end", "numerator", "denominator", "value", "status"]
    with (folder / "figures.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        for place, each in figures.items():
            told = ["", "", "", HIDDEN] if place in hidden else [each.numerator, "", each.value, ""]
            days = [each.period_start, each.period_end]
            writer.writerow([indicator, "count", "", "", each.period_type, *days, *told])


def test_a_percentage_goes_with_either_of_its_numbers() -> None:
    figures = {CODES[0]: figure(27, 30), CODES[1]: figure(20, 40), CODES[2]: figure(50, 90)}
    public = public_region(region(row_of(PCT, figures)), known())
    assert public is not None
    [row] = public.region.rows
    # of 30 all but 3: the rest is small
    assert shown(row) == (False, list(CODES[1:]))
    # places are those of the ones that are shown
    ranks = {each.geography_code: (each.rank, each.ranked) for each in row.councils}
    assert ranks == {CODES[0]: (None, None), CODES[1]: (1, 2), CODES[2]: (2, 2)}
    told = region_files(public.region, "us")
    assert b"90.0" not in told["councils.csv"] and b"90.0%" not in told["region.html"]
    assert b"97 of 160" not in told["region.html"]


def test_a_council_that_is_not_known_here_is_neither_shown_nor_added() -> None:
    some = {code: each for code, each in known().items() if code != CODES[1]}
    public = public_region(region(counts(20, 30, 40)), some)
    assert public is not None
    [row] = public.region.rows
    assert row.figure.value == 60 and CODES[1] not in public.region.councils
    assert row.absent == {"elsewhere": (CODES[1],)}
    assert public_region(region(counts(20, 30, 40)), {}) is None


def test_nothing_is_published_where_a_number_could_be_worked_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The audit does not rest on what chose the figures: with that broken it stops."""
    from orchestration.region import together

    monkeypatch.setattr(together.Together, "held_back", lambda *_, **__: frozenset())
    with pytest.raises(NarrowedError, match="REGION-NARROWED: 1 hidden"):
        public_region(region(counts(3, 30, 40)), known())


def test_rows_of_the_public_rules_have_the_sides_that_the_page_has() -> None:
    row = counts(3, 30, 40)
    bare = bare_row(
        {
            **{name: getattr(row, name) for name in (
                "indicator_id", "dashboard_no", "dashboard", "unit", "decimals", "polarity",
                "disclosure_class", "time_basis",
            )},
            "indicator_name": row.name, "tier": "", "frequency": "", "numerator_text": "",
            "denominator_text": "", "note": None,
        },
        [row.councils[0].figure],
    )  # fmt: skip
    assert small_sides(sides_of(row.councils[0].figure, bare), bare) == ["n"]
