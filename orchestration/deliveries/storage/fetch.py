"""Fetch what is new or has changed, and take away what is not there any more.

A file becomes visible to check-in whole or not at all: it is written beside, goes on there after a
break, and is moved when its size is right and its server still says the same of it as before.
"""

import csv
import fcntl
import hashlib
import io
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from orchestration.deliveries.messages import CODES, Finding, finding
from orchestration.deliveries.sources.months import can_be_delivered, today_in_london
from orchestration.deliveries.storage.access import Access, UnusableSettingError, place_of
from orchestration.deliveries.storage.folders import Folders
from orchestration.deliveries.storage.listing import NO_MONTH, Listing, Version, called
from orchestration.deliveries.storage.record import Copy, Record, Stat, last_said, opened
from orchestration.deliveries.storage.remote import Remote, RemoteError
from orchestration.files import make_private, put_in_place

_TRIES = 2
_FAILURES_IN_A_ROW = 3
"""So many, and it is the server, not the file: each may have cost a whole patience."""

_STAYS = "the other files are fetched; what was fetched of this one before stays in use"
_FOLDER_STAYS = "the other folders are fetched; what was fetched of this one stays in use"
_NOTHING = "nothing is fetched; what was fetched before stays in use, and so do the last figures"


@dataclass
class Fetched:
    """What became of it. `is_whole` is False where time was short, or another process fetches."""

    new: list[str] = field(default_factory=list)
    gone: int = 0
    size: int = 0
    findings: list[Finding] = field(default_factory=list)
    is_whole: bool = True

    def __str__(self) -> str:
        rest = "" if self.is_whole else "; not all of it yet"
        counts = f"{len(self.new)} files fetched, {self.size} bytes, {self.gone} taken away"
        return counts + rest


class _TimeShortError(Exception):
    """What has come so far stays, and the next time goes on with it."""


def fetch(
    access: Access,
    top: Path,
    now: datetime,
    max_bytes: int,
    *,
    beside: Path,
    seconds: float | None = None,
    progress: Callable[[str], None] = lambda told: None,
) -> Fetched:
    """Make the folder of fetched files below `top` what lies there now.

    Never raises because of the place or the disk: whatever fails is a finding, the rest is fetched,
    and what was fetched before stays. `beside` is the drop folder, which should be empty. With
    `seconds` it stops after about so many, and does not
    wait for another process that fetches. `progress` is told what may be shown.
    """
    folders, fetched = Folders(top), Fetched()
    until = None
    if seconds is not None:
        until = time.monotonic() + seconds
        access = replace(access, patience=min(access.patience, max(5, seconds / 4)))
    if any(each.is_file() for each in beside.rglob("[!.]*")):
        found = finding("STORAGE-BESIDE")
        fetched.findings.append(found.placed(f"data/{beside.name}", "nothing in it is read"))
    try:
        where = place_of(access).where
    except UnusableSettingError:
        where = "(the settings)"
    try:
        for each in (folders.top, folders.files, folders.parts):
            make_private(each)
        with _locked(folders.lock, is_patient=seconds is None) as is_ours:
            if not is_ours:
                fetched.is_whole = False
                return fetched
            with opened(folders.record) as record:
                try:
                    work = (folders, record, now, max_bytes, until, progress)
                    with closing(Remote(access)) as remote:
                        _Work(remote, *work).do(where, fetched)
                except RemoteError as error:
                    fetched.findings.append(_of_all(error, where))
                record.say(map(str, fetched.findings))
    except OSError as error:
        what = f"{CODES['CHECK-IN-FAILED'].what}: {error.strerror or type(error).__name__}"
        fetched.findings.append(finding("CHECK-IN-FAILED", what=what).placed(where, _NOTHING))
    return fetched


def last_findings(top: Path) -> list[str]:
    """What was found when files were fetched last."""
    return last_said(Folders(top).record)


@dataclass
class _Work:
    remote: Remote
    folders: Folders
    record: Record
    now: datetime
    max_bytes: int
    until: float | None
    progress: Callable[[str], None]

    def do(self, where: str, fetched: Fetched) -> None:
        listing = self.remote.listing()
        if not listing.files and not listing.refused and not listing.unread:
            raise RemoteError("STORAGE-GONE", "it is empty")
        if self.record.is_begun_anew():
            # nobody knows any more which of them were fetched, and all of them can be again
            shutil.rmtree(self.folders.files)
            make_private(self.folders.files)
            self.record.has_nothing()
        copies = self.record.copies()
        for path in [each for each in copies if not listing.is_there(each)]:
            fetched.gone += self._take_away(path, copies.pop(path))
        self._clear_folders({each.partition("/")[0] for each in copies})
        names = called({*listing.files, *listing.refused}, today_in_london(self.now))
        problems = self._not_wanted(listing, copies)
        wanted = [path for path in self._wanted(listing, copies) if path not in problems]
        self._clear({self.folders.part(path, listing.files[path]) for path in wanted})
        in_a_row = 0
        for path in wanted:
            try:
                self._fetch(path, listing.files[path], copies.get(path), fetched)
            except _TimeShortError:
                fetched.is_whole = False
                break
            except RemoteError as error:
                in_a_row += error.code == "STORAGE-UNREACHABLE"
                if in_a_row == _FAILURES_IN_A_ROW:
                    fetched.findings.append(_of_all(error, where))
                    break
                code = "STORAGE-CHANGES" if error.code == "STORAGE-CHANGES" else "STORAGE-FILE"
                problems[path] = finding(code, what=f"{CODES[code].what}: {error.kind}")
                continue
            in_a_row = 0
            fetched.new.append(path)
            self.progress(f"fetched {names[path]}, {listing.files[path].size} bytes")
        self._tell(where, problems, listing, names, fetched)

    def _not_wanted(self, listing: Listing, copies: dict[str, Copy]) -> dict[str, Finding]:
        """What no transfer is begun for."""
        found = {path: finding("STORAGE-NAME", what=why) for path, why in listing.refused.items()}
        for path, version in listing.files.items():
            if version.size > self.max_bytes:
                found[path] = finding("FILE-SIZE")
            elif not _is_ours(self.folders.files / path, copies.get(path)):
                found[path] = finding("STORAGE-TAKEN")
        return found

    def _wanted(self, listing: Listing, copies: dict[str, Copy]) -> list[str]:
        """New and changed files, by name. With them come back the returns whose copies were removed
        for their age: those of several years are read together."""
        changed, aged = [], []
        for path, version in sorted(listing.files.items()):
            copy, lies = copies.get(path), os.path.lexists(self.folders.files / path)
            is_newest = copy and (_stat(self.folders.files / path) == copy.stat or not lies)
            if not copy or copy.version != version or not is_newest:
                changed.append(path)
            elif not lies:
                (aged if copy.removed else changed).append(path)
        if changed:
            changed += [path for path in aged if copies[path].removed != "extract"]
        return sorted(changed)

    def _fetch(self, path: str, version: Version, before: Copy | None, fetched: Fetched) -> None:
        """Raises `RemoteError` where it fails twice; what has come of it stays for the next."""
        try:
            version = self._transfer(path, version)
        except RemoteError as error:
            if error.code == "STORAGE-CHANGES":
                self.folders.part(path, version).unlink(missing_ok=True)
            elif error.code != "STORAGE-UNREACHABLE":
                raise
            version = self._transfer(path, self.remote.version(path))
        self._put_in_place(path, version, before)
        fetched.size += version.size

    def _transfer(self, path: str, version: Version) -> Version:
        """Go on until the part is whole, and see that it is still these bytes."""
        part = self.folders.part(path, version)
        part.touch(mode=0o600)
        size = part.stat().st_size
        if size < version.size:
            with part.open("ab") as opened_part:
                for block in self.remote.read(path, size):
                    opened_part.write(block)
                    size += len(block)
                    # one that has grown since does not end by itself
                    if size > version.size:
                        break
                    if self.until and time.monotonic() > self.until and size < version.size:
                        raise _TimeShortError
        if self.remote.version(path) != version or size > version.size:
            part.unlink()
            raise RemoteError("STORAGE-CHANGES", "twice in a row")
        if size < version.size:
            raise RemoteError("STORAGE-UNREACHABLE", "it ended too early")
        return version

    def _put_in_place(self, path: str, version: Version, before: Copy | None) -> None:
        part, target = self.folders.part(path, version), self.folders.files / path
        with part.open("rb") as whole:
            digest = hashlib.file_digest(whole, "sha256").hexdigest()
            os.fsync(whole.fileno())
        # of several copies of an extract the newest counts, as where they were put
        times = version.mtime_ns or int(self.now.timestamp()) * 10**9
        os.utime(part, ns=(times, times))
        stat = _stat(part)
        assert stat is not None
        at = self.now.astimezone(UTC).isoformat()
        lies = _stat(target)
        copy = Copy(version, digest, stat, before.stat if before and lies else None, at)
        for folder in reversed(target.relative_to(self.folders.files).parents):
            make_private(self.folders.files / folder)
        # noted first: after a kill in between, both files are known as ours
        self.record.note(path, copy)
        part.replace(target)
        self.record.note(path, copy.without_before())

    def _take_away(self, path: str, copy: Copy) -> bool:
        target = self.folders.files / path
        is_there = os.path.lexists(target) and _is_ours(target, copy)
        if is_there:
            target.unlink()
        self.record.forget(path)
        return is_there

    def _clear_folders(self, in_use: set[str]) -> None:
        """Folders that nothing lies in, here and there."""
        for folder in sorted((each for each in self.folders.files.rglob("*/")), reverse=True):
            if folder.relative_to(self.folders.files).parts[0] not in in_use:
                (folder / AGED).unlink(missing_ok=True)
            with suppress(OSError):
                folder.rmdir()

    def _clear(self, wanted: set[Path]) -> None:
        """Parts of files that have changed or gone since."""
        for part in self.folders.parts.iterdir():
            if part not in wanted:
                part.unlink()

    def _tell(
        self,
        where: str,
        problems: Mapping[str, Finding],
        listing: Listing,
        names: Mapping[str, str],
        fetched: Fetched,
    ) -> None:
        for path, found in sorted(problems.items()):
            fetched.findings.append(found.placed(f"{where}: {names[path]}", _STAYS))
        for folder, (code, kind) in sorted(listing.unread.items()):
            found = finding(code, what=f"a folder: {CODES[code].what}: {kind}")
            month = folder.partition("/")[0]
            is_month = can_be_delivered(month, today_in_london(self.now))
            place = f"{where}: {month if is_month else NO_MONTH}"
            fetched.findings.append(found.placed(place, _FOLDER_STAYS))
        told = {path: found.what for path, found in problems.items()}
        self._list(told | dict.fromkeys(listing.unread, "a folder that cannot be listed"))

    def _list(self, problems: dict[str, str]) -> None:
        """Their names, for the owner of the data alone."""
        if not problems:
            self.folders.not_fetched.unlink(missing_ok=True)
            return
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(("file", "why it was not fetched"))
        writer.writerows(sorted(problems.items()))
        with put_in_place(self.folders.not_fetched, forbidden=0o077) as temporary:
            temporary.write_text(text.getvalue(), encoding="utf-8", errors="backslashreplace")


AGED = ".removed"
"""Left in a folder whose copies were removed for their age, so that it does not count as empty:
what lies outside a month's folder is taken in with the newest month that is not."""


def _of_all(error: RemoteError, where: str) -> Finding:
    what = f"{CODES[error.code].what}: {error.kind}"
    return finding(error.code, what=what).placed(where, _NOTHING)


def _stat(file: Path) -> Stat | None:
    try:
        found = file.lstat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _is_ours(file: Path, copy: Copy | None) -> bool:
    """Whether nothing lies there, or what we have put there."""
    stat = _stat(file)
    return stat is None or (copy is not None and stat in (copy.stat, copy.before))


@contextmanager
def _locked(file: Path, *, is_patient: bool) -> Iterator[bool]:
    """One process at a time; False where another one is at it and we do not wait."""
    with open(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if is_patient else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
