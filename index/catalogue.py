"""The catalogue: what a library knows of each report, in memory for one version of the library.

An entry is written once, with the report. What twins lend each other is worked out here, since it changes when one of
them comes or goes.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .codec import encode
from .embedded import Embedded
from .errors import LibraryDamaged
from .records import Identity, PreparedReport, ReportInfo
from .rows import Row, record_of
from .twins import PERMUTATIONS, Signatures, pack, supersedes, unpack_all

_SHA256 = re.compile("[0-9a-f]{64}")  # it becomes part of a path


@dataclass(frozen=True, slots=True)
class Entry:
    """A report as stored. `signature` is as `twins.pack` writes it; `twins` are ids confirmed when it was added."""

    report_id: str
    file: str
    identity: Identity
    pages: int | None
    characters: int
    passages: int
    statements: int
    figures: int
    judgments: int
    sha256: str
    text_sha256: str
    media_type: str
    warnings: tuple[str, ...]
    signature: str
    twins: tuple[str, ...]
    tables: int = 0
    pages_not_read: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _EntryRecord:
    """What an entry's row says; `embedded` is a hash."""

    entry: Entry
    embedded: str


def entry_of(prepared: PreparedReport, file: str, text_sha256: str, twins: tuple[str, ...]) -> Entry:
    """The entry of a report about to be stored."""
    loaded = prepared.structured.loaded
    return Entry(
        report_id=loaded.report_id,
        file=file,
        identity=prepared.structured.identity,
        pages=loaded.pages,
        characters=len(loaded.text),
        passages=len(prepared.passages),
        statements=len(prepared.statements),
        figures=sum(len(statement.figures) for statement in prepared.statements),
        judgments=sum(len(statement.judgments) for statement in prepared.statements),
        sha256=loaded.sha256,
        text_sha256=text_sha256,
        media_type=loaded.media_type,
        warnings=loaded.warnings,
        signature=pack(prepared.signature),
        twins=twins,
        tables=len(prepared.structured.tables),
        pages_not_read=loaded.pages_not_read,
    )


def embedded_entry(identity: Identity) -> Embedded:
    """What is embedded of an entry: who and what the report is."""
    parts = (identity.title, identity.organisation, identity.year, identity.kind, identity.publisher)
    return Embedded(", ".join(str(part) for part in parts if part is not None))


def entry_row(entry: Entry) -> Row:
    """The entry as a row of the catalogue collection."""
    embedded = embedded_entry(entry.identity)
    line = embedded.text
    metadata: dict[str, str | int | bool] = {
        "report_id": entry.report_id,
        "record": encode(_EntryRecord(entry, embedded.hash)),
    }
    return Row(entry.report_id, line, metadata, embedded, line)


def entry_from(metadata: Mapping[str, object]) -> Entry:
    """The entry that a row of the catalogue collection holds."""
    entry = record_of(_EntryRecord, metadata).entry
    if not _SHA256.fullmatch(entry.sha256):
        raise LibraryDamaged(f"The catalogue names a file hash that is none ({entry.sha256!r}): restore a backup.")
    return entry


class Catalogue:
    """The visible reports of one version, only read once it is made. The infos are worked out at the first look: a
    writer, which makes a catalogue for each report it stores, does without them."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self.entries = dict(entries)
        self.by_sha256 = {entry.sha256: entry.report_id for entry in self.entries.values()}

    @cached_property
    def _infos(self) -> dict[str, ReportInfo]:
        groups = _twin_groups(self.entries)
        return {report_id: _info(entry, groups.get(report_id, ())) for report_id, entry in self.entries.items()}

    @cached_property
    def _sorted(self) -> tuple[ReportInfo, ...]:
        return tuple(sorted(self._infos.values(), key=_order))

    def reports(self) -> tuple[ReportInfo, ...]:
        """All reports by organisation, year and title; what is unknown comes last."""
        return self._sorted

    def report(self, report_id: str) -> ReportInfo | None:
        """One report, None where it is not visible."""
        return self._infos.get(report_id)

    def signatures(self) -> tuple[tuple[str, ...], Signatures]:
        """The ids of the reports that have a signature, and their signatures: uint32 (n_ids, 128)."""
        held = [entry for entry in self.entries.values() if entry.signature]
        if not held:
            return (), np.zeros((0, PERMUTATIONS), dtype=np.uint32)
        return tuple(entry.report_id for entry in held), unpack_all([entry.signature for entry in held])


def _twin_groups(entries: Mapping[str, Entry]) -> dict[str, tuple[Entry, ...]]:
    """For each report with a visible twin, all extractions of that report, itself among them, by id."""
    neighbours: dict[str, set[str]] = {}
    for report_id, entry in entries.items():
        for twin in entry.twins:
            if twin in entries:
                neighbours.setdefault(report_id, set()).add(twin)
                neighbours.setdefault(twin, set()).add(report_id)
    groups: dict[str, tuple[Entry, ...]] = {}
    for report_id in neighbours:
        if report_id in groups:
            continue
        members, queue = {report_id}, [report_id]
        while queue:
            fresh = neighbours[queue.pop()] - members
            members |= fresh
            queue.extend(fresh)
        group = tuple(entries[member] for member in sorted(members))
        groups.update((member, group) for member in members)
    return groups


def _info(entry: Entry, group: Iterable[Entry]) -> ReportInfo:
    members = tuple(group) or (entry,)
    identity = entry.identity
    # A title that a report does not state is its file's name; the year tells which extraction has the title page.
    stated = next((m.identity for m in members if m.identity.year is not None), identity)
    title = identity.title if identity.year is not None else stated.title
    year = identity.year if identity.year is not None else stated.year
    return ReportInfo(
        report_id=entry.report_id,
        file=entry.file,
        title=title,
        organisation=identity.organisation or _first(m.identity.organisation for m in members),
        publisher=identity.publisher or _first(m.identity.publisher for m in members),
        year=year,
        kind=identity.kind or _first(m.identity.kind for m in members),
        pages=entry.pages,
        characters=entry.characters,
        passages=entry.passages,
        figures=entry.figures,
        judgments=entry.judgments,
        twin_of=members[0].report_id,
        sha256=entry.sha256,
        media_type=entry.media_type,
        warnings=entry.warnings,
        tables=entry.tables,
        pages_not_read=entry.pages_not_read,
        superseded_by=_later_version(entry, members),
        published=identity.published or _first(m.identity.published for m in members if m.identity.year == year),
        period=identity.period or _first(m.identity.period for m in members),
    )


def _later_version(entry: Entry, members: Iterable[Entry]) -> str | None:
    """The latest version among twins that is later than this one."""
    later = [member for member in members if supersedes(member.identity, entry.identity)]
    last = next((one for one in later if not any(supersedes(o.identity, one.identity) for o in later)), None)
    return last.report_id if last is not None else None


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)


def _order(info: ReportInfo) -> tuple[bool, str, bool, int, str, str]:
    return (
        info.organisation is None,
        (info.organisation or "").casefold(),
        info.year is None,
        info.year or 0,
        info.title.casefold(),
        info.report_id,
    )
