"""Entries of challenges as tests need them: all alike but for their number."""

from bot.challenges.values import Author, Entry, EntryState, Picture


def entry_numbered(
    number: int, *, name: str | None = None, state: EntryState = EntryState.SHOWN, covered: bool = False
) -> Entry:
    author = Author(
        user_id=str(1000 + number), name=name or f"Member {number}", username=f"member{number}", locale="en-US"
    )
    picture = Picture(
        job_id=f"job-{number}",
        blob=f"blob-{number}",
        thumbnail_blob=f"thumbnail-{number}",
        width=640,
        height=480,
        covered=covered,
    )
    return Entry(
        id=number,
        challenge_id=1,
        author=author,
        picture=picture,
        state=state,
        entered_at=1_780_000_000.0 + number,
        decided_by=None,
        reason="",
    )


def entries_numbered(count: int) -> list[Entry]:
    return [entry_numbered(number) for number in range(1, count + 1)]
