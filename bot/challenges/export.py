"""A challenge as files to take along: a table of its entries, and their pictures in archives that can be uploaded.

Says how many votes an entry has, never whose they are. Knows no Discord.
"""

import asyncio
import csv
import io
import unicodedata
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from bot.challenges.values import Entry, Placed
from bot.jobs.encode import encode_to_fit
from nst_engine.queue.blobs import BlobStore

TABLE_NAME = "entries.csv"
COLUMNS = (
    "place",
    "entry",
    "author id",
    "name",
    "username",
    "state",
    "hearts or duels won",
    "duels shown in",
    "score",
    "low",
    "high",
    "entered at",
    "reason",
)
_BEGINS_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""Spreadsheets calculate what begins so (OWASP, "CSV Injection"), full-width forms included."""
_HEADERS_BYTES, _END_BYTES = 30 + 46, 22
"""What a ZIP adds to each file, beside its name twice, and to the whole."""
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One archive; `number` counts from 1."""

    number: int
    data: bytes
    pictures: int
    missing: tuple[Entry, ...]
    """Entries of this part whose pictures are no longer kept."""


def entries_csv(entries: Sequence[Entry], placed: Sequence[Placed]) -> bytes:
    """A table that spreadsheets and programs read: those with a place first, in its order, then the others by id.

    Before the end there are no places: `placed` is empty then, and nobody sees a count. An author's id stands as in a
    mention, <@id>: as a number, a spreadsheet would round it.
    """
    buffer = io.StringIO(newline="")
    table = csv.writer(buffer)
    table.writerow(COLUMNS)
    results = {result.entry.id: result for result in placed}
    for entry in _in_order(entries, results):
        table.writerow(_row(entry, results.get(entry.id)))
    return buffer.getvalue().encode("utf-8-sig")


async def zip_parts(
    entries: Sequence[Entry], placed: Sequence[Placed], blobs: BlobStore, *, limit_bytes: int
) -> AsyncIterator[Part]:
    """All pictures, covered ones too, in archives of at most so many bytes; the table is in the first.

    One archive is in memory at a time. A picture that is too large for one by itself is made smaller. Raises
    QueueUnavailable, and ValueError for a limit that is too small for anything.
    """
    results = {result.entry.id: result for result in placed}
    archive = _Archive(limit_bytes)
    archive.add(ZipInfo(TABLE_NAME), await asyncio.to_thread(entries_csv, entries, placed))
    number, missing, pictures = 1, list[Entry](), 0
    for entry in _in_order(entries, results):
        if not await blobs.has(entry.picture.blob):
            missing.append(entry)
            continue
        stem = _file_stem(entry, results.get(entry.id))
        room = limit_bytes - _Archive.overhead(f"{stem}.webp") - _END_BYTES
        fitted = await asyncio.to_thread(encode_to_fit, await blobs.get(entry.picture.blob), room)
        info = ZipInfo(stem + fitted.suffix, _moment(entry).timetuple()[:6])
        if not archive.has_room(info.filename, len(fitted.data)):
            yield Part(number=number, data=archive.finished(), pictures=pictures, missing=tuple(missing))
            number, missing, pictures, archive = number + 1, [], 0, _Archive(limit_bytes)
        archive.add(info, fitted.data)
        pictures += 1
    yield Part(number=number, data=archive.finished(), pictures=pictures, missing=tuple(missing))


def _in_order(entries: Iterable[Entry], results: Mapping[int, Placed]) -> list[Entry]:
    def key(entry: Entry) -> tuple[bool, int, int]:
        result = results.get(entry.id)
        return (result is None, result.place if result else 0, entry.id)

    return sorted(entries, key=key)


def _row(entry: Entry, result: Placed | None) -> list[str | int]:
    known = (entry.id, f"<@{entry.author.user_id}>", harmless(entry.author.name), harmless(entry.author.username))
    counts: tuple[str | int, ...] = ("",) * 5
    if result is not None:
        scores = (f"{score:.4g}" for score in (result.score, result.low, result.high))
        counts = (result.votes, result.duels, *scores)
    entered_at = _moment(entry).isoformat(timespec="seconds")
    return [result.place if result else "", *known, entry.state.value, *counts, entered_at, harmless(entry.reason)]


def harmless(cell: str) -> str:
    """With an apostrophe before what a spreadsheet would calculate."""
    return f"'{cell}" if cell.startswith(_BEGINS_FORMULA) or cell.strip().startswith(_BEGINS_FORMULA) else cell


def _moment(entry: Entry) -> datetime:
    return datetime.fromtimestamp(entry.entered_at, UTC)


def _file_stem(entry: Entry, result: Placed | None) -> str:
    """As "02-Anna-17": the place, or why there is none, the author, and the entry as in the table."""
    first = f"{result.place:02}" if result else entry.state.value
    return f"{first}-{_file_name(entry.author.name)}-{entry.id}"


def _file_name(name: str) -> str:
    """Letters and numbers of any script; what any file system could mind is a hyphen."""
    letters = (
        letter if letter.isalnum() or unicodedata.category(letter).startswith("M") else "-"
        for letter in unicodedata.normalize("NFKC", name)
    )
    words = [word for word in "".join(letters).split("-") if word]
    return "-".join(words)[:_LONGEST_NAME].rstrip("-") or "member"


@dataclass(slots=True)
class _Archive:
    """A ZIP that is being written, and how large it would be if it ended now."""

    limit_bytes: int
    _buffer: io.BytesIO = field(default_factory=io.BytesIO, init=False)
    _zip: ZipFile = field(init=False)
    _bytes: int = field(default=_END_BYTES, init=False)

    def __post_init__(self) -> None:
        self._zip = ZipFile(self._buffer, "w")

    @staticmethod
    def overhead(name: str) -> int:
        return _HEADERS_BYTES + 2 * len(name.encode())

    def has_room(self, name: str, size: int) -> bool:
        return self._bytes + self.overhead(name) + size <= self.limit_bytes

    def add(self, info: ZipInfo, data: bytes) -> None:
        """A table is compressed; pictures are already."""
        info.compress_type = ZIP_DEFLATED if info.filename == TABLE_NAME else ZIP_STORED
        info.external_attr = 0o644 << 16
        self._zip.writestr(info, data)
        self._bytes += self.overhead(info.filename) + info.compress_size

    def finished(self) -> bytes:
        self._zip.close()
        return self._buffer.getvalue()
