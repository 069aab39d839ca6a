"""What moderators read of a running challenge: the panel of `/challenge manage`, its questions and its forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import assert_never

from bot.challenges.values import Challenge, EntryState, Phase
from bot.ui.text.challenges import amounts
from bot.ui.text.challenges.card import numbered
from bot.ui.text.names import cut, escaped, plain, unformatted
from bot.ui.words import Words, later

MANAGE_DESCRIPTION = later("Judge the entries of a challenge, extend it, end it, cancel it or export it")
CHALLENGE_OPTION = later("Which challenge")

ENTRIES = later("Entries…")
EXTEND = later("Extend…")
END_ENTRIES = later("End entries now")
END_VOTING = later("End voting now")
CANCEL = later("Cancel the challenge…")
REPOST = later("Post it again")
EXPORT = later("Export (CSV)")
PICTURES = later("Export pictures")
STOP = later("Stop the series")
GO_BACK = later("No, go back")

REASON = later("Why?")
EXTEND_TITLE = later("Extend the challenge")
LENGTH = later("By how long?")
LENGTH_HINT = later("For example 12h, 2d or 1w")
CANCEL_TITLE = later("Cancel the challenge")
CANCEL_REASON_HINT = later("Everybody can read this where the challenge was announced.")

OVER = frozenset({Phase.CLOSED, Phase.CANCELLED})

MOVED_ON = later("Nothing was changed: the challenge has moved on meanwhile.")
REPOSTED = later("The announcement will be posted again in a moment.")
VOTE_REPOSTED = later("The call to vote will be posted again in a moment.")
RESULT_REPOSTED = later("The result will be posted again in a moment. Nobody is notified again.")
STOPPED = later("The series is stopped: this was its last challenge.")
NOT_A_SERIES = later("This series has ended already.")
NOTHING_TO_EXPORT = later("Nothing has been entered yet, so there is nothing to export.")
NO_PICTURES = later("There are no pictures to export: every entry was withdrawn or removed.")
TOO_LARGE = later("The pictures are too large to be uploaded in this server.")

_PHASES: Mapping[Phase, str] = MappingProxyType(
    {
        Phase.DRAFT: later("Announced for later"),
        Phase.OPEN: later("Open for entries"),
        Phase.VOTING: later("Open for votes"),
        Phase.CLOSED: later("Closed"),
        Phase.CANCELLED: later("Cancelled"),
    }
)
LONGEST_QUOTE = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many there are."""

    entries: Mapping[EntryState, int]
    voters: int

    def of(self, state: EntryState) -> int:
        return self.entries.get(state, 0)

    @property
    def waiting(self) -> int:
        return self.of(EntryState.WAITING)

    @property
    def to_vote_on(self) -> int:
        """Also what may yet be approved."""
        return self.of(EntryState.SHOWN) + self.of(EntryState.WAITING)


def phase(of: Phase, say: Words) -> str:
    return say(_PHASES[of])


def state(challenge: Challenge, tally: Tally, say: Words) -> str:
    """A few lines: where it stands, until when, and who has taken part."""
    lines = [f"**{phase(challenge.phase, say)}**", *_times(challenge, say), "", _entries(tally, challenge.phase, say)]
    if challenge.phase in {Phase.VOTING, Phase.CLOSED}:
        lines.append(amounts.voters(tally.voters, say))
    if challenge.phase is Phase.CANCELLED and challenge.end_reason:
        lines.append(say("Reason: {reason}", reason=unformatted(challenge.end_reason)))
    return "\n".join(lines)


def entries_button(waiting: int, say: Words) -> str:
    return say.count("Entries… ({n} waiting)", "Entries… ({n} waiting)", waiting) if waiting else say(ENTRIES)


def end_question(challenge: Challenge, tally: Tally, say: Words) -> str:
    """Before a phase is ended for good."""
    if challenge.phase is Phase.VOTING:
        asked = say("### End the voting now?\nThe result is announced at once. This cannot be taken back.")
        return f"{asked}\n{_left_out(tally, say)}".rstrip()
    if tally.to_vote_on < 2:
        return say(
            "### End the entries now?\nThere are fewer than two entries, so there is nothing to vote on: "
            "the challenge closes at once. This cannot be taken back."
        )
    until = say("### End the entries now?\nThe voting begins at once. This cannot be taken back.")
    return f"{until}\n{_left_out(tally, say)}".rstrip()


def reposted(challenge: Challenge, say: Words) -> str:
    match challenge.phase:
        case Phase.VOTING:
            return say(VOTE_REPOSTED)
        case Phase.CLOSED:
            return say(RESULT_REPOSTED)
        case _:
            return say(REPOSTED)


def stop_question(say: Words) -> str:
    return say(
        "### Stop the series?\nNo further challenge follows. The current one goes on to its end. "
        "This cannot be taken back."
    )


def extended(challenge: Challenge, say: Words) -> str:
    until = f"<t:{round(challenge.schedule.deadline or 0)}:f>"
    if challenge.phase is Phase.VOTING:
        return say("Extended: members can vote until {until}.", until=until)
    return say("Extended: members can enter until {until}.", until=until)


def ended(challenge: Challenge, say: Words) -> str:
    """`challenge` as it stands after the end of a phase."""
    if challenge.phase is Phase.VOTING:
        return say("The entries are ended, and members vote now.")
    return say("The challenge is over. The result is being announced.")


def cancelled(say: Words) -> str:
    return say("The challenge is cancelled, and members will be told why.")


def no_such_title(typed: str, say: Words) -> str:
    quoted = escaped(cut(plain(typed), LONGEST_QUOTE))
    return say("I found no challenge called **{title}** here. Choose one of those that are offered.", title=quoted)


def choice(challenge: Challenge, say: Words) -> str:
    """One of those offered; `cut` to what Discord takes by whoever offers it."""
    return f"{numbered(plain(challenge.title), challenge)} · {phase(challenge.phase, say)}"


def table(entries: int, say: Words) -> str:
    return say.count("{n} entry as a table, for a spreadsheet.", "{n} entries as a table, for a spreadsheet.", entries)


def part(number: int, missing: int, say: Words, *, is_last: bool, is_smaller: bool) -> str:
    """With an archive of pictures."""
    lines = [_part(number, say, is_last=is_last)]
    if is_smaller and number == 1:
        lines.append(say("The pictures are JPEG, and some may be smaller: as they are, they would be too many files."))
    if missing:
        lines.append(
            say.count("{n} picture is no longer kept.", "{n} pictures are no longer kept.", missing),
        )
    return " ".join(lines)


def _part(number: int, say: Words, *, is_last: bool) -> str:
    if is_last and number == 1:
        return say("The pictures, and a table of them.")
    if is_last:
        return say("The pictures, part {number}, which is the last.", number=number)
    return say("The pictures, part {number}. More are coming.", number=number)


def _times(challenge: Challenge, say: Words) -> list[str]:
    schedule = challenge.schedule
    match challenge.phase:
        case Phase.DRAFT:
            return [
                say("Opens {when}", when=_when(schedule.opens_at)),
                say("Entries until {when}", when=_when(schedule.entries_end_at)),
                say("Voting until {when}", when=_when(schedule.voting_ends_at)),
            ]
        case Phase.OPEN:
            return [
                say("Entries until {when}", when=_when(schedule.entries_end_at)),
                say("Voting until {when}", when=_when(schedule.voting_ends_at)),
            ]
        case Phase.VOTING:
            return [say("Voting until {when}", when=_when(schedule.voting_ends_at))]
        case Phase.CLOSED:
            return [say("Ended {when}", when=_when(schedule.voting_ends_at))]
        case Phase.CANCELLED:
            return [say("Began {when}", when=_when(schedule.opens_at))]
        case _:
            assert_never(challenge.phase)


def _entries(tally: Tally, phase: Phase, say: Words) -> str:
    """States without entries are left out, except those shown."""
    shown, waiting = tally.of(EntryState.SHOWN), tally.of(EntryState.WAITING)
    removed, withdrawn = tally.of(EntryState.REMOVED), tally.of(EntryState.WITHDRAWN)
    parts = [say.count("{n} entry shown", "{n} entries shown", shown)]
    if waiting:
        parts.append(amounts.not_approved(waiting, say) if phase in OVER else f"**{amounts.waiting(waiting, say)}**")
    if removed:
        parts.append(say.count("{n} removed", "{n} removed", removed))
    if withdrawn:
        parts.append(say.count("{n} withdrawn", "{n} withdrawn", withdrawn))
    return " · ".join(parts)


def _left_out(tally: Tally, say: Words) -> str:
    waiting = tally.of(EntryState.WAITING)
    if not waiting:
        return ""
    return say.count(
        "⚠️ {n} entry still waits for approval. Nobody can vote for it until it is approved.",
        "⚠️ {n} entries still wait for approval. Nobody can vote for them until they are approved.",
        waiting,
    )


def _when(at: float) -> str:
    return f"<t:{round(at)}:f> (<t:{round(at)}:R>)"
