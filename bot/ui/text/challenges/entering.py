"""What a member reads on the way from a photo to an entry, and about the entries that they have."""

from typing import assert_never

from bot.challenges.values import Challenge, Entry, EntryState, Phase, Placed
from bot.jobs.picture_names import PictureNames
from bot.ui.text.challenges import buttons, card
from bot.ui.text.challenges.card import from_now, name
from bot.ui.text.names import LONGEST_ALT_TEXT, cut, pair, plain, plain_pair, unformatted
from bot.ui.words import Words, later

LONGEST_FORM_TITLE = 45

PHOTO = later("Your photo")
PHOTO_MORE = later("It is painted in the style of the challenge")
PHOTO_MORE_FREE = later("It is painted in the style of the painting below")
PAINTING = later("A painting")
PAINTING_MORE = later("Its style is used: the theme is free")

ENTER_PICTURE = later("Enter this picture")
NOT_ENTERED_BY_ITSELF = later("It is not in the challenge until you enter it with the button below.")
FOR_ANOTHER_CHALLENGE = later("This picture was not painted for this challenge.")
NOT_YOUR_PICTURE = later("Only the member who had this picture painted can enter it.")
ENTERED_ALREADY = later("This picture is in the challenge already.")
WITHDRAW_FIRST = later("This picture is entered in a challenge. Withdraw it there first; then you can delete it.")
DELETED_HERE = later("Deleted here. It stays among the entries of its challenge, which is over.")

NOT_ENTERED_YET = later("**Painted, but not entered yet**")
WITHDRAW = later("Withdraw")
REPLACE = later("Replace")
REALLY_WITHDRAW = later("Yes, withdraw it")
KEEP = later("Keep it")
WITHDRAWN = later("Your entry is withdrawn.")
REPLACED = later("The picture is in the challenge, in place of your earlier one.")
REPLACED_AND_WAITS = later(
    "The picture is handed in, in place of your earlier one. A moderator looks at it before everybody sees it."
)


def form_title(challenge: Challenge) -> str:
    return cut(plain(challenge.title), LONGEST_FORM_TITLE)


def form_line(challenge: Challenge, say: Words) -> str:
    """Until when, and what the form does not do."""
    when = from_now(challenge.schedule.entries_end_at)
    return say("Entries close {when}. You see the picture first; nothing is entered until you say so.", when=when)


def painted_for(challenge: Challenge, say: Words) -> str:
    """Beside the first answer to a request."""
    return say("For the challenge **{title}**. Nothing is entered until you say so.", title=name(challenge))


def entered(challenge: Challenge, entry: Entry, say: Words) -> str:
    if entry.state is EntryState.WAITING:
        return say(
            "Your picture is handed in for **{title}**. A moderator looks at it before everybody sees it.",
            title=name(challenge),
        )
    facts = {"title": name(challenge), "mine": say(buttons.MINE)}
    if challenge.phase is not Phase.OPEN:
        return say("Your picture is in the challenge **{title}**. With **{mine}** you can withdraw it.", **facts)
    return say("Your picture is in the challenge **{title}**. With **{mine}** you can replace or withdraw it.", **facts)


def replaced(entry: Entry) -> str:
    return REPLACED_AND_WAITS if entry.state is EntryState.WAITING else REPLACED


def removed(entry: Entry, say: Words) -> str:
    """By a moderator, who gave a reason."""
    if not entry.reason:
        return say("A moderator removed this picture from the challenge.")
    return say("A moderator removed this picture from the challenge: {reason}", reason=unformatted(entry.reason))


def which_to_replace(limit: int, say: Words) -> str:
    return say.count(
        "You have {n} entry already, which is all that one member may have. Shall this picture replace it?",
        "You have {n} entries already, which is all that one member may have. Which one shall this picture replace?",
        limit,
    )


def replace_number(number: int, among: int, say: Words) -> str:
    """On a button; they are counted as they are shown, from 1."""
    return say(REPLACE) if among == 1 else say("Replace {n}", n=number)


def mine_title(challenge: Challenge, phase: Phase, say: Words) -> str:
    return f"### {name(challenge)}\n-# {_when(challenge, phase, say)}"


def nothing(phase: Phase, say: Words) -> str:
    if phase is Phase.OPEN:
        return say(
            "You have no entry in this challenge yet. Press **{enter}** to have a photo painted for it.",
            enter=say(buttons.ENTER),
        )
    return say("You have no entry in this challenge.")


def _when(challenge: Challenge, phase: Phase, say: Words) -> str:
    schedule = challenge.schedule
    match phase:
        case Phase.DRAFT:
            return say("Opens {when}", when=from_now(schedule.opens_at))
        case Phase.OPEN:
            return say("Entries close {when}", when=from_now(schedule.entries_end_at))
        case Phase.VOTING:
            return say("Voting ends {when}", when=from_now(schedule.voting_ends_at))
        case Phase.CLOSED:
            return say(card.OVER)
        case Phase.CANCELLED:
            return say(card.CANCELLED)
        case _:
            assert_never(phase)


def entry_state(entry: Entry, phase: Phase, placed: Placed | None, among: int, say: Words) -> str:
    """`placed`: after the end, among so many."""
    match entry.state:
        case EntryState.SHOWN if placed is not None:
            return say("Place **{place}** of {n}", place=placed.place, n=among)
        case EntryState.SHOWN:
            return say("**Entered** {when}", when=from_now(entry.entered_at))
        case EntryState.WAITING if phase in {Phase.CLOSED, Phase.CANCELLED}:
            return say("**Handed in**, but not approved before the end.")
        case EntryState.WAITING:
            return say("**Handed in**: a moderator looks at it before everybody sees it.")
        case EntryState.REMOVED:
            return removed(entry, say)
        case EntryState.WITHDRAWN:
            return say(WITHDRAWN)
        case _:
            assert_never(entry.state)


def entry_alt_text(say: Words) -> str:
    return say("Your entry")


def painted_alt_text(names: PictureNames, say: Words) -> str:
    return cut(plain_pair(names, say), LONGEST_ALT_TEXT)


def painted(names: PictureNames, say: Words) -> str:
    return pair(names, say)


def really_withdraw(phase: Phase, say: Words) -> str:
    if phase is Phase.VOTING:
        return say("Withdraw this entry? Votes for it will not count, and it is too late for another.")
    return say("Withdraw this entry? You may enter it again, or another picture, while entries are open.")
