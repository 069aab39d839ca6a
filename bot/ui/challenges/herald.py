"""Says in public what happens to challenges, with the bot's own token: each thing once, and the card with it."""

import logging
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, assert_never

import discord

from bot.challenges.tasks import Task, TaskKind, end_of
from bot.challenges.values import Challenge, Counts, Phase, Placed
from bot.jobs.challenge_notes import ChallengeEnded, ChallengeTrouble, Trouble
from bot.jobs.errors import FileTooLarge, PlaceGone, Rejected, ThreadClosed
from bot.ui.challenges import messages
from bot.ui.challenges.card import style_files
from bot.ui.challenges.for_one_member import give_role, write_to_author
from bot.ui.challenges.live_card import LiveCard
from bot.ui.challenges.messages import PodiumPicture
from bot.ui.challenges.podium_picture import podium_picture_of
from bot.ui.challenges.posting import Posted, Posting
from bot.ui.words import words_for

if TYPE_CHECKING:
    from bot.ui.client import StylizeClient

log = logging.getLogger(__name__)


class DiscordHerald:
    """A `Herald` for `bot.challenges`."""

    def __init__(self, client: "StylizeClient") -> None:
        self._client = client
        self._posting = Posting(client)
        self._card = LiveCard(client)
        self._podiums: dict[int, PodiumPicture | None] = {}
        """By task, until it is done."""

    async def carry_out(self, task: Task, challenge: Challenge, *, may_be_done: bool) -> None:
        if not is_worth_saying(task, challenge):
            log.info("overtaken task=%s kind=%s phase=%s", task.id, task.kind, challenge.phase)
            return
        match task.kind:
            case TaskKind.ANNOUNCE | TaskKind.REPOST:
                await self._announce(task, challenge, may_be_done=may_be_done)
            case TaskKind.OPENED | TaskKind.EXTENDED | TaskKind.VOTE | TaskKind.PODIUM | TaskKind.CALLED_OFF:
                await self._say(task, challenge, may_be_done=may_be_done)
            case TaskKind.WINNER_ROLE:
                await give_role(self._client, task, challenge)
            case TaskKind.APPROVED | TaskKind.REMOVED:
                await write_to_author(self._client, self._posting, task, challenge, may_be_done=may_be_done)
            case _:
                assert_never(task.kind)
        self._forget(task)

    async def refresh(self, challenge: Challenge, counts: Counts) -> None:
        await self._card.edit(challenge, counts)

    def moved_on(self, challenge: Challenge) -> None:
        if challenge.phase is Phase.CLOSED:
            note = ChallengeEnded(by=None, title=challenge.title)
            self._client.services.moderation_log.note(int(challenge.tenant_id), note)

    def gave_up(self, task: Task, challenge: Challenge) -> None:
        """Moderators cannot help where a letter was not taken."""
        self._forget(task)
        if task.kind in {TaskKind.APPROVED, TaskKind.REMOVED}:
            return
        about_role = task.kind is TaskKind.WINNER_ROLE
        note = ChallengeTrouble(
            trouble=Trouble.ROLE_REFUSED if about_role else Trouble.NOT_SAID,
            title=challenge.title,
            channel_id=challenge.channel_id,
            user_id=int(task.subject) if about_role else None,
        )
        self._client.services.moderation_log.note(int(challenge.tenant_id), note)

    async def _announce(self, task: Task, challenge: Challenge, *, may_be_done: bool) -> None:
        """Where it is, is noted at once. Whoever was called once is not called again.

        Once entries are over, it is posted again only where it is gone: what follows says what there is to do.
        """
        if challenge.phase in {Phase.VOTING, Phase.CLOSED} and task.kind is TaskKind.REPOST:
            counts, placed = await self._counts(challenge), await self._ranking(challenge)
            if await self._card.is_there(challenge, counts, placed):
                return
        posted = await self._found(task, challenge) if may_be_done else None
        if posted is None and challenge.phase is Phase.CANCELLED:
            return
        if posted is None:
            posted = await self._post_card(task, challenge)
        place_id, message_id = posted
        await self._client.services.challenges.challenges.announced(
            challenge.id, place_id=place_id, message_id=message_id
        )

    async def _post_card(self, task: Task, challenge: Challenge) -> Posted:
        """Once more goes into the post that there is; where that was deleted, into a new one."""
        if task.kind is TaskKind.REPOST and challenge.place_id is not None:
            try:
                return await self._put_card(task, challenge, challenge.place_id)
            except PlaceGone as error:
                if isinstance(error, ThreadClosed) or challenge.place_id == challenge.channel_id:
                    raise
                log.warning("a new post challenge=%s instead_of=%s why=%r", challenge.id, challenge.place_id, error)
        return await self._put_card(task, challenge, None)

    async def _put_card(self, task: Task, challenge: Challenge, place_id: int | None) -> Posted:
        """There, or where it was never before."""
        files = await style_files(self._client.services.blobs, challenge)
        message = messages.announcement(
            challenge,
            await self._counts(challenge),
            files,
            words_for(challenge.terms.locale),
            await self._ranking(challenge),
            calls=task.kind is TaskKind.ANNOUNCE,
        )
        if place_id is None:
            posted = await self._posting.announce(task, challenge, message)
        else:
            posted = await self._posting.say(task, challenge, place_id, message)
        self._card.uploaded(challenge, posted[1], frozenset(file.filename for file in files))
        return posted

    async def _found(self, task: Task, challenge: Challenge) -> Posted | None:
        if task.kind is TaskKind.REPOST and challenge.place_id is not None:
            found = await self._posting.find(task, challenge, challenge.place_id)
            if found is not None or challenge.place_id == challenge.channel_id:
                return found
        return await self._posting.find_announcement(task, challenge)

    async def _say(self, task: Task, challenge: Challenge, *, may_be_done: bool) -> None:
        """The post comes first: it opens an archived thread, in which nothing can be edited."""
        place_id = challenge.place_id or challenge.channel_id
        counts, placed = await self._counts(challenge), await self._ranking(challenge)
        posted = await self._posting.find(task, challenge, place_id) if may_be_done else None
        if posted is None:
            await self._post(task, challenge, place_id, counts, placed)
        try:
            await self._card.edit(challenge, counts, placed)
        except (PlaceGone, Rejected) as error:
            log.warning("the card stays as it was challenge=%s why=%r", challenge.id, error)
        if challenge.phase in {Phase.CLOSED, Phase.CANCELLED}:
            self._card.forget(challenge.announcement_id)

    async def _post(
        self, task: Task, challenge: Challenge, place_id: int, counts: Counts, placed: Sequence[Placed]
    ) -> None:
        say = words_for(challenge.terms.locale)
        match task.kind:
            case TaskKind.OPENED:
                await self._posting.say(task, challenge, place_id, messages.opened(challenge, say))
            case TaskKind.EXTENDED:
                await self._posting.say(task, challenge, place_id, messages.extended(challenge, say))
            case TaskKind.VOTE:
                await self._posting.say(task, challenge, place_id, messages.voting(challenge, counts, say))
            case TaskKind.CALLED_OFF:
                await self._posting.say(task, challenge, place_id, messages.called_off(challenge, say))
            case _:
                await self._post_result(task, challenge, place_id, counts, placed)

    async def _post_result(
        self, task: Task, challenge: Challenge, place_id: int, counts: Counts, placed: Sequence[Placed]
    ) -> None:
        """Rather without the picture than not at all."""
        say = words_for(challenge.terms.locale)
        picture = await self._podium(task, challenge, placed)
        result = partial(messages.result, challenge, counts, placed, say=say, calls=not task.is_said_again)
        try:
            await self._posting.say(task, challenge, place_id, result(picture))
        except FileTooLarge as error:
            log.warning("the podium is too large challenge=%s why=%r", challenge.id, error)
            await self._posting.say(task, challenge, place_id, result(None))

    async def _podium(self, task: Task, challenge: Challenge, placed: Sequence[Placed]) -> PodiumPicture | None:
        """Made once, however many attempts there are."""
        if task.id not in self._podiums:
            self._podiums[task.id] = await podium_picture_of(
                self._client.services.blobs,
                challenge,
                placed,
                words_for(challenge.terms.locale),
                limit_bytes=discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES,
            )
        return self._podiums[task.id]

    def _forget(self, task: Task) -> None:
        """It is over with it."""
        self._posting.forget(task)
        self._podiums.pop(task.id, None)

    async def _counts(self, challenge: Challenge) -> Counts:
        return await self._client.services.challenges.challenges.counts(challenge.id)

    async def _ranking(self, challenge: Challenge) -> list[Placed]:
        if challenge.phase is not Phase.CLOSED:
            return []
        return await self._client.services.challenges.archive.ranking(challenge.id)


def is_worth_saying(task: Task, challenge: Challenge) -> bool:
    """After a downtime what was to be said may have been overtaken by what came next."""
    match task.kind:
        case TaskKind.OPENED:
            return challenge.phase is Phase.OPEN
        case TaskKind.EXTENDED:
            return task.subject == end_of(challenge.schedule)
        case TaskKind.VOTE:
            return challenge.phase is Phase.VOTING
        case TaskKind.CALLED_OFF:
            return challenge.place_id is not None
        case _:
            return True
