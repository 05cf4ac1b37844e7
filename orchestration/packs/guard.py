"""What a text may say in numbers, so that it tells no hidden figure and none that is not so.

A text about an indicator with a hidden figure, or about one that is tied to it: every number in it,
in digits or in words, is a placeholder, stands in the definition, or is confirmed by name. In any
other text a percentage and an "N of M" have to stand in the table; a telephone number, an amount
and the like are free.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from orchestration.catalogue.number_words import ONES, TENS
from orchestration.editions import words
from orchestration.editions.figures import HIDDEN, Edition, Indicator, figures_of
from orchestration.packs.placeholders import PLACEHOLDER

FREE_PARTS = frozenset(
    ("ward", "lead_officer", "contact_name", "contact_service", "contact_telephone")
) | {"contact_email"}
"""Parts of the report that speak of no figure."""


def guarded(edition: Edition) -> dict[str, str]:
    """The indicators of a public edition of which a figure is hidden, and those tied to them, each
    with the words of its definition."""
    rows = {row.indicator_id: row for row in edition.rows}
    hidden = {
        each
        for each, row in rows.items()
        if any(figure.status == HIDDEN for figure in figures_of(row).values())
    }
    beside = {
        one
        for tie in edition.ties
        for one, other in ((tie.fewer[0], tie.more[0]), (tie.more[0], tie.fewer[0]))
        if other in hidden and one in rows
    }
    return {each: _definition(rows[each]) for each in sorted(hidden | beside)}


def faults_of_text(
    text: str,
    about: Iterable[str],
    secret: Mapping[str, str],
    printed: Mapping[str, str],
    is_confirmed: bool,
) -> list[str]:
    """What keeps a text back. `about` are the indicators that it is about, none where it is a part
    of the report; `secret` are those of `guarded`, `printed` all that is printed of each."""
    about = set(about)
    known = "\n".join(told for each, told in printed.items() if each in about or not about)
    faults = _not_in_table(_typed(text), known)
    found = 0 if is_confirmed else numbers_beside_hidden(text, about, secret)
    if found:
        faults.append(
            f"it has {found} number{'s' if found > 1 else ''}, in digits or words, beside figures"
            " that are hidden: use a placeholder, or let who signs off put the name into"
            " confirmed_by"
        )
    return faults


def numbers_beside_hidden(text: str, about: Iterable[str], secret: Mapping[str, str]) -> int:
    """How many numbers a text has, in digits or words, that could tell a hidden figure."""
    about, typed = set(about), _typed(text)
    if about:
        strict = [typed] if about & set(secret) else []
        defined = " ".join(secret.get(each, "") for each in about)
    else:
        named = set().union(*map(_stems, secret.values()), *map(_stems, _PEOPLE)) if secret else ()
        sentences = _SENTENCE.split(typed)
        strict = [each for each in sentences if named and _stems(each) & set(named)]
        defined = ""
    return sum(_numbers(each, defined) for each in strict)


def _typed(text: str) -> str:
    """What of a text somebody has typed, without days and years; ligatures and wide digits, as they
    are copied from other papers, in plain letters, and without marks that nobody sees."""
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    return _DATE.sub(" ", PLACEHOLDER.sub(" ", plain))


def _definition(row: Indicator) -> str:
    said = (row.name, row.numerator_text, row.denominator_text)
    target = None if row.target is None else words.trimmed(row.target, row.unit)
    parts = (words.part(part) for part in row.parts)
    return " ".join(filter(None, (*said, target, *parts))).lower()


def _not_in_table(typed: str, known: str) -> list[str]:
    """Percentages and shares that the table does not print."""
    faults = []
    percentages = {_plain(each[1]) for each in _PERCENTAGE.finditer(known)}
    shares = {(_plain(each[1]), _plain(each[2])) for each in _SHARE.finditer(known)}
    for place, each in enumerate(_PERCENTAGE.finditer(typed), start=1):
        if _plain(each[1]) not in percentages:
            faults.append(f"its percentage {place} is not in the table: use a placeholder")
    for place, each in enumerate(_SHARE.finditer(typed), start=1):
        if (_plain(each[1]), _plain(each[2])) not in shares:
            faults.append(f'its "N of M" {place} is not in the table: use a placeholder')
    return faults


def _numbers(text: str, defined: str) -> int:
    """How many numbers a text has that do not stand in the definition with the same next word."""
    phrases = (re.sub(r"\s+", " ", each[0]).strip() for each in _ANY.finditer(text.lower()))
    return sum(phrase not in defined for phrase in phrases)


def _stems(text: str) -> set[str]:
    """The beginnings of the longer words, so that excluded and exclusions are the same."""
    return {
        word[:5] for word in re.findall(r"[a-z]{5,}", text.lower()) if word[:5] not in _EVERYWHERE
    }


def _plain(number: str) -> Decimal | None:
    try:
        return Decimal(number.replace(",", "")).normalize()
    except InvalidOperation:
        return None


_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(
    rf"\b(?:19|20)\d\d(?:/\d\d)?\b|\b\d{{1,2}}(?:st|nd|rd|th)? (?=(?:{_MONTHS})\b)"
    r"|\bquarter (?:[1-4]|one|two|three|four)\b",
    re.IGNORECASE,
)
_DIGITS = r"\d[\d,]*(?:\.\d+)?"
_PERCENTAGE = re.compile(rf"({_DIGITS})\s*(?:%|per ?cent\b|percent\b)", re.IGNORECASE)
_SHARE = re.compile(rf"({_DIGITS}) (?:out )?of (?:the |all |its |these |those )*({_DIGITS})")
_WORDS = (
    *(*ONES[1:], *TENS, "hundred", "thousand", "dozen", "dozens"),
    *("zero", "nil", "nought", "none", "nobody", "no one", "no-one", "neither", "no child"),
    *("no children", "no young person", "no young people", "not any", "not a single"),
    *("no care leaver", "no care leavers", "no leavers", "no case", "no cases", "no boys"),
    *("single", "sole", "solitary", "lone", "the only", "once", "twice", "thrice"),
    *("both", "pair", "couple", "twin", "twins", "trio", "triple", "triplets", "quartet"),
    *("handful", "half", "halves", "third", "thirds", "a quarter of", "quarters", "fifth"),
    *("no girls", "fifths", "majority of", "another"),
    *("second", "fourth", "sixth", "seventh", "eighth", "ninth", "tenth", "the other"),
    *("every one", "all but"),
)
_ANY = re.compile(
    r"(?:(?<![\w])[\d½⅓⅔¼¾][\d,.½⅓⅔¼¾]*|\b(?:"
    + "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True))
    + r")\b)(?:(?:[\s-]+|(?=%))(?:%|[a-z]+))?"
)
"""A number in digits or words, and the word after it."""
_PEOPLE = ("children", "child's", "young people", "person", "leavers", "teenagers", "siblings")
_EVERYWHERE = frozenset(
    ("which", "their", "there", "those", "perio", "month", "quart", "years", "first", "since")
) | {"withi", "after", "before"[:5], "other", "recor", "total", "numbe", "share", "servi", "worki"}
"""Beginnings of words that every definition has."""
