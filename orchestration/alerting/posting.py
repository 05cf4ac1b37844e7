"""Posts to web servers whose conversations end in time and go nowhere else."""

from __future__ import annotations

import http.client
import socket
import urllib.request
from contextlib import suppress
from threading import Timer


class _Bounded:
    """Ends the connection at the time-out: a socket's own starts again with every byte."""

    timeout: float
    sock: socket.socket | None

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        self._watchdog = Timer(self.timeout, self._end, [self.sock])
        self._watchdog.daemon = True
        self._watchdog.start()

    def getresponse(self) -> http.client.HTTPResponse:
        try:
            return super().getresponse()  # type: ignore[misc,no-any-return]
        finally:
            self._watchdog.cancel()

    @staticmethod
    def _end(sock: socket.socket) -> None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


class _BoundedHttp(_Bounded, http.client.HTTPConnection):
    pass


class _BoundedHttps(_Bounded, http.client.HTTPSConnection):
    pass


class _HttpHandler(urllib.request.HTTPHandler):
    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_BoundedHttp, request)


class _HttpsHandler(urllib.request.HTTPSHandler):
    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_BoundedHttps, request)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would repeat the post as a GET, elsewhere: it is a refusal."""

    def redirect_request(self, *_: object) -> None:
        return None


OPENER = urllib.request.build_opener(_HttpHandler, _HttpsHandler, _NoRedirect)
"""Honours a proxy of the environment (`HTTPS_PROXY`)."""
