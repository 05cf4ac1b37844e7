"""Interrupting a publication at its Nth call to the system, to see what is left behind."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from orchestration.publication import changing_over

CHANGING_CALLS = ("open", "fsync", "mkdir", "rename", "unlink", "rmdir")


@contextmanager
def interrupted(
    at: int, interrupt: Callable[[], None], *, in_one_step: bool
) -> Iterator[Callable[[], bool]]:
    """Call `interrupt` before the Nth call that changes the disk, counting from 1.

    Yields a function that tells whether there was an Nth call.

    Without `in_one_step` the system is taken to have no call that exchanges two folders.
    """
    count = 0

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def calling(*arguments: Any, **options: Any) -> Any:
            nonlocal count
            count += 1
            if count == at:
                interrupt()
            return call(*arguments, **options)

        return calling

    exchange = counted(changing_over.exchange) if in_one_step else lambda one, other: False
    with ExitStack() as stack:
        for name in CHANGING_CALLS:
            stack.enter_context(patch.object(os, name, counted(getattr(os, name))))
        stack.enter_context(patch.object(changing_over, "open", counted(open), create=True))
        stack.enter_context(patch.object(changing_over, "exchange", exchange))
        yield lambda: count >= at
