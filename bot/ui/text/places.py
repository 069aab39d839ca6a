"""Where a picture goes, where that is not as usual, and why it can go nowhere."""

from typing import assert_never

from bot.jobs.card import Card, Painting, Waiting
from bot.jobs.picture_names import PictureNames
from bot.jobs.whereabouts import (
    SECONDS_A_TOKEN_LASTS,
    Locked,
    NotEvenDirect,
    Obstacle,
    Plan,
    TooLongForPrivate,
    Way,
)
from bot.ui.text.challenges.buttons import MINE
from bot.ui.text.names import pair
from bot.ui.text.refusals import PERMISSION_NAMES
from bot.ui.words import Words, later

MINUTES_OF_AN_ANSWER = int(SECONDS_A_TOKEN_LASTS / 60)

LOOKING = later("One moment: I see whether I may write to you directly.")


def beside_starter(plan: Plan, say: Words) -> str:
    """What is said at once where the job is not shown as usual; empty where it is."""
    if plan.way is Way.ANSWER:
        return _small([_lacking(plan.missing, say), _time_limit(say)])
    if plan.missing:
        return _small([_no_thread(plan.missing, say)])
    return ""


def remark(card: Card, say: Words) -> str:
    """Below the state of a card that is not shown as usual; empty elsewhere."""
    if card.for_challenge and card.private and (card.moved or card.by_webhook):
        return _small([_waits_in_challenge(card, say)])
    if card.moved:
        return _small([say("This goes on in a direct message from me.")])
    if not card.by_webhook or not isinstance(card.state, Waiting | Painting):
        return ""
    if card.private:
        return _small([say("Only you see this. Discord does not keep it: save the picture when it is here.")])
    return _small([_lacking(card.missing_permissions, say), _time_limit(say)])


def goes_direct(*, link: str, missing: tuple[str, ...], say: Words) -> str:
    """For the requester alone, who is answered in direct messages."""
    if missing:
        return say.count(
            "I lack the permission {permissions} in this channel, so your picture comes as a direct message: {link}",
            "I lack the permissions {permissions} in this channel, so your picture comes as a direct message: {link}",
            len(missing),
            permissions=_names(missing, say),
            link=link,
        )
    return say("Only you will see this picture. It comes as a direct message: {link}", link=link)


def stays_in_answer(names: PictureNames, say: Words) -> str:
    """For the requester alone, whose direct messages are closed."""
    closed = say("Your direct messages are closed to me, so I show the picture here, to you alone.")
    return f"🎨 {pair(names, say)}\n{closed}"


def room_for_result(user_id: int, names: PictureNames, say: Words) -> str:
    """Stands for a moment where the last word of a job is put."""
    return f"<@{user_id}> {pair(names, say)}"


def no_way(obstacle: Obstacle, say: Words) -> str:
    """Why there will be no picture, and what to do."""
    match obstacle:
        case Locked():
            return say("This thread is locked. Please ask in another channel, or have a moderator unlock it.")
        case NotEvenDirect(missing=missing):
            return say.count(
                "I lack the permission {permissions} in this channel, and your direct messages are closed to me. "
                "Please ask a server admin for it, or allow direct messages from this server's members.",
                "I lack the permissions {permissions} in this channel, and your direct messages are closed to me. "
                "Please ask a server admin for them, or allow direct messages from this server's members.",
                len(missing),
                permissions=_names(missing, say),
            )
        case TooLongForPrivate():
            return say(
                "Your direct messages are closed to me, and this picture may take longer than the {n} minutes for "
                "which I can answer here. Allow direct messages from this server's members, or try a smaller size.",
                n=MINUTES_OF_AN_ANSWER,
            )
        case _:
            assert_never(obstacle)


def _waits_in_challenge(card: Card, say: Words) -> str:
    """Where nobody but the requester sees it and their direct messages were closed."""
    if card.moved:
        return say("The picture will be waiting for you under **{mine}** in the challenge.", mine=say(MINE))
    if isinstance(card.state, Waiting | Painting):
        return say(
            "Only you see this. If it takes longer than {n} minutes, the picture will be waiting for you under "
            "**{mine}** in the challenge.",
            n=MINUTES_OF_AN_ANSWER,
            mine=say(MINE),
        )
    return ""


def _lacking(missing: tuple[str, ...], say: Words) -> str:
    if not missing:
        return ""
    return say.count(
        "I lack the permission {permissions} here, so I show the picture in this answer.",
        "I lack the permissions {permissions} here, so I show the picture in this answer.",
        len(missing),
        permissions=_names(missing, say),
    )


def _no_thread(missing: tuple[str, ...], say: Words) -> str:
    return say.count(
        "I open no thread, since I lack the permission {permissions} here.",
        "I open no thread, since I lack the permissions {permissions} here.",
        len(missing),
        permissions=_names(missing, say),
    )


def _time_limit(say: Words) -> str:
    return say("If it takes longer than {n} minutes, it comes as a direct message.", n=MINUTES_OF_AN_ANSWER)


def _names(missing: tuple[str, ...], say: Words) -> str:
    return say.listed([f"**{say(PERMISSION_NAMES[name])}**" for name in missing])


def _small(sentences: list[str]) -> str:
    said = " ".join(sentence for sentence in sentences if sentence)
    return f"-# {said}" if said else ""
