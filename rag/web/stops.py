"""What the page asked for and wants no more: each thing asked for has a name, by which it is told to stop."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

KEPT = 200  # names told to stop before what they name had begun


class Stops:
    """Things that are under way by their names. A stop may arrive before the thing itself does: it counts then."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[str, threading.Event] = {}
        self._early: OrderedDict[str, None] = OrderedDict()

    @contextmanager
    def begun(self, asked: str) -> Iterator[threading.Event]:
        """An event that is set once the thing of this name is to stop. Without a name it cannot be stopped."""
        stop = threading.Event()
        if not asked:
            yield stop
            return
        with self._lock:
            if asked in self._early:
                del self._early[asked]
                stop.set()
            self._under_way[asked] = stop
        try:
            yield stop
        finally:
            with self._lock:
                if self._under_way.get(asked) is stop:
                    del self._under_way[asked]

    def stop(self, asked: str) -> bool:
        """Tell the thing of that name to stop; whether it is under way."""
        with self._lock:
            stop = self._under_way.get(asked)
            if stop is None:
                self._early[asked] = None
                while len(self._early) > KEPT:
                    self._early.popitem(last=False)
                return False
            stop.set()
            return True
