"""Records of an XML file, one after another, whatever the file holds.

Neither a document type nor an entity is let in, nothing is fetched, and no more than one record is
in memory.
"""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, XMLPullParser
from xml.parsers import expat

from orchestration.deliveries.messages import finding
from orchestration.deliveries.readers.reading import MAX_BYTES, Look, UnreadableError

_CHUNK = 1 << 16
_RECORD = 8_000_000
"""Bytes of one record, of which the largest real ones have some 100,000."""


def root_of(look: Look) -> str:
    """The name of a file's outermost element without its namespace, or "" where it is no XML."""
    if not look.text.lstrip("\ufeff \t\r\n").startswith("<"):
        return ""
    try:
        return _outermost([look.beginning])[0].rpartition("}")[2]
    except (expat.ExpatError, LookupError, ValueError):
        return ""


def records(file: Path, tags: set[str]) -> Iterator[Element]:
    """Each element whose name is one of `tags`, whole, with names without namespaces.

    An element is emptied when the next is asked for. Raises `UnreadableError`.
    """
    try:
        if file.stat().st_size > MAX_BYTES:
            raise _unreadable(f"larger than {MAX_BYTES // 1_000_000} MB")
        namespace = _namespace(file)
        with _no_collector():
            yield from _records(file, {f"{namespace}{tag}" for tag in tags}, namespace)
    except (ParseError, expat.ExpatError) as error:
        line = getattr(error, "position", (getattr(error, "lineno", None),))[0]
        raise _unreadable("no well-formed XML from this line on", line) from None
    except (OSError, LookupError, ValueError) as error:
        # of an encoding that nobody knows: LookupError, ValueError
        raise _unreadable(f"the file cannot be read: {type(error).__name__}") from None


@contextmanager
def _no_collector() -> Iterator[None]:
    """Without the collector of garbage, of which elements make none that it would have to find:
    looking for it takes three quarters of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _records(file: Path, tags: set[str], namespace: str) -> Iterator[Element]:
    parser, since = XMLPullParser(["end"]), 0
    with file.open("rb") as lines:
        while chunk := lines.read(_CHUNK):
            parser.feed(chunk)
            since += len(chunk)
            for _, element in parser.read_events():
                if element.tag in tags:
                    since = 0
                    for each in element.iter() if namespace else ():
                        each.tag = each.tag.rpartition("}")[2]
                    yield element
                    element.clear()
            if since > _RECORD:
                raise _unreadable(f"no record ends within {_RECORD // 1_000_000} MB")
    parser.close()
    for _ in parser.read_events():
        pass


def _namespace(file: Path) -> str:
    """That of the outermost element as `{…}`, or ""; refuses a document type."""
    with file.open("rb") as lines:
        name, has_doctype = _outermost(iter(lambda: lines.read(_CHUNK), b""))
    if has_doctype:
        raise _unreadable("a document type, which no return has")
    if not name:
        raise _unreadable("no element")
    namespace, separator, _ = name.rpartition("}")
    return f"{{{namespace}}}" if separator else ""


def _outermost(chunks: Iterable[bytes]) -> tuple[str, bool]:
    """The outermost element, and whether a document type stands before it."""
    parser = expat.ParserCreate(namespace_separator="}")
    found: list[str] = []
    doctypes: list[str] = []
    parser.StartElementHandler = lambda name, _: found.append(name)
    parser.StartDoctypeDeclHandler = lambda name, *_: doctypes.append(name)
    for chunk in islice(chunks, _RECORD // _CHUNK):
        try:
            parser.Parse(chunk, False)
        except expat.ExpatError:
            # further on than what is asked for
            if not found and not doctypes:
                raise
        if found or doctypes:
            break
    return (found or [""])[0], bool(doctypes)


def _unreadable(what: str, line: int | None = None) -> UnreadableError:
    return UnreadableError(finding("RETURN-UNREADABLE", line=line, what=what))
