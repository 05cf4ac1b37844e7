"""Where deliveries lie and what opens that place, as the environment says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit


class UnusableSettingError(ValueError):
    """What is wrong with the address or what belongs to it; names settings, never their values."""


@dataclass(frozen=True)
class Access:
    """The settings as they were given. `patience` is for how many seconds a server may say nothing.

    Secrets, and the address with its account, are kept out of `repr`.
    """

    url: str = field(repr=False)
    endpoint: str = field(default="", repr=False)
    known_hosts: str = ""
    key_file: str = ""
    password: str = field(default="", repr=False)
    key_id: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    region: str = ""
    patience: float = 30


@dataclass(frozen=True)
class Place:
    """An address taken apart. `path` is a folder of the server, or a bucket and a prefix; `where`
    is how messages call it, without the account."""

    scheme: str
    user: str = field(repr=False)
    host: str
    port: int | None
    path: str
    where: str


def access_of(environment: Mapping[str, str]) -> Access | None:
    """What the environment says; None where deliveries are dropped into a folder."""

    def said(name: str) -> str:
        return environment.get(name, "").strip()

    if not said("KPI_INCOMING"):
        return None
    return Access(
        url=said("KPI_INCOMING"),
        endpoint=said("KPI_INCOMING_ENDPOINT"),
        known_hosts=said("KPI_INCOMING_KNOWN_HOSTS") or "~/.ssh/known_hosts",
        key_file=said("KPI_INCOMING_KEY_FILE"),
        password=environment.get("KPI_INCOMING_PASSWORD", ""),
        key_id=said("AWS_ACCESS_KEY_ID"),
        secret=said("AWS_SECRET_ACCESS_KEY"),
        token=said("AWS_SESSION_TOKEN"),
        region=said("AWS_REGION") or said("AWS_DEFAULT_REGION"),
    )


def place_of(access: Access) -> Place:
    """The address taken apart and looked through. Raises `UnusableSettingError`."""
    try:
        parts = urlsplit(access.url)
        port = parts.port
    except ValueError:
        raise UnusableSettingError("KPI_INCOMING is no address") from None
    if parts.password is not None:
        raise UnusableSettingError("KPI_INCOMING holds a password")
    if parts.query or parts.fragment or not parts.hostname:
        raise UnusableSettingError("KPI_INCOMING is no address of a folder")
    # of a bucket, urlsplit's `hostname` would be in lower case
    host = parts.netloc.rpartition("@")[2].rpartition(":" if port else "\0")[0 if port else 2]
    if parts.scheme == "sftp":
        _require_sftp(access, parts.username)
        where = host if port is None else f"{host}:{port}"
        user, path = unquote(parts.username or ""), unquote(parts.path)
        return Place("sftp", user, parts.hostname, port, path, where)
    if parts.scheme == "s3":
        if parts.username is not None or port is not None:
            raise UnusableSettingError("KPI_INCOMING is not written s3://bucket/prefix")
        where = f"{host} at {_require_s3(access)}"
        return Place("s3", "", host, None, f"{host}/{unquote(parts.path).strip('/')}", where)
    raise UnusableSettingError("KPI_INCOMING begins neither with sftp:// nor with s3://")


def _require_sftp(access: Access, user: str | None) -> None:
    if not user:
        raise UnusableSettingError("KPI_INCOMING names no account")
    if not access.password and not access.key_file:
        raise UnusableSettingError("neither KPI_INCOMING_PASSWORD nor KPI_INCOMING_KEY_FILE is set")
    if access.key_file and not _is_file(access.key_file):
        raise UnusableSettingError("KPI_INCOMING_KEY_FILE is not there or cannot be read")
    if not _is_file(access.known_hosts):
        raise UnusableSettingError("KPI_INCOMING_KNOWN_HOSTS is not there or cannot be read")


def _require_s3(access: Access) -> str:
    """The host of the storage. What is fetched is about children: never over an open line."""
    if not access.key_id or not access.secret:
        raise UnusableSettingError("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set")
    if not access.endpoint:
        return "AWS"
    try:
        parts = urlsplit(access.endpoint)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not host or parts.username is not None or parts.scheme not in ("http", "https"):
        raise UnusableSettingError("KPI_INCOMING_ENDPOINT is not written https://host")
    if parts.scheme == "http" and not _is_this_machine(host):
        raise UnusableSettingError("KPI_INCOMING_ENDPOINT does not begin with https://")
    return parts.netloc


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    return bool(re.fullmatch(r"[0-9.]+|[0-9a-f:]+", host)) and ip_address(host).is_loopback


def _is_file(name: str) -> bool:
    try:
        with Path(name).expanduser().open("rb"):
            return True
    except (OSError, RuntimeError):
        return False
