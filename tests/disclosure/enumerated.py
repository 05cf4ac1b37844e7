"""A second way to what a reader can work out: trying all numbers, for small ones."""

from collections.abc import Iterable, Iterator

from orchestration.disclosure.facts import Fact


def tried(facts: Iterable[Fact], largest: int) -> dict[str, tuple[int, int]]:
    """Least and greatest value of every number over all that agree with the facts."""
    told = list(facts)
    domains = {name: range(largest + 1) for fact in told for name in fact.weights}
    found: dict[str, tuple[int, int]] = {}
    for numbers in _all(told, domains):
        for name, value in numbers.items():
            low, high = found.get(name, (value, value))
            found[name] = (min(low, value), max(high, value))
    return found


def _all(facts: list[Fact], domains: dict[str, range]) -> Iterator[dict[str, int]]:
    """All numbers within their domains that agree, the narrowest domain chosen from first."""
    narrowed = _narrowed(facts, domains)
    if narrowed is None:
        return
    open_ones = [name for name, domain in narrowed.items() if len(domain) > 1]
    if not open_ones:
        yield {name: domain[0] for name, domain in narrowed.items()}
        return
    chosen = min(open_ones, key=lambda name: (len(narrowed[name]), name))
    for value in narrowed[chosen]:
        yield from _all(facts, narrowed | {chosen: range(value, value + 1)})


def _narrowed(facts: list[Fact], domains: dict[str, range]) -> dict[str, range] | None:
    """The domains without the ends that a fact alone rules out; None where nothing is left."""
    domains = dict(domains)
    changed = True
    while changed:
        changed = False
        for fact in facts:
            for name in fact.weights:
                able = [value for value in domains[name] if _can_hold(fact, domains, name, value)]
                if not able:
                    return None
                if able[0] > domains[name][0] or able[-1] < domains[name][-1]:
                    domains[name] = range(able[0], able[-1] + 1)
                    changed = True
    return domains


def _can_hold(fact: Fact, domains: dict[str, range], name: str, value: int) -> bool:
    low = high = 0
    for each, weight in fact.weights.items():
        ends = (value, value) if each == name else (domains[each][0], domains[each][-1])
        low += min(weight * end for end in ends)
        high += max(weight * end for end in ends)
    return (fact.upper is None or low <= fact.upper) and (fact.lower is None or high >= fact.lower)
