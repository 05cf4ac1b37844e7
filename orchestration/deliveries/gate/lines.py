"""The content of a file line by line, so that never more than a piece of it is text at a time.

As text a file takes up to four times its size, and as a list of its lines up to sixty-five times.
"""

import codecs
import re
from collections.abc import Iterator

from orchestration.deliveries.gate.refused import refuse

MAX_ROW_BYTES = 1_000_000

_PIECE = 2**20
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def as_utf8(content: bytes) -> bytes:
    """The same text as UTF-8 without a byte-order mark; refuses bytes that are no text."""
    # A UTF-16 mark is proof of UTF-16; without one, UTF-8 is the only encoding accepted.
    is_utf16 = content.startswith(_UTF16_MARKS)
    whole = bytearray()
    control, line = 0, 1
    decoder = codecs.getincrementaldecoder("utf-16" if is_utf16 else "utf-8-sig")()
    for start in range(0, max(len(content), 1), _PIECE):
        is_last = start + _PIECE >= len(content)
        try:
            text = decoder.decode(content[start : start + _PIECE], is_last)
        except UnicodeDecodeError as error:
            # what the decoder kept of the piece before lies before this one
            kept = len(error.object) - len(content[start : start + _PIECE])
            at = start - kept + error.start
            refuse("FILE-ENCODING", line=None if is_utf16 else content.count(b"\n", 0, at) + 1)
        if not control and (found := _CONTROL.search(text)):
            control = line + text.count("\n", 0, found.start())
        line += text.count("\n")
        if is_utf16:
            whole += text.encode()
    content = bytes(whole) if is_utf16 else content.removeprefix(codecs.BOM_UTF8)
    if not content:
        refuse("FILE-EMPTY")
    if control:
        refuse("FILE-CONTROL-CHAR", line=control)
    return content


def line_end(content: bytes) -> bytes:
    """The end of the first line, LF where there is none; refuses carriage returns alone."""
    first = re.search(b"\r\n|\n|\r", content)
    if first and first.group() == b"\r":
        refuse("FILE-LINE-ENDS", line=1)
    return first.group() if first else b"\n"


def lines_of(content: bytes, end: bytes, start: int = 0) -> Iterator[str]:
    """Each line from the byte `start` on, without its end and without an empty one at the last;
    refuses one that is longer than any row."""
    while start < len(content):
        stop = content.rfind(end, start, start + _PIECE)
        if stop < 0:
            stop = content.find(end, start)
        stop = len(content) if stop < 0 else stop
        if stop - start > _PIECE:
            refuse("FIELD-SIZE", line=content.count(end, 0, start) + 1)
        yield from content[start:stop].decode().split(end.decode())
        start = stop + len(end)
