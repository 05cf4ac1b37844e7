"""From delivered text to typed cells, as DuckDB SQL made from the contract [G1].

Steps, each a projection: `trimmed` (spaces off), `text` (empty where nothing is meant), what a
date or a code is read as, `typed`. No cast can fail, so no error of DuckDB can quote a cell.
"""

import re
from collections.abc import Iterable, Mapping

from orchestration.contract.extracts import IDENTIFIERS, Column, Extract, Kept

COLUMN_TYPES = {
    "string": "varchar",
    "code": "varchar",
    "flag": "varchar",
    "date": "date",
    "datetime": "timestamp",
    "integer": "bigint",
    "decimal": "decimal(18, 6)",
}

# Ways in which councils write "no figure"; not in strings, where NA may be somebody's number.
_NULL_TOKENS = ("NULL", "N/A", "NA", "NAN", "NONE", "-", "--")
# What a spreadsheet shows in place of a value that it cannot work out.
_ERRORS = ("#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")
# In place of an identifier, which would make one of all who are called so.
_NO_ONES = (
    *("UNKNOWN", "NOT KNOWN", "NOT RECORDED", "N/A", "NONE", "TBA", "TBC"),
    *("UNALLOCATED", "NOT ALLOCATED", "VACANT"),
)
# A number has a digit; whoever was asked for one and answers yes has one.
_A_NUMBER = "(?i).*[1-9].*|y|yes|t|true|registered"
_BLANKS = ((0x2000, 0x200F), (0x202A, 0x202F), (0x2066, 0x2069))
# What case systems write for "nothing" [G1].
_PLACEHOLDERS = ("-1", "SSD_PH", "1900-01-01")
# Spaces of every width, and marks that nobody sees.
_SPACES = "".join(
    (
        *(" \t\r\n\xa0\xad\u1680\u2028\u2029\u205f\u2060\u3000\ufeff"),
        *(chr(mark) for first, last in _BLANKS for mark in range(first, last + 1)),
    )
)
# '0012 and ="0012": so spreadsheets are told that a number is text.
_AS_TEXT = """^(?:'|="|")([0-9A-Za-z][^\\s'"]*)["']?$"""
_ANSWERS = {"y": "Y", "yes": "Y", "n": "N", "no": "N"}
_FLAG_WORDS = {
    **_ANSWERS,
    **dict.fromkeys(("1", "1.0", "true", "t"), "Y"),
    **dict.fromkeys(("0", "0.0", "false", "f"), "N"),
}
_KINDS_OF_COUNCIL = (
    "(london|royal|metropolitan) borough|borough|city|county|district|unitary|metropolitan"
    "|council|authority|mbc|cc|bc|lb|of|the|and"
)

_MIXED = re.compile("[a-z][0-9]|[0-9][a-z]")
_CODE_BEFORE = "^[(]?([A-Za-z0-9]+)[):;,\u2013-]*[ ]"
# Where a code looks like any word or number, it is parted more plainly: "b)" is a place in a list.
_PARTED_BEFORE = "^([A-Za-z0-9]+)(:|[ ][:\u2013-])[ ]"

_ZONE = "( ?(Z|[+-][0-9]{2}:?[0-9]{2}))?"
_TIME = f"([ T][0-9]{{1,2}}:[0-9]{{2}}(:[0-9]{{2}}([.][0-9]+)?)?{_ZONE})?"
_ISO = "[0-9]{4}-[0-9]{2}-[0-9]{2}" + _TIME
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTH = (
    "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
# A form of dates -> which of its groups are the year, the month, the day and the time of day.
_DATES = {
    "([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})" + _TIME: (3, 2, 1, 4),
    "([0-9]{4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})" + _TIME: (1, 2, 3, 4),
    f"(?i)([0-9]{{1,2}})[ /-]{_MONTH}[ /-]([0-9]{{4}})" + _TIME: (3, 2, 1, 4),
    "((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})()": (1, 2, 3, 4),
}
# Around a key or a value of JSON: doubled, escaped, single ones, and those of word processors too.
_QUOTES = "[\\\\\"\u201c\u201d\u2018\u2019'']*"
_NO_DATE = "(1900-01-01|0?1/0?1/1900)([ T].*)?"
_PLAIN = "[!#-&(-<>-~]|[!#-&(-<>-~].*[!-~]"
_PLAIN_WORDS = "[!#-&(-<>-~][!-~]*( [!-~]+)*"
_DIGITS = "([0-9]{1,12}|[0-9]{1,3}(,[0-9]{3}){1,3})"
_NUMBER = f"-?({_DIGITS}([.][0-9]+)?|[.][0-9]+)"
_YEARS = "([0-9]{4})(?: ?(?:[/\u2013-]|to)? ?([0-9]{4}|[0-9]{2}))?"
_WHOLE = f"-?{_DIGITS}([.]0+)?"


def sql_names(names: Iterable[str]) -> str:
    """SQL for a list of columns: quoted, as a name such as `column` is a word of SQL."""
    return ", ".join(f'"{name}"' for name in names)


def trimmed(column: Column) -> str:
    """SQL for a delivered cell without the spaces around it, for a code with single ones within it,
    and without what tells a spreadsheet that it is text; null where nothing is left."""
    name = sql_names([column.name])
    # Trimming of unusual spaces is slow: most cells begin and end with a plain character.
    is_code = column.type in ("code", "flag")
    plain = f"regexp_full_match({name}, '{_PLAIN_WORDS if is_code else _PLAIN}')"
    bare = f"trim({name}, {quoted(_SPACES)})"
    if is_code:
        bare = f"regexp_replace({bare}, '[{_SPACES}]+', ' ', 'g')"
    if column.type != "json":
        as_text = f"regexp_extract({bare}, {quoted(_AS_TEXT)}, 1)"
        bare = f"coalesce(nullif({as_text}, ''), {bare})"
    return f"nullif(case when {plain} then {name} else {bare} end, '')"


def null_tokens(extract: Extract, column: Column) -> str:
    """A pattern for the words for "no figure" in this column; empty where every word counts."""
    if column.type == "json" or (column.type == "string" and extract.class_ == "figures"):
        return ""
    if column.type == "string":
        # NULL as a query tool writes it
        no_ones = _NO_ONES if column.name.endswith("_id") else ()
        words = "|".join(map(re.escape, (*column.nothing, *_ERRORS, *no_ones)))
        return f"(?i:{words})|NULL"
    meant = {word.upper() for word in column.allowed}
    # an answer of -1 where others are not so is none, and somebody may have meant yes
    words = (*_NULL_TOKENS, *_ERRORS, *column.nothing, *["-1"] * (column.type == "flag"))
    return "(?i)" + "|".join(re.escape(word) for word in words if word not in meant)


def text(extract: Extract, column: Column) -> str:
    """SQL for the meant text of a trimmed cell; null where nothing is meant."""
    name, nothing = sql_names([column.name]), null_tokens(extract, column)
    if not nothing:
        return name
    if extract.class_ != "figures":
        nothing = "|".join((nothing, *_PLACEHOLDERS))
        if column.type in ("date", "datetime"):
            nothing += f"|{_NO_DATE}"
    return f"case when not regexp_full_match({name}, '{nothing}') then {name} end"


def known_code(column: Column, *, is_mapped: bool = False) -> str:
    """SQL for a code or flag in the contract's spelling; null where it is not in the contract.

    A code with a meaning behind it is read as the code, unless the council's own map (`is_mapped`:
    there is one for the column, in the table `code_map`) says what that stands for.
    """
    cell = f"{column.name}_text"
    words = {code.lower(): code for code in column.allowed}
    if column.type == "flag":
        before = f"lower(regexp_extract({cell}, '{_PARTED_BEFORE}', 1))"
        return f"coalesce({_flag(cell, words)}, case {before} {_whens(_ANSWERS | words)} end)"
    # A program that takes codes for numbers writes 1.0.
    words |= {f"{code}.0": code for code in column.allowed if code.isdigit()}
    first = f"regexp_extract({cell}, '^[0-9]+')" if column.code_first else cell
    known = f"case lower({first}) {_whens(words)} end"
    # "U1 Foster placement": no word for a meaning has both letters and digits. "W: Bed"
    mixed = {word: code for word, code in words.items() if word.isalnum() and _MIXED.search(word)}
    plain = {word: code for word, code in words.items() if word.isalnum() and code == code.upper()}
    codes = [
        f"case lower(regexp_extract({cell}, '{apart}', 1)) {_whens(some)} end"
        for apart, some in ((_CODE_BEFORE, mixed), (_PARTED_BEFORE, plain))
        if some
    ]
    if not codes:
        return known
    code = f"coalesce({', '.join(codes)})"
    if is_mapped:
        own = f"select source_value from code_map where name = '{column.name}'"
        code = f"case when lower({cell}) not in ({own}) then {code} end"
    return f"coalesce({known}, {code})"


def dated_text(column: Column) -> str:
    """SQL for the text of a date in ISO order; null where it is not one of the known forms."""
    cell = f"{column.name}_text"
    forms = ""
    for form, groups in _DATES.items():
        year, month, day, rest = (f"regexp_extract({cell}, '{form}', {group})" for group in groups)
        if _MONTH in form:
            month = f"strpos('{_MONTHS}', lower(left({month}, 3))) // 4 + 1"
        month, day = (f"lpad(cast({part} as varchar), 2, '0')" for part in (month, day))
        told = f"{year} || '-' || {month} || '-' || {day} || {rest}"
        forms += f" when regexp_full_match({cell}, '{form}') then {told}"
    return f"case when regexp_full_match({cell}, '{_ISO}') then {cell} {forms} end"


def typed(extract: Extract, column: Column) -> str:
    """SQL for the typed cell from `<name>_text` (and `<name>_iso`); null where it has no value."""
    cell, iso = f"{column.name}_text", f"{column.name}_iso"
    if column.person:
        return f"pseudonym({cell})"
    if column.year:
        return _year(cell, column.year)
    if f"{extract.name}.{column.name}" in IDENTIFIERS:
        return f"upper({cell})"
    if column.type == "flag":
        return f"{column.name}_known"
    if column.type == "code":
        code = f"coalesce({column.name}_known, {cell})"
        untimed = without_time(column)
        return f"case when {untimed} then 'day' else {code} end" if untimed else code
    if column.type in ("integer", "decimal"):
        form = _WHOLE if column.type == "integer" else _NUMBER
        number = f"try_cast(replace({cell}, ',', '') as {COLUMN_TYPES['decimal']})"
        whole = f"cast({number} as bigint)" if column.type == "integer" else number
        return f"case when regexp_full_match({cell}, '{form}') then {whole} end"
    if column.type in ("date", "datetime"):
        # A zone stands after a colon of the time; its own colon may be missing.
        zoned = f"regexp_matches({iso}, ':[0-9.]+ ?(Z|[+-][0-9]{{2}}:?[0-9]{{2}})$')"
        with_colon = rf"regexp_replace({iso}, ' ?([+-][0-9]{{2}}):?([0-9]{{2}})$', '\1:\2')"
        london = f"timezone('Europe/London', try_cast({with_colon} as timestamptz))"
        if column.type == "date":
            naive = f"try_cast(left({iso}, 10) as date)"
            return f"case when {zoned} then cast({london} as date) else {naive} end"
        # There and back moves a time that the clocks jumped over in spring one hour on.
        naive = f"try_cast({iso} as timestamp)"
        naive = f"timezone('Europe/London', timezone('Europe/London', {naive}))"
        moment = f"case when {zoned} then {london} else {naive} end"
        return f"date_trunc('minute', {moment})" if column.to_the_minute else moment
    return cell


def without_time(column: Column) -> str:
    """SQL for whether one of the column's `of_times` is a day alone; empty where it has none."""
    return " or ".join(f"coalesce({name}_text not like '%:%', false)" for name in column.of_times)


def _year(cell: str, kind: str) -> str:
    """SQL for a year that runs from one to the next, however it is written; null where the second
    is not the one after the first, and where a school year is told by one of them alone."""
    first, second = (f"regexp_extract({cell}, '^{_YEARS}$', {place})" for place in (1, 2))
    after = f"cast(try_cast({first} as integer) + 1 as varchar)"
    is_told = f"{second} in ({after}, right({after}, 2))"
    if kind == "academic":
        return f"case when {is_told} then {first} || '/' || right({after}, 2) end"
    return f"case when {first} <> '' and ({second} = '' or {is_told}) then {first} end"


def kept(extract: Extract, column: Column) -> Mapping[str, str]:
    """Name -> SQL of what is stored of a column: itself, or what is kept in its place."""
    if not column.kept_as:
        return {column.name: typed(extract, column)}
    return {each.name: _kept(f"{column.name}_text", each) for each in column.kept_as}


def lookup_key(cell: str) -> str:
    """SQL for a value to look up, without regard to case and spaces."""
    return f"upper(replace({cell}, ' ', ''))"


def spelled(cell: str) -> str:
    """SQL for what an area is called, without regard to case and signs, to the .0 that a
    spreadsheet puts after a number, and to what kind of council it is."""
    plain = f"regexp_replace(regexp_replace(lower({cell}), '[.]0+$', ''), '[^a-z0-9]+', ' ', 'g')"
    kinds = f"regexp_replace({plain}, '\\b({_KINDS_OF_COUNCIL})\\b', ' ', 'g')"
    return f"trim(regexp_replace({kinds}, ' +', ' ', 'g'))"


def reference_key(column: Column, cell: str) -> str:
    """SQL for the key by which the table of the column's `reference` knows the cell."""
    return f"lower({cell})" if column.reference == "indicator" else spelled(cell)


def _kept(cell: str, each: Kept) -> str:
    if each.json_key:
        said = f"json_extract_string({cell}, '$.{each.json_key}')"
        # Some scripts do not escape the quotes of a comment, or escape those of the keys as well:
        # the flags can be read all the same, where the key stands there once.
        key = rf"(?i)(?:^|[^a-z0-9_]){each.json_key}{_QUOTES}\s*:\s*"
        value = rf"{_QUOTES}([a-z0-9]*){_QUOTES}\s*[,}}\]]"
        found = f"regexp_extract_all({cell}, '{key}{value}', 1)"
        # what can be read and does not fill the flag says no; what cannot be read says nothing
        read = f"case when len({found}) = 1 then coalesce(nullif({found}[1], ''), 'N') end"
        told = f"nullif(trim({said}), '')"
        none = (
            f"case when len({found}) = 0 or json_exists({cell}, '$.{each.json_key}') then 'N' end"
        )
        of_an_object = f"case when json_type({cell}) = 'OBJECT' then coalesce({told}, {none}) end"
        valid = f"coalesce({of_an_object}, {read})"
        return _flag(f"case when json_valid({cell}) then {valid} else {read} end", {})
    if each.filled:
        # "No", "N/A" or "not yet" in answer to "which number?" is none.
        return f"case when regexp_full_match({cell}, '{_A_NUMBER}') then 'Y' else 'N' end"
    return f"{each.found_in}.found"


def _flag(cell: str, words: Mapping[str, str]) -> str:
    return f"case lower(trim({cell})) {_whens({**_FLAG_WORDS, **words})} end"


def _whens(words: Mapping[str, str]) -> str:
    return " ".join(f"when {quoted(said)} then {quoted(meant)}" for said, meant in words.items())


def quoted(word: str) -> str:
    """A word as a literal of SQL."""
    return "'" + word.replace("'", "''") + "'"
