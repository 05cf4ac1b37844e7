"""A real SFTP server and a real S3 server on the loopback, which can be made to fail."""

import asyncio
import contextlib
import logging
import os
import stat
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import asyncssh
import boto3
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from orchestration.deliveries.storage.access import Access

USER, PASSWORD = "reader-of-the-council", "hush-hush-hush"
PATIENCE = 8.0


class Failing:
    """What the server does wrong with paths that end in `name`; nothing where `how` is empty."""

    def __init__(self) -> None:
        self.how = ""
        self.name = ""
        self.on_read: Callable[[], None] | None = None
        self.times = 1_000

    def of(self, path: str, *hows: str) -> str:
        if self.how in hows and path.endswith(self.name) and self.times > 0:
            return self.how
        return ""


class Server(Protocol):
    """`reads` are the paths that were read from and from which byte on; `written` what was asked
    for that would have changed something there."""

    failing: Failing
    reads: list[tuple[str, int]]
    written: list[str]

    def access(self, **changes: Any) -> Access: ...
    def put(self, path: str, content: bytes, at: int = 1_775_000_000) -> None: ...
    def remove(self, path: str) -> None: ...
    def stop(self) -> None: ...


class SFTP:
    """asyncssh's own server over a folder."""

    def __init__(self, home: Path) -> None:
        self.failing, self.reads, self.written = Failing(), [], []
        self.more_names: list[bytes] = []
        self.files: list[Any] = []
        self.connections: list[asyncssh.SSHServerConnection] = []
        self.root = home / "there"
        self.root.mkdir(parents=True)
        self.known_hosts, self.client_key = home / "known_hosts", home / "client_key"
        self._home = home
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        made = asyncssh.generate_private_key("ssh-ed25519")
        made.write_private_key(str(self.client_key), passphrase=PASSWORD, rounds=50)
        self._authorized = home / "authorized"
        made.write_public_key(str(self._authorized))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._run(self._listen(0))
        self.port = self._server.get_port()
        self.know(self.key)

    def know(self, key: asyncssh.SSHKey) -> None:
        line = key.export_public_key().decode()
        self.known_hosts.write_text(f"[127.0.0.1]:{self.port} {line}")

    def access(self, **changes: Any) -> Access:
        return Access(
            **{
                "url": f"sftp://{USER}@127.0.0.1:{self.port}/in",
                "known_hosts": str(self.known_hosts),
                "password": PASSWORD,
                "patience": PATIENCE,
            }
            | changes
        )

    def put(self, path: str, content: bytes, at: int = 1_775_000_000) -> None:
        file = self.root / "in" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        os.utime(file, (at, at))

    def remove(self, path: str) -> None:
        file = self.root / "in" / path
        file.unlink()
        with contextlib.suppress(OSError):
            file.parent.rmdir()

    def stop(self) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self, port: int) -> asyncssh.SSHAcceptor:
        return await asyncssh.create_server(
            lambda: _Account(self.connections),
            "127.0.0.1",
            port,
            server_host_keys=[self.key],
            authorized_client_keys=str(self._authorized),
            sftp_factory=lambda channel: _Files(channel, self),
        )

    async def _end(self) -> None:
        self._server.close()
        for each in self.connections:
            each.abort()
        await asyncio.sleep(0.01)
        for each in self.files:
            each.close()
        rest = [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]
        for each in rest:
            each.cancel()
        await asyncio.gather(*rest, return_exceptions=True)


class _Account(asyncssh.SSHServer):
    def __init__(self, connections: list[asyncssh.SSHServerConnection]) -> None:
        self._connections = connections

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connections.append(conn)

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)


class _Files(asyncssh.SFTPServer):
    def __init__(self, channel: Any, server: SFTP) -> None:
        super().__init__(channel, chroot=str(server.root).encode())
        self._of = server
        self._paths: dict[int, str] = {}

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        name = path.decode(errors="replace")
        if pflags & ~asyncssh.FXF_READ:
            self._of.written.append(name)
            raise asyncssh.SFTPPermissionDenied("")
        if self._of.failing.of(name, "denied"):
            raise asyncssh.SFTPPermissionDenied(f"not for {USER}")
        file = super().open(path, pflags, attrs)
        self._paths[id(file)] = name
        self._of.files.append(file)
        return file

    async def read(self, file_obj: Any, offset: int, size: int) -> bytes:
        name, failing = self._paths[id(file_obj)], self._of.failing
        self._of.reads.append((name.removeprefix("/in/"), offset))
        if failing.on_read and name.endswith(failing.name):
            failing.on_read()
        if failing.of(name, "silent"):
            await asyncio.sleep(60)
        if failing.of(name, "slow"):
            await asyncio.sleep(0.02)
        if offset and failing.of(name, "short"):
            return b""
        if offset >= 2**17 and failing.of(name, "broken"):
            failing.times -= 1
            self.channel.get_connection().abort()
        return super().read(file_obj, offset, size)

    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        if self._of.failing.of(path.decode(), "unlisted"):
            raise asyncssh.SFTPPermissionDenied("")
        async for each in super().scandir(path):
            yield each
        if path.rstrip(b"/") == b"/in":
            kind = asyncssh.SFTPAttrs(size=3, permissions=stat.S_IFREG | 0o600, mtime=1, atime=1)
            for name in self._of.more_names:
                yield asyncssh.SFTPName(name, attrs=kind)

    def _refuse(self, *paths: Any) -> None:
        self._of.written.append(str(paths))
        raise asyncssh.SFTPPermissionDenied("")

    remove = rename = mkdir = rmdir = setstat = posix_rename = symlink = write = _refuse


class S3:
    """moto's server, with failures put before it."""

    _application: Any = None

    def __init__(self, home: Path) -> None:
        self.failing, self.reads, self.written = Failing(), [], []
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        if S3._application is None:
            S3._application = DomainDispatcherApplication(create_backend_app)
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.bucket = f"kpi-{uuid4().hex}"
        self._is_ours = threading.local()
        self._client = boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id="the-council",
            aws_secret_access_key=PASSWORD,
            region_name="us-east-1",
        )
        self._client.create_bucket(Bucket=self.bucket)
        self.written.clear()

    def access(self, **changes: Any) -> Access:
        return Access(
            **{
                "url": f"s3://{self.bucket}/in",
                "endpoint": f"http://127.0.0.1:{self.port}",
                "key_id": USER,
                "secret": PASSWORD,
                "region": "us-east-1",
                "patience": PATIENCE,
            }
            | changes
        )

    def put(self, path: str, content: bytes, at: int = 1_775_000_000) -> None:
        self._client.put_object(Bucket=self.bucket, Key=f"in/{path}", Body=content)
        self.written.clear()

    def remove(self, path: str) -> None:
        self._client.delete_object(Bucket=self.bucket, Key=f"in/{path}")
        self.written.clear()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._client.close()

    def _answer(self, asked: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path, method = asked["PATH_INFO"], asked["REQUEST_METHOD"]
        failing, ranged = self.failing, asked.get("HTTP_RANGE", "")
        if method not in ("GET", "HEAD"):
            self.written.append(f"{method} {path}")
        if USER not in asked.get("HTTP_AUTHORIZATION", ""):
            return S3._application(asked, start)
        is_list = method == "GET" and "list-type" in asked["QUERY_STRING"]
        if is_list and failing.how[:1].isdigit() and not failing.name:
            return _refused(failing.how, start)
        if not ranged:
            return S3._application(asked, start)
        offset = int(ranged.removeprefix("bytes=").partition("-")[0])
        self.reads.append((path.partition("/in/")[2], offset))
        if failing.on_read and path.endswith(failing.name):
            failing.on_read()
        if failing.how[:1].isdigit() and failing.of(path, failing.how):
            return _refused(failing.how, start)
        if failing.of(path, "silent"):
            time.sleep(2)
        if failing.of(path, "slow"):
            time.sleep(0.3)
        if failing.of(path, "denied"):
            return _refused("403 AccessDenied", start)
        if (offset and failing.of(path, "short")) or failing.of(path, "cut"):
            failing.times -= 1
            return self._cut(asked, start)
        return S3._application(asked, start)

    def _cut(self, asked: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Half of what the header says."""
        content = b"".join(S3._application(asked, start))
        return [content[: len(content) // 2]]


def _refused(how: str, start: Callable[..., Any]) -> list[bytes]:
    status, _, code = how.partition(" ")
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>not {USER}</Message></Error>"
    length = str(len(body))
    start(f"{status} {code}", [("Content-Type", "text/xml"), ("Content-Length", length)])
    return [body.encode()]


@contextmanager
def serving(kind: type[SFTP] | type[S3], home: Path) -> Iterator[Any]:
    server = kind(home)
    try:
        yield server
    finally:
        server.stop()
