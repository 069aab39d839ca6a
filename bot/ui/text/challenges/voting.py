"""What is said to somebody who votes."""

from typing import assert_never

from bot.challenges.values import Challenge, Phase
from bot.ui.text.challenges import buttons
from bot.ui.text.challenges.card import from_now, moment, name
from bot.ui.words import Words, later

GIVE = later("Give a heart")
GIVEN = later("Has your heart")
LEFT = later("Left")
RIGHT = later("Right")
SKIP = later("Skip")
GO_ON = later("Go on")
BACK = later("Back")
CHOSE_LEFT = later("You chose the left one. You can choose again.")
CHOSE_RIGHT = later("You chose the right one. You can choose again.")
ENTRY_GONE = later("One of the two is not in the challenge any more. Here is the next pair.")
ONLY_PAIR = later("There is no other pair left.")
NO_PICTURE = later("One of the two pictures cannot be shown at the moment. Skip this pair, or try again later.")
LEFT_ALT_TEXT = later("The left entry")
RIGHT_ALT_TEXT = later("The right entry")


def hearts(given: int, limit: int | None, say: Words) -> str:
    """How many the voter has given."""
    if limit is None:
        return say.count("{n} heart given", "{n} hearts given", given)
    return say.count("{given} of {n} heart given", "{given} of {n} hearts given", limit, given=given)


def question(challenge: Challenge, say: Words) -> str:
    """Over the two pictures of a duel."""
    return f"## {name(challenge)}\n{say('Which of the two do you like better?')}"


def progress(judged: int, possible: int, say: Words) -> str:
    counted = say.count(
        "{judged} of {all} pair judged; stop whenever you like.",
        "{judged} of {all} pairs judged; stop whenever you like.",
        possible,
        judged=say.number(judged),
        all=say.number(possible),
    )
    return f"-# {counted}"


def secrecy(challenge: Challenge, say: Words) -> str:
    ends = from_now(challenge.schedule.voting_ends_at)
    return f"-# {say('Nobody sees what you choose. Voting ends {from_now}.', from_now=ends)}"


def thanks(challenge: Challenge, possible: int, say: Words) -> str:
    """For somebody who has judged all there is."""
    if not possible:
        done = say("There are no two entries that you could choose between: nobody votes for their own.")
    else:
        done = say.count(
            "Thank you! You have judged the only pair there is.",
            "Thank you! You have judged all {all} pairs.",
            possible,
            all=say.number(possible),
        )
    return f"## {name(challenge)}\n{done}"


def no_vote_now(challenge: Challenge, say: Words) -> str:
    """For somebody who wants to vote when that is not possible."""
    times = challenge.schedule
    match challenge.phase:
        case Phase.DRAFT:
            return say(
                "This challenge is not open yet. It opens {opens}, and voting begins {votes}.",
                opens=from_now(times.opens_at),
                votes=from_now(times.entries_end_at),
            )
        case Phase.OPEN:
            return say(
                "Voting begins {moment}, {from_now}: until then entries come in.",
                moment=moment(times.entries_end_at),
                from_now=from_now(times.entries_end_at),
            )
        case Phase.VOTING:
            return say("Voting is over; the votes are being counted.")
        case Phase.CLOSED:
            return say("Voting is over. **{gallery}** shows the result.", gallery=say(buttons.GALLERY))
        case Phase.CANCELLED:
            return say("This challenge was cancelled, so there is no vote.")
        case _:
            assert_never(challenge.phase)
