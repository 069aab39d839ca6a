"""Duels: a voter chooses between two entries, over and over, in one message that nobody else sees.

Each choice is saved before the next pair is shown. The buttons carry the pair, so that an old message means what it
shows, and pressing twice is choosing once.
"""

import asyncio
import re
from typing import TYPE_CHECKING, Any, Self, assert_never

import discord
from discord.ui import ActionRow, Button, DynamicItem, Item

from bot.challenges.errors import NoSuchEntry, WrongPhase
from bot.challenges.values import Challenge, Duel
from bot.ui.challenges.ballot_rights import check_voter, voter_not_blocked
from bot.ui.challenges.duel_values import Bout, Choice, Record, arranged, pair_of
from bot.ui.challenges.duel_view import DuelPage, duel_view, words_view
from bot.ui.challenges.pictures import entry_file
from bot.ui.challenges.visitor import find_challenge
from bot.ui.errors import always_answered
from bot.ui.first_answer import surely
from bot.ui.text.challenges import voting as text
from bot.ui.words import Words, words_of

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

ATTEMPTS_TO_SKIP = 4
"""While others vote, the order of the pairs to come changes: so often another pair is looked for."""
MOST_SKIPPED = 9999
"""That an id counts; then it counts anew."""

_EMOJIS = {Choice.LEFT: "⬅️", Choice.RIGHT: "➡️"}
_LABELS = {Choice.LEFT: text.LEFT, Choice.RIGHT: text.RIGHT, Choice.SKIP: text.SKIP, Choice.BACK: text.BACK}


class DuelButton(
    DynamicItem[Button[Any]],
    template=(
        r"challenge:(?P<id>\d{1,18}):duel:(?P<left>\d{1,18}):(?P<right>\d{1,18}):(?P<choice>[lrsb])(:(?P<skipped>\d{1,4}))?"
    ),
):
    """One of those under a duel."""

    def __init__(self, bout: Bout, choice: Choice, button: Button[Any]) -> None:
        skipped = f":{bout.skipped}" if bout.skipped else ""
        button.custom_id = f"challenge:{bout.challenge_id}:duel:{bout.left_id}:{bout.right_id}:{choice}{skipped}"
        super().__init__(button)
        self.bout = bout
        self.choice = choice

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: Item[Any], match: re.Match[str], /
    ) -> Self:
        bout = Bout(
            challenge_id=int(match["id"]),
            left_id=int(match["left"]),
            right_id=int(match["right"]),
            skipped=int(match["skipped"] or 0),
        )
        return cls(bout, Choice(match["choice"]), Button())

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with always_answered(interaction):
            await surely(interaction, interaction.response.defer)
            challenge = await find_challenge(interaction, self.bout.challenge_id)
            try:
                await check_voter(interaction, challenge)
                await _carry_out(interaction, challenge, self.bout, self.choice)
            except WrongPhase:
                over = await find_challenge(interaction, self.bout.challenge_id)
                view = words_view(text.no_vote_now(over, words_of(interaction)))
                await interaction.edit_original_response(view=view, attachments=[])


async def show_next(interaction: "discord.Interaction[StylizeClient]", challenge: Challenge, remark: str = "") -> None:
    """A pair that the voter has not judged, in the answer to an interaction, which was deferred; thanks after the last.

    Raises QueueUnavailable.
    """
    duel = await _next(interaction, challenge)
    if duel is None:
        await _thank(interaction, challenge)
    else:
        await _show(interaction, challenge, duel, remark=remark)


async def _carry_out(
    interaction: "discord.Interaction[StylizeClient]", challenge: Challenge, bout: Bout, choice: Choice
) -> None:
    """Raises what stands in the way of a vote."""
    match choice:
        case Choice.LEFT:
            await _judge(interaction, challenge, winner_id=bout.left_id, loser_id=bout.right_id)
        case Choice.RIGHT:
            await _judge(interaction, challenge, winner_id=bout.right_id, loser_id=bout.left_id)
        case Choice.SKIP:
            await _show_other(interaction, challenge, bout)
        case Choice.BACK:
            await _show_earlier(interaction, challenge, bout)
        case _:
            assert_never(choice)


async def _judge(
    interaction: "discord.Interaction[StylizeClient]", challenge: Challenge, *, winner_id: int, loser_id: int
) -> None:
    """Save the choice; then the next pair."""
    services, remark = interaction.client.services, ""
    try:
        await services.challenges.votes.judge(
            challenge.id,
            str(interaction.user.id),
            winner_id=winner_id,
            loser_id=loser_id,
            now=services.clock.now(),
            guard=voter_not_blocked(interaction),
        )
    except NoSuchEntry:
        remark = words_of(interaction)(text.ENTRY_GONE)
    await show_next(interaction, challenge, remark)


async def _show_other(interaction: "discord.Interaction[StylizeClient]", challenge: Challenge, bout: Bout) -> None:
    """After a pair that was skipped, or looked at once more."""
    record = await _record(interaction, challenge)
    if record.winner_of(bout.pair) is not None:
        await show_next(interaction, challenge)
        return
    for skipped in range(bout.skipped + 1, bout.skipped + 1 + ATTEMPTS_TO_SKIP):
        duel = await _next(interaction, challenge, skipped)
        if duel is not None and pair_of(duel) != bout.pair:
            await _show(interaction, challenge, duel, skipped=skipped % MOST_SKIPPED)
            return
    await show_next(interaction, challenge, words_of(interaction)(text.ONLY_PAIR))


async def _show_earlier(interaction: "discord.Interaction[StylizeClient]", challenge: Challenge, bout: Bout) -> None:
    """The voter's choice before this one, to be changed."""
    entries = interaction.client.services.challenges.entries
    choice = (await _record(interaction, challenge)).before(bout.pair)
    winner, loser = (await entries.get(choice[0]), await entries.get(choice[1])) if choice else (None, None)
    if winner is None or loser is None:
        await show_next(interaction, challenge)
    else:
        await _show(interaction, challenge, arranged(str(interaction.user.id), winner, loser))


async def _show(
    interaction: "discord.Interaction[StylizeClient]",
    challenge: Challenge,
    duel: Duel,
    *,
    skipped: int = 0,
    remark: str = "",
) -> None:
    say, blobs = words_of(interaction), interaction.client.services.blobs
    bout = Bout(challenge_id=challenge.id, left_id=duel.left.id, right_id=duel.right.id, skipped=skipped)
    record = await _record(interaction, challenge)
    read = await asyncio.gather(entry_file(blobs, duel.left), entry_file(blobs, duel.right))
    files = [file for file in read if file is not None]
    page = DuelPage(
        challenge=challenge,
        duel=duel,
        judged=len(record.choices),
        possible=record.possible,
        remark=remark or _earlier_choice(record, bout, say),
    )
    row = _row(bout, record, say, can_judge=len(files) == len(read))
    view = duel_view(page, row, frozenset(file.filename for file in files), say)
    await interaction.edit_original_response(view=view, attachments=files)


async def _thank(interaction: "discord.Interaction[StylizeClient]", challenge: Challenge) -> None:
    say, record = words_of(interaction), await _record(interaction, challenge)
    back = DuelButton(Bout(challenge_id=challenge.id), Choice.BACK, _look(Choice.BACK, say))
    row: ActionRow[Any] | None = ActionRow(back) if record.choices else None
    view = words_view(text.thanks(challenge, record.possible, say), row)
    await interaction.edit_original_response(view=view, attachments=[])


def _row(bout: Bout, record: Record, say: Words, *, can_judge: bool) -> ActionRow[Any]:
    """Going back is offered where there is an earlier choice; skipping is going on where this one was judged."""
    winner_id = record.winner_of(bout.pair)
    sides = (Choice.LEFT, bout.left_id), (Choice.RIGHT, bout.right_id)
    buttons = [
        DuelButton(bout, side, _look(side, say, is_chosen=winner_id == entry_id, is_there=can_judge))
        for side, entry_id in sides
    ]
    skip = _look(Choice.SKIP, say)
    if winner_id is not None:
        skip.label = say(text.GO_ON)
    buttons.append(DuelButton(bout, Choice.SKIP, skip))
    if record.before(bout.pair) is not None:
        buttons.append(DuelButton(bout, Choice.BACK, _look(Choice.BACK, say)))
    return ActionRow(*buttons)


def _look(choice: Choice, say: Words, *, is_chosen: bool = False, is_there: bool = True) -> Button[Any]:
    is_side = choice in _EMOJIS
    style = discord.ButtonStyle.primary if is_side else discord.ButtonStyle.secondary
    return Button(
        style=discord.ButtonStyle.success if is_chosen else style,
        label=say(_LABELS[choice]),
        emoji=_EMOJIS.get(choice),
        disabled=not is_there,
    )


def _earlier_choice(record: Record, bout: Bout, say: Words) -> str:
    """Where the voter has come back to a pair."""
    winner_id = record.winner_of(bout.pair)
    if winner_id is None:
        return ""
    return say(text.CHOSE_LEFT if winner_id == bout.left_id else text.CHOSE_RIGHT)


async def _next(
    interaction: "discord.Interaction[StylizeClient]", challenge: Challenge, skipped: int = 0
) -> Duel | None:
    votes, voter_id = interaction.client.services.challenges.votes, str(interaction.user.id)
    duel = await votes.next_duel(challenge.id, voter_id, skipped=skipped)
    return None if duel is None else arranged(voter_id, duel.left, duel.right)


async def _record(interaction: "discord.Interaction[StylizeClient]", challenge: Challenge) -> Record:
    votes, voter_id = interaction.client.services.challenges.votes, str(interaction.user.id)
    return Record(
        choices=tuple(await votes.judged(challenge.id, voter_id)),
        possible=await votes.possible_duels(challenge.id, voter_id),
    )
