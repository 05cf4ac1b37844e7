"""A place on an SFTP server or in S3 that is read through fsspec, and what its failures mean."""

import logging
import posixpath
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from orchestration.deliveries.storage.access import (
    Access,
    Place,
    UnusableSettingError,
    place_of,
)
from orchestration.deliveries.storage.listing import Entry, Listing, Version, kept

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_T = TypeVar("_T")

DEEPEST = 8
MOST = 20_000
"""More folders in each other, or more files, are no delivery."""

_BLOCK = {"sftp": 2**18, "s3": 2**23}
"""Bytes that are asked for at a time: SFTP has to give them within one patience."""

# By name, as only the package of the scheme that is used is there.
_CODES = {
    "HostKeyNotVerifiable": "STORAGE-HOST-KEY",
    "PermissionError": "STORAGE-DENIED",
    "PermissionDenied": "STORAGE-DENIED",
    "SFTPPermissionDenied": "STORAGE-DENIED",
    "FileNotFoundError": "STORAGE-GONE",
    "SFTPNoSuchFile": "STORAGE-GONE",
    "SFTPNoSuchPath": "STORAGE-GONE",
    "FileExpired": "STORAGE-CHANGES",
    "ImportError": "STORAGE-SETTINGS",
    "KeyImportError": "STORAGE-SETTINGS",
    "KeyEncryptionError": "STORAGE-SETTINGS",
    "UnusableSettingError": "STORAGE-SETTINGS",
}
_STATUSES = {
    401: "STORAGE-DENIED",
    403: "STORAGE-DENIED",
    404: "STORAGE-GONE",
    412: "STORAGE-CHANGES",
}


class RemoteError(Exception):
    """What failed there: a code, and the kind of failure, which tells nothing secret."""

    def __init__(self, code: str, kind: str) -> None:
        super().__init__(code, kind)
        self.code = code
        self.kind = kind


class Remote:
    """A place that is open for reading; every method raises `RemoteError` and nothing else."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._place = place = _told(lambda: place_of(access))
        self._options = {"timeout": access.patience}
        self._root = place.path.rstrip("/") or ("/" if place.path else ".")

        self._open: AbstractFileSystem | None = None
        self._channel: Any = None
        _told(lambda: self._files)

    @property
    def _files(self) -> "AbstractFileSystem":
        """Opened anew after a break."""
        if self._open is None:
            opener = _sftp if self._place.scheme == "sftp" else _s3
            self._open = opener(self._access, self._place)
        return self._open

    def close(self) -> None:
        """Let go of it, whatever state it is in; what is still asked for there fails at once."""
        files, self._open, self._channel = self._open, None, None
        with suppress(Exception):
            if self._place.scheme == "sftp":
                files.loop.call_soon_threadsafe(files.client.abort)
            elif files is not None:
                files.close_session(files.loop, files.s3)

    def listing(self) -> Listing:
        """Every file there. A folder inside that may not be read does not hide the others."""
        found = Listing()
        folders = [""]
        while folders:
            folder = folders.pop()
            try:
                entries = _told(lambda folder=folder: self._entries(folder))
            except RemoteError as error:
                if not folder or error.code not in ("STORAGE-DENIED", "STORAGE-GONE"):
                    raise
                found.unread[folder] = error.code, error.kind
                continue
            inner = kept(entries, f"{folder}/" if folder else "", found)
            if folder.count("/") >= DEEPEST - 1:
                found.refused |= dict.fromkeys(inner, f"more than {DEEPEST} folders in each other")
                continue
            folders += inner
            if len(found.files) + len(folders) > MOST:
                raise RemoteError("STORAGE-SETTINGS", f"more than {MOST:,} files lie there")
        return found

    def version(self, path: str) -> Version:
        """Which bytes a file has now."""
        name = posixpath.join(self._root, path)
        return _version(_told(lambda: self._files.info(name, **self._options)))

    def read(self, path: str, offset: int) -> Iterator[bytes]:
        """The bytes of a file from an offset on."""
        name = posixpath.join(self._root, path)
        reading = self._read_sftp if self._place.scheme == "sftp" else self._read_s3
        with reading(name) as block_at:
            while block := _told(partial(block_at, offset)):
                yield block
                offset += len(block)

    @contextmanager
    def _read_s3(self, name: str) -> Iterator[Callable[[int], bytes]]:
        # it asks for one version only, and has the patience of its client
        file = _told(lambda: self._files.open(name, "rb", cache_type="none"))

        def block_at(offset: int) -> bytes:
            file.seek(offset)
            return file.read(_BLOCK["s3"])

        with closing(file):
            yield block_at

    @contextmanager
    def _read_sftp(self, name: str) -> Iterator[Callable[[int], bytes]]:
        """Past the files of sshfs, which wait for a silent server for ever when they are closed."""
        from fsspec.asyn import sync

        loop, patience = self._files.loop, self._access.patience

        async def opened() -> Any:
            if self._channel is None:
                self._channel = await self._files.client.start_sftp_client()
            # one request at a time: of many at once, asyncssh leaves those behind that fail
            return await self._channel.open(name, "rb", block_size=0)

        is_whole = False
        try:
            file = _told(lambda: sync(loop, opened, timeout=patience))
            size = _BLOCK["sftp"]
            yield lambda offset: sync(loop, file.read, size, offset, timeout=patience)
            _told(lambda: sync(loop, file.close, timeout=patience))
            is_whole = True
        except RemoteError as error:
            # the server has answered
            is_whole = error.code in ("STORAGE-DENIED", "STORAGE-GONE")
            raise
        finally:
            if not is_whole:
                self.close()

    def _entries(self, folder: str) -> list[Entry]:
        path = posixpath.join(self._root, folder) if folder else self._root
        beginning = path if path.endswith("/") else f"{path}/"
        found = []
        for each in self._files.ls(path, detail=True, **self._options):
            # a name that is none of this folder stays whole, and is refused as it leads out of it
            name = str(each["name"]).removeprefix(beginning)
            found.append(Entry(name, str(each["type"]), _version(each)))
        return found


def _sftp(access: Access, place: Place) -> "AbstractFileSystem":
    from sshfs import SSHFileSystem

    # at INFO it names accounts
    logging.getLogger("asyncssh").setLevel(logging.WARNING)
    return SSHFileSystem(
        place.host,
        port=place.port or 22,
        username=place.user,
        password=None if access.key_file else access.password,
        client_keys=[str(Path(access.key_file).expanduser())] if access.key_file else None,
        passphrase=access.password or None if access.key_file else None,
        # sshfs on its own accepts every host key
        known_hosts=str(Path(access.known_hosts).expanduser()),
        # neither the account's own settings of ssh nor its agent, which nobody sees here
        config=None,
        agent_path=None,
        connect_timeout=access.patience,
        login_timeout=access.patience,
        keepalive_interval=access.patience,
        sftp_client_kwargs={"path_errors": "surrogateescape"},
        skip_instance_cache=True,
    )


def _s3(access: Access, place: Place) -> "AbstractFileSystem":
    from s3fs import S3FileSystem

    files = S3FileSystem(
        key=access.key_id,
        secret=access.secret,
        token=access.token or None,
        endpoint_url=access.endpoint or None,
        client_kwargs={"region_name": access.region} if access.region else {},
        config_kwargs={
            "connect_timeout": access.patience,
            "read_timeout": access.patience,
            "retries": {"total_max_attempts": 1},
            # servers of one's own seldom have a name for each bucket
            "s3": {"addressing_style": "path" if access.endpoint else "auto"},
        },
        skip_instance_cache=True,
        use_listings_cache=False,
    )
    # the transfer goes on where it broke: repeating within it only makes a dead server look alive
    files.retries = 2
    return files


def _version(told: dict[str, Any]) -> Version:
    changed = told.get("mtime") or told.get("LastModified")
    seconds = int(changed.timestamp()) if isinstance(changed, datetime) else 0
    return Version(int(told.get("size") or 0), seconds * 10**9, str(told.get("ETag") or ""))


def _told(step: Callable[[], _T]) -> _T:
    """What a step gives; a failure of it as `RemoteError`, without the error itself, whose text can
    hold an account, an address with its signature, or what a server says of a file."""
    try:
        return step()
    except RemoteError as error:
        failed = error
    # each package raises errors of its own, and of those that it rests on
    except Exception as error:
        failed = RemoteError(*_meaning(error))
    raise failed


def _meaning(error: BaseException) -> tuple[str, str]:
    if isinstance(error, UnusableSettingError):
        return "STORAGE-SETTINGS", str(error)
    if isinstance(error, ImportError):
        return "STORAGE-SETTINGS", "the package for this kind of address is not installed"
    each: BaseException | None = error
    while each is not None:
        response = getattr(each, "response", None)
        if isinstance(response, dict):
            status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            return _STATUSES.get(status, "STORAGE-UNREACHABLE"), f"HTTP {status}"
        for kind in type(each).__mro__:
            if kind.__name__ in _CODES:
                return _CODES[kind.__name__], type(each).__name__
        each = each.__cause__
    return "STORAGE-UNREACHABLE", type(error).__name__
