"""What the scripts of this folder share: they collect the warnings of the SDK, and exit with 1 for an unexpected value."""

import logging
import sys


class Warnings(logging.Handler):
    """Collects what the SDK logs as a warning or worse, and prints it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []
        logging.getLogger("opik").addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())
        print(f"warning: {record.getMessage()}", file=sys.stderr, flush=True)


def same(what: str, seen: object, expected: object) -> None:
    if seen != expected:
        sys.exit(f"{what}: {seen!r} instead of {expected!r}")
