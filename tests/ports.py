"""Ports for the servers that tests start."""

import random
import socket

# The system gives the higher ones to connections as they come: one of those could be taken between
# its choice and the start of its server.
_NOT_GIVEN_OUT = range(20_000, 32_000)


def free_port() -> int:
    """A port of the loopback that nobody listens at."""
    for port in random.sample(_NOT_GIVEN_OUT, 100):
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("somebody listens at each of a hundred ports")
