"""The limits that definitions name, put into the texts that tell of them.

`{assessment_limit_wd}` stands for its number, `{ehcp_limit_days/7}` for as many weeks,
`{rhi_limit_days*24}` for hours; after a colon stands how it is written: `words` (three), `Words`
(Three) or `ordinal` (third).
"""

import re
from collections.abc import Mapping

from orchestration.catalogue.number_words import in_words, ordinal

PLACE = re.compile(r"\{(\w+)(?:([/*])(\d+))?(?::(words|Words|ordinal))?\}")


def unknown(text: str, limits: Mapping[str, str]) -> list[str]:
    """What a text names in braces and is no limit."""
    named = re.findall(r"\{([^{}]*)\}", text)
    places = {place.group(0)[1:-1]: place.group(1) for place in PLACE.finditer(text)}
    return [each for each in named if places.get(each) not in limits]


def filled(text: str, limits: Mapping[str, str]) -> str:
    """`text` with the limits put in; what is no limit stays as it stands there."""
    return PLACE.sub(lambda place: _told(place, limits), text)


def _told(place: re.Match[str], limits: Mapping[str, str]) -> str:
    name, operation, other, written = place.groups()
    value = limits.get(name, "")
    if not value.isdigit():
        return value or place.group(0)
    number = int(value)
    if other:
        number = number * int(other) if operation == "*" else round(number / int(other))
    if written is None or number > 99:
        return str(number)
    if written == "ordinal":
        return ordinal(number)
    return in_words(number) if written == "words" else in_words(number).capitalize()
