from collections import Counter
from random import Random

from orchestration.sample_council.chance import Bands, Choice, Quota, whole


def test_choices_come_as_often_as_their_weights_say() -> None:
    rng, choice = Random(1), Choice({"often": 3, "never": 0, "seldom": 1})

    drawn = Counter(choice.pick(rng) for _ in range(4_000))

    assert set(drawn) == {"often", "seldom"}
    assert 0.72 < drawn["often"] / 4_000 < 0.78


def test_whole_numbers_include_both_ends() -> None:
    rng = Random(1)

    assert {whole(rng, -1, 2) for _ in range(200)} == {-1, 0, 1, 2}


def test_bands_stay_inside_their_bounds() -> None:
    rng, bands = Random(1), Bands((0.9, 0, 3), (0.1, 50, 51))

    drawn = [bands.pick(rng) for _ in range(2_000)]

    assert set(drawn) == {0, 1, 2, 3, 50, 51}
    assert 0.86 < sum(number < 4 for number in drawn) / 2_000 < 0.94


def test_a_quota_keeps_to_its_share_exactly() -> None:
    quota = Quota()

    answers = [quota.take(0.25) for _ in range(40)]

    assert sum(answers) == 10
    assert not any(answers[:3])
