"""Conversations kept on the server: `conversations.sqlite3` in the library's folder, so that a backup holds them.

A turn is put down when its question is asked and completed when the answer is there, so that a server that ends in
between loses neither. Answers are kept as they were given; what became of their sources since is seen when a
conversation is opened (`anchors.py`).

The database is in WAL mode, each transaction is one or two statements, and every thread has a connection of its own.
It is folded into its main file when it is opened and never while it is in use: a copy of the folder (`citewell backup`)
then always fits together.
"""

import contextlib
import dataclasses
import json
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from index.errors import CitewellError

from .records import Answer, Scope

DATABASE = "conversations.sqlite3"
MAX_NAME = 120  # characters
MAX_TURNS = 500  # of one conversation
HISTORY_TURNS = 10  # earlier ones no longer change what a follow-up means
LISTED = 200  # at most, newest first, unless fewer are asked for
_BUSY_SECONDS = 10.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, named INTEGER NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS turns (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE, n INTEGER NOT NULL,
    asked TEXT NOT NULL, question TEXT NOT NULL, scope TEXT NOT NULL,
    answered TEXT, answer TEXT, said TEXT NOT NULL DEFAULT '', failure TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (conversation, n)
) STRICT;
CREATE INDEX IF NOT EXISTS by_time ON conversations (updated);
"""

TurnState = Literal["answered", "failed", "open"]


class UnknownConversation(CitewellError):
    """No conversation has that id, or that turn."""

    def __init__(self) -> None:
        super().__init__("There is no such conversation: it was deleted, or never begun. Begin a new one.")


class ConversationsUnusable(CitewellError):
    """The database cannot be read or written. `reason` is the database's own."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"The conversations in {path.name} cannot be read or written ({reason}).")


class ConversationFull(CitewellError):
    """A conversation with as many turns as one may have."""

    def __init__(self) -> None:
        super().__init__(f"This conversation has {MAX_TURNS} questions, the most that one holds. Begin a new one.")


class BadName(CitewellError):
    """A name that a conversation cannot have."""

    def __init__(self) -> None:
        super().__init__(f"A name has 1 to {MAX_NAME} characters.")


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation in a list. Times are ISO 8601 in UTC. `named` tells whether a person named it: else the name is
    its first question."""

    id: str
    name: str
    named: bool
    created: str
    updated: str
    turns: int


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what came of it. `state` is "open" where the answer is still being worked out, or the server ended
    before it was there; `failure` is the sentence of a "failed" one. `answer` has the fields of `Answer`."""

    n: int
    state: TurnState
    asked: str
    question: str
    scope: Scope
    answered: str | None
    answer: dict[str, Any] | None
    failure: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation with its turns, oldest first."""

    id: str
    name: str
    named: bool
    created: str
    updated: str
    turns: tuple[Turn, ...]


class Conversations:
    """The conversations of one library. Any number of threads may use it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / DATABASE
        self._own = threading.local()
        self._lock = threading.Lock()
        self._opened: list[sqlite3.Connection] = []
        with contextlib.suppress(sqlite3.Error):  # the page answers without them; who uses them is told why not
            db = self._connection()
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            for statement in _SCHEMA.split(";"):
                db.execute(statement)

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            for connection in self._opened:
                connection.close()
            self._opened.clear()
            self._own = threading.local()

    def create(self, name: str = "") -> Listed:
        """A new conversation, without a name until its first question gives it one. Raises BadName."""
        now, key = _now(), secrets.token_urlsafe(16)
        clean = _name(name) if name else ""
        with self._using() as db:
            db.execute("INSERT INTO conversations VALUES (?, ?, ?, ?, ?)", (key, clean, int(bool(clean)), now, now))
        return Listed(key, clean, bool(clean), now, now, 0)

    def rename(self, key: str, name: str) -> None:
        """Give a conversation a name. Raises UnknownConversation, BadName."""
        with self._using() as db:
            if not db.execute("UPDATE conversations SET name = ?, named = 1 WHERE id = ?", (_name(name), key)).rowcount:
                raise UnknownConversation

    def delete(self, key: str) -> None:
        """Delete a conversation and its turns. Raises UnknownConversation."""
        with self._using() as db:
            if not db.execute("DELETE FROM conversations WHERE id = ?", (key,)).rowcount:
                raise UnknownConversation

    def list(self, words: str = "", most: int = LISTED) -> tuple[Listed, ...]:
        """The conversations, last used first; those alone whose name, questions or answers hold each of `words`."""
        conditions, values = ["1"], []
        for word in words.split()[:20]:
            pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
            conditions.append(
                "(c.name LIKE ? ESCAPE '\\' OR EXISTS (SELECT 1 FROM turns s WHERE s.conversation = c.id"
                " AND (s.question LIKE ? ESCAPE '\\' OR s.said LIKE ? ESCAPE '\\')))"
            )
            values += [pattern] * 3
        query = (
            "SELECT c.id, c.name, c.named, c.created, c.updated,"
            " (SELECT count(*) FROM turns t WHERE t.conversation = c.id)"
            f" FROM conversations c WHERE {' AND '.join(conditions)} ORDER BY c.updated DESC, c.rowid DESC LIMIT ?"
        )
        with self._using() as db:
            rows = db.execute(query, (*values, min(most, LISTED))).fetchall()
        return tuple(Listed(key, name, bool(named), *rest) for key, name, named, *rest in rows)

    def get(self, key: str) -> Kept:
        """A conversation with its turns. Raises UnknownConversation."""
        with self._using() as db:
            found = db.execute(
                "SELECT name, named, created, updated FROM conversations WHERE id = ?", (key,)
            ).fetchone()
            if found is None:
                raise UnknownConversation
            rows = db.execute(f"SELECT {_COLUMNS} FROM turns WHERE conversation = ? ORDER BY n", (key,)).fetchall()
        return Kept(key, found[0], bool(found[1]), found[2], found[3], tuple(map(_turn, rows)))

    def turn(self, key: str, n: int) -> Turn:
        """One turn, counted from 1. Raises UnknownConversation."""
        with self._using() as db:
            row = db.execute(f"SELECT {_COLUMNS} FROM turns WHERE conversation = ? AND n = ?", (key, n)).fetchone()
        if row is None:
            raise UnknownConversation
        return _turn(row)

    def history(self, key: str, before: int | None = None) -> tuple[dict[str, str], ...]:
        """The last answered turns as messages, those before turn `before` alone where it is given. Raises
        UnknownConversation."""
        with self._using() as db:
            if db.execute("SELECT 1 FROM conversations WHERE id = ?", (key,)).fetchone() is None:
                raise UnknownConversation
            rows = db.execute(
                "SELECT question, answer FROM turns WHERE conversation = ? AND answer IS NOT NULL AND n < ?"
                " ORDER BY n DESC LIMIT ?",
                (key, MAX_TURNS + 1 if before is None else before, HISTORY_TURNS),
            ).fetchall()
        return tuple(
            message
            for question, answer in reversed(rows)
            for message in (
                {"role": "user", "content": question},
                {"role": "assistant", "content": json.loads(answer)["text"]},
            )
        )

    def begin_turn(self, key: str, question: str, scope: Scope) -> int:
        """Put a question down and return its turn, counted from 1. The first one names a conversation that has no name.
        Raises UnknownConversation, ConversationFull."""
        now = _now()
        with self._using() as db:
            if not db.execute("UPDATE conversations SET updated = ? WHERE id = ?", (now, key)).rowcount:
                raise UnknownConversation
            n = int(
                db.execute("SELECT coalesce(max(n), 0) + 1 FROM turns WHERE conversation = ?", (key,)).fetchone()[0]
            )
            if n > MAX_TURNS:
                raise ConversationFull
            values = (key, n, now, question, json.dumps(dataclasses.asdict(scope)))
            db.execute("INSERT INTO turns (conversation, n, asked, question, scope) VALUES (?, ?, ?, ?, ?)", values)
            db.execute("UPDATE conversations SET name = ? WHERE id = ? AND name = ''", (_short(question), key))
        return n

    def end_turn(self, key: str, n: int, answer: Answer, asked: str | None = None) -> None:
        """Complete a turn with its answer. Of a conversation that was deleted meanwhile nothing is kept, nor where
        another question has the turn's number since: `asked` is when the turn's own was."""
        with self._using() as db:
            db.execute(
                "UPDATE turns SET answered = ?, answer = ?, said = ?, failure = '' WHERE conversation = ? AND n = ?"
                " AND asked = coalesce(?, asked)",
                (_now(), json.dumps(dataclasses.asdict(answer), ensure_ascii=False), answer.text, key, n, asked),
            )

    def fail_turn(self, key: str, n: int, sentence: str, asked: str | None = None) -> None:
        """Put down why a turn has no answer; `asked` as in `end_turn`."""
        with self._using() as db:
            db.execute(
                "UPDATE turns SET failure = ? WHERE conversation = ? AND n = ? AND asked = coalesce(?, asked)",
                (sentence, key, n, asked),
            )

    def remove_turn(self, key: str, n: int, asked: str) -> None:
        """Remove the turn of a question that was asked then, and no other."""
        with self._using() as db:
            db.execute("DELETE FROM turns WHERE conversation = ? AND n = ? AND asked = ?", (key, n, asked))

    def remove_turns(self, key: str, first: int) -> None:
        """Remove a turn and those after it, as when its question is asked anew. Raises UnknownConversation."""
        with self._using() as db:
            if not db.execute("UPDATE conversations SET updated = ? WHERE id = ?", (_now(), key)).rowcount:
                raise UnknownConversation
            db.execute("DELETE FROM turns WHERE conversation = ? AND n >= ?", (key, first))

    @contextlib.contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection within one write transaction. Raises ConversationsUnusable."""
        try:
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()
        except sqlite3.Error as error:
            raise ConversationsUnusable(self._path, str(error)) from error

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = sqlite3.connect(
                self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            with self._lock:
                self._opened.append(connection)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            self._own.connection = connection
        return connection


_COLUMNS = "n, asked, question, scope, answered, answer, failure"


def _turn(row: tuple[Any, ...]) -> Turn:
    n, asked, question, scope, answered, answer, failure = row
    narrowed = json.loads(scope)
    state: TurnState = "answered" if answer is not None else "failed" if failure else "open"
    return Turn(
        n,
        state,
        asked,
        question,
        Scope(**{name: tuple(values) for name, values in narrowed.items()}),
        answered,
        None if answer is None else json.loads(answer),
        failure,
    )


def _name(name: str) -> str:
    clean = " ".join(name.encode("utf-8", "replace").decode().split())
    if not 0 < len(clean) <= MAX_NAME:
        raise BadName
    return clean


def _short(question: str) -> str:
    """A question as a name: its first words."""
    line = " ".join(question.split())
    return line if len(line) <= MAX_NAME else f"{line[: MAX_NAME - 1].rsplit(' ', 1)[0]}…"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
