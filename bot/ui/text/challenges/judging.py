"""What moderators read while they look through the entries of a challenge."""

from bot.challenges.values import Entry, EntryState, Phase
from bot.ui.text.challenges import amounts
from bot.ui.text.names import LONGEST_ALT_TEXT, cut, plain, unformatted
from bot.ui.words import Words, later

APPROVE = later("Approve")
REMOVE = later("Remove…")

NONE_WAITS = later("none waits for approval")
DECIDED_ALREADY = later("Somebody else has decided about this entry meanwhile.")
OTHER_PICTURE = later("Nothing was decided: the author has replaced the picture meanwhile. This is the new one.")
REMOVE_TITLE = later("Remove the entry")
REASON_HINT = later("The author is told this in a private message.")


def place(number: int, entries: int, waiting: int, say: Words) -> str:
    """Which of all is shown; those that wait come first."""
    where = say("Entry {number} of {entries}", number=number, entries=entries)
    return f"{where} · {amounts.waiting(waiting, say) if waiting else say(NONE_WAITS)}"


def about(entry: Entry, phase: Phase, say: Words) -> str:
    """Whose it is, and what has become of it."""
    facts = {
        "member": f"<@{entry.author.user_id}>",
        "name": unformatted(entry.author.name),
        "when": f"<t:{round(entry.entered_at)}:f>",
    }
    made = say("{member} ({name}), entered {when}", **facts)
    return f"{made}\n**{_state(entry, phase, say)}**"


def alt_text(entry: Entry, say: Words) -> str:
    return cut(say("The entry of {name}", name=plain(entry.author.name)), LONGEST_ALT_TEXT)


def approved(entry: Entry, say: Words) -> str:
    return say("✅ The entry of {name} is approved.", name=unformatted(entry.author.name))


def removed(entry: Entry, phase: Phase, say: Words) -> str:
    done = say("🗑️ The entry of {name} is removed.", name=unformatted(entry.author.name))
    if phase is not Phase.CLOSED:
        return done
    return f"{done} {say('The message with the result still shows it: delete that message if it should not.')}"


def _state(entry: Entry, phase: Phase, say: Words) -> str:
    if entry.state is EntryState.WAITING:
        is_over = phase in {Phase.CLOSED, Phase.CANCELLED}
        return say("Not approved before the end") if is_over else say("Waits for approval")
    if entry.decided_by is not None:
        return say("Shown, approved by {moderator}", moderator=f"<@{entry.decided_by}>")
    return say("Shown to everybody")
