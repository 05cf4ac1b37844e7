"""A real token endpoint, and a real mail server that takes nothing but its tokens."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from tests.alerting.mail import Mailbox

CLIENT = {
    "grant_type": "client_credentials",
    "client_id": "5f0c1a52-9a0b-4d2e-8f3a-6f4e2f6a9c11",
    "client_secret": "s3cret~of the/app+1",
    "scope": "https://outlook.office365.com/.default",
}
MAILBOX = "kpis@council.example"


@dataclass
class Issuer:
    """Gives tokens to who sends the right form; the first answers may be set in advance."""

    lasts: object = 3599
    length: int = 1800
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    valid: set[str] = field(default_factory=set)

    def answer(self, form: dict[str, str]) -> tuple[int, bytes]:
        self.forms.append(form)
        if self.answers:
            return self.answers.pop(0)
        if form.get("client_secret") != CLIENT["client_secret"]:
            # what Microsoft says of a secret that has ended, with a text that is never repeated
            return 401, told("invalid_client", 7000222)
        if form != CLIENT:
            return 400, told("invalid_scope", 70011)
        token = secrets.token_urlsafe(self.length)
        self.valid.add(token)
        return 200, json.dumps(
            {"token_type": "Bearer", "expires_in": self.lasts, "access_token": token}
        ).encode()


def told(word: str, number: int) -> bytes:
    text = f"AADSTS{number}: Jo Bloggs"
    return json.dumps({"error": word, "error_description": text, "error_codes": [number]}).encode()


@contextmanager
def token_endpoint(issuer: Issuer) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
            status, content = issuer.answer({name: of[0] for name, of in parse_qs(sent).items()})
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            for byte in content if content == b"drip" * 8 else ():
                time.sleep(0.1)
                self.wfile.write(bytes([byte]))
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tenant/oauth2/v2.0/token"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _LongLines(SMTP):
    line_length_limit = 8192


class TokenMailServer(Controller):
    """Takes the valid tokens of an issuer, one question at a time; commands stay short."""

    def factory(self) -> SMTP:
        return _LongLines(self.handler, **self.SMTP_kwargs)


@dataclass
class TokenMailbox(Mailbox):
    """Says of a refused token why, as a question, before it refuses: `asks`. `bars` a mailbox."""

    issuer: Issuer = field(default_factory=Issuer)
    asks: bool = False
    bars: bool = False
    logins: list[str] = field(default_factory=list)

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        if len(args) > 1:
            said = base64.b64decode(args[1], validate=True)
        else:
            said = await server.challenge_auth("")
        user, bearer, *rest = said.decode().split("\1")
        assert rest == ["", ""]
        self.logins.append(user.removeprefix("user="))
        known = bearer.removeprefix("auth=Bearer ") in self.issuer.valid and not self.bars
        if user == f"user={MAILBOX}" and known:
            return AuthResult(success=True)
        if self.asks:
            answer = await server.challenge_auth('{"status":"401","schemes":"Bearer"}')
            assert answer == b""
        await server.push("535 5.7.3 Authentication unsuccessful: Jo Bloggs")
        return AuthResult(success=False, handled=True)
