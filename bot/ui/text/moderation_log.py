"""What the log channel of a server says: one line for each thing that happened."""

from bot.jobs.challenge_notes import ChallengeTrouble, EntryApproved, EntryRemoved, EntryWaits, EntryWithdrawn
from bot.jobs.moderation import Cancelled, Deleted, MemberBlocked, MemberUnblocked, Note, Painted, SettingChanged
from bot.settings.catalogue import find_setting
from bot.ui.text.challenges.log import challenge_line, entry_line
from bot.ui.text.challenges.trouble import trouble_line
from bot.ui.text.config import changed
from bot.ui.text.names import cut, escaped, plain
from bot.ui.words import Words

LONGEST_LINE = 1000


def line(note: Note, guild_id: int, say: Words) -> str:
    """Members are named, not called: the message that this stands in mentions nobody."""
    return cut(_line(note, guild_id, say), LONGEST_LINE)


def more(n: int, say: Words) -> str:
    """Of lines that did not fit."""
    return say.count("… and {n} more.", "… and {n} more.", n)


def _line(note: Note, guild_id: int, say: Words) -> str:
    match note:
        case Painted():
            return _painted(note, guild_id, say)
        case Cancelled(by=by, user_id=user_id):
            return say(
                "🚫 {moderator} cancelled a picture of {member}.", moderator=_member(by), member=_member(user_id)
            )
        case Deleted(by=by, user_id=user_id, channel_id=channel_id):
            return say(
                "🗑️ {moderator} deleted a picture of {member} in {channel}.",
                moderator=_member(by),
                member=_member(user_id),
                channel=f"<#{channel_id}>",
            )
        case MemberBlocked(by=by, user_id=user_id, reason=""):
            return say("⛔ {moderator} blocked {member}.", moderator=_member(by), member=_member(user_id))
        case MemberBlocked(by=by, user_id=user_id, reason=reason):
            return say(
                "⛔ {moderator} blocked {member}: {reason}",
                moderator=_member(by),
                member=_member(user_id),
                reason=escaped(plain(reason)),
            )
        case MemberUnblocked(by=by, user_id=user_id):
            return say("✅ {moderator} unblocked {member}.", moderator=_member(by), member=_member(user_id))
        case SettingChanged():
            return _setting(note, say)
        case EntryWaits() | EntryApproved() | EntryRemoved() | EntryWithdrawn():
            return entry_line(note, say)
        case ChallengeTrouble():
            return trouble_line(note, say)
        case _:
            return challenge_line(note, say)


def _painted(note: Painted, guild_id: int, say: Words) -> str:
    chosen = note.params
    parts = [
        say("{preset} preset", preset=chosen.preset),
        say("strength {strength}", strength=chosen.strength),
        say("{size} px", size=chosen.size),
    ]
    settings = " · ".join(parts)
    if note.private:
        return say(
            "🎨 {member} had a picture painted in private ({settings}).",
            member=_member(note.user_id),
            settings=settings,
        )
    return say(
        "🎨 {member} had a picture painted: {place} ({settings}).",
        member=_member(note.user_id),
        place=_place(note, guild_id),
        settings=settings,
    )


def _place(note: Painted, guild_id: int) -> str:
    """A link that leads to the message, or to the channel."""
    where = f"https://discord.com/channels/{guild_id}/{note.channel_id}"
    return where if note.message_id is None else f"{where}/{note.message_id}"


def _setting(note: SettingChanged, say: Words) -> str:
    setting = find_setting(note.name)
    said = changed(setting, note.before, note.after, say) if setting else note.name
    return say("⚙️ {moderator}: {change}", moderator=_member(note.by), change=said)


def _member(user_id: int) -> str:
    return f"<@{user_id}>"
