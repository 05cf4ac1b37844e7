"""What all channels share. A channel is a function that takes one Message.

It returns once the message was accepted and raises otherwise: DeliveryFailed for a refusal,
with a reason that never repeats what a server said.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit


class AlertSettingsError(ValueError):
    """An alert setting in the environment is missing or wrong; the message holds no value."""


class DeliveryFailed(Exception):
    """A message was not accepted; `str()` is a class of failure, codes and what to do at most."""


def addresses(variable: str, given: Mapping[str, str]) -> tuple[str, ...]:
    """The plain e-mail addresses of a variable. Raises AlertSettingsError where it has none."""
    found = dict.fromkeys(part.strip() for part in given.get(variable, "").split(","))
    found.pop("", None)
    if not found:
        raise settings_error(variable, "not set", "an e-mail address")
    if any(not all(a.partition("@")) or not a.isprintable() or set(a) & set(" <>") for a in found):
        raise settings_error(
            variable, "not an e-mail address", "plain addresses, with commas between"
        )
    return tuple(found)


def check_address(variable: str, url: str) -> None:
    """What goes there leaves the house encrypted; a server on this very machine may do without.

    Raises AlertSettingsError otherwise.
    """
    parts = urlsplit(url)
    local = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise settings_error(variable, "not an https address", "https://…")
    if not parts.hostname:
        raise settings_error(variable, "no host in it", "https://…")


def settings_error(variable: str, what: str, expected: str) -> AlertSettingsError:
    """A variable that is missing or wrong; its value is not repeated."""
    return AlertSettingsError(
        f"ALERT-SETTINGS | environment | - | {variable} | {what} | {expected}"
        " | correct the variable and run again | alerts are not sent; the digest file is complete"
    )
