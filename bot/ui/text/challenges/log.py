"""What the log channel of a server says about challenges: one line for each thing that happened."""

from typing import assert_never

from bot.jobs.challenge_notes import (
    ChallengeAnnounced,
    ChallengeCancelled,
    ChallengeEnded,
    ChallengeExported,
    ChallengeExtended,
    ChallengeNote,
    EntriesEnded,
    EntryApproved,
    EntryNote,
    EntryRemoved,
    EntryWaits,
    EntryWithdrawn,
    SeriesStopped,
)
from bot.ui.text.names import unformatted
from bot.ui.words import Words


def challenge_line(note: ChallengeNote, say: Words) -> str:
    title = _title(note.title)
    match note:
        case ChallengeAnnounced():
            return _announced(note, say)
        case ChallengeExtended(by=by, until=until):
            when = f"<t:{round(until)}:f>"
            return say(
                "⏳ {moderator} extended the challenge {title} until {when}.",
                moderator=_member(by),
                title=title,
                when=when,
            )
        case EntriesEnded(by=by):
            return say(
                "🗳️ {moderator} ended the entries of the challenge {title} early: members vote now.",
                moderator=_member(by),
                title=title,
            )
        case ChallengeEnded(by=by):
            return _ended(by, title, say)
        case ChallengeCancelled(by=by, reason=reason):
            return say(
                "🚫 {moderator} cancelled the challenge {title}: {reason}",
                moderator=_member(by),
                title=title,
                reason=unformatted(reason),
            )
        case SeriesStopped(by=by):
            return say("🚫 {moderator} stopped the series {title}.", moderator=_member(by), title=title)
        case ChallengeExported(by=by):
            return say("📦 {moderator} exported the challenge {title}.", moderator=_member(by), title=title)
        case _:
            assert_never(note)


def entry_line(note: EntryNote, say: Words) -> str:
    facts = {"member": _member(note.user_id), "title": _title(note.title)}
    match note:
        case EntryWaits():
            return say("📥 An entry of {member} in the challenge {title} waits for approval.", **facts)
        case EntryApproved(by=by):
            return say(
                "✅ {moderator} approved the entry of {member} in the challenge {title}.",
                moderator=_member(by),
                **facts,
            )
        case EntryRemoved(by=by, reason=reason):
            return say(
                "🗑️ {moderator} removed the entry of {member} from the challenge {title}: {reason}",
                moderator=_member(by),
                reason=unformatted(reason),
                **facts,
            )
        case EntryWithdrawn():
            return say("↩️ {member} withdrew an entry from the challenge {title}.", **facts)
        case _:
            assert_never(note)


def _announced(note: ChallengeAnnounced, say: Words) -> str:
    facts = {"moderator": _member(note.by), "title": _title(note.title)}
    if note.opens_at is None:
        return say("📣 {moderator} announced the challenge {title}.", **facts)
    when = f"<t:{round(note.opens_at)}:f>"
    return say("📣 {moderator} announced the challenge {title}, which opens {when}.", when=when, **facts)


def _ended(by: int | None, title: str, say: Words) -> str:
    if by is None:
        return say("🏁 The challenge {title} is over.", title=title)
    return say("🏁 {moderator} ended the challenge {title} early.", moderator=_member(by), title=title)


def _title(title: str) -> str:
    return f"**{unformatted(title)}**"


def _member(user_id: int) -> str:
    return f"<@{user_id}>"
