"""Timelines and comparisons being made for the page: a few at once, kept for a while, and stopped when asked to."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from fastapi import HTTPException

from index import Library
from index.errors import BadQuestion, UnknownReport

from ..grid import Grid, Timeline
from ..uploads import public_message
from .stops import Stops

AT_ONCE = 2  # each asks many questions, and asking must go on beside them
WAIT_SECONDS = 20  # for one of them to end
KEPT = 32  # results, so that a file of one is what was seen and takes no time
_BUSY = "Other timelines or comparisons are being made. Try again in a moment."
_STOPPED = "Stopped before it was whole."

Result = TypeVar("Result", Timeline, Grid)
GoingOn = Callable[[], None]


class Stopped(Exception):
    """Nobody wants the result any more."""


class Making:
    """Results by what was asked for, of the library as it stands; a few are made at once, the others are refused."""

    def __init__(self, library: Library, stops: Stops) -> None:
        self._library = library
        self._stops = stops
        self._room = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, object] = OrderedDict()

    def get(self, make: Callable[[GoingOn], Result], key: Hashable, asked: str = "") -> Result:
        """What `make` returns, or what it returned before under this key. `make` is given a function to call now and
        then, which raises `Stopped` once what was `asked` by that name is to stop. Raises HTTPException."""
        now = (key, self._library.version)
        with self._lock:
            found = self._kept.get(now)
        if found is not None:
            return cast(Result, found)
        with self._stops.begun(asked) as stop:
            made = self._made(make, stop)
        with self._lock:
            self._kept[now] = made
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made

    def _made(self, make: Callable[[GoingOn], Result], stop: threading.Event) -> Result:
        def going_on() -> None:
            if stop.is_set():
                raise Stopped

        if not self._room.acquire(timeout=WAIT_SECONDS):
            raise HTTPException(429, _BUSY)
        try:
            going_on()
            return make(going_on)
        except Stopped:
            raise HTTPException(409, _STOPPED) from None
        except (BadQuestion, UnknownReport) as error:
            raise HTTPException(422, public_message(error)) from error
        finally:
            self._room.release()
