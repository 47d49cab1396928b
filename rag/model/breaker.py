"""A circuit breaker: a server that keeps failing is left alone for a while, so that answers do not wait for it."""

import threading
import time
from collections.abc import Callable

FAILURES = 3  # in a row, after which the model is not asked
PAUSE = 30.0  # seconds


class Breaker:
    """Counts failures in a row. Safe for threads; `clock` gives seconds."""

    def __init__(self, failures: int = FAILURES, pause: float = PAUSE, clock: Callable[[], float] = time.monotonic):
        self._lock = threading.Lock()
        self._most, self._pause, self._clock = failures, pause, clock
        self._failures, self._until = 0, 0.0

    def lets_through(self) -> bool:
        """Whether the server may be asked. After the pause one call is let through to try; the others wait for it."""
        with self._lock:
            if self._failures < self._most:
                return True
            if self._clock() < self._until:
                return False
            self._until = self._clock() + self._pause
            return True

    def worked(self) -> None:
        """A reply came."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """No reply came."""
        with self._lock:
            self._failures += 1
            if self._failures >= self._most:
                self._until = self._clock() + self._pause
