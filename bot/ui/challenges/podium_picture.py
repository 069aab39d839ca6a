"""The picture of a challenge's podium, out of the winning entries' own pictures."""

import asyncio
import logging
from collections.abc import Sequence

from bot.challenges.hanging import MOST_FRAMES
from bot.challenges.podium import FramedEntry, podium_picture
from bot.challenges.values import Challenge, Placed
from bot.jobs.encode import encode_to_fit
from bot.ui.challenges.messages import PodiumPicture
from bot.ui.text.challenges.scores import short_score
from bot.ui.words import Words
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.blobs import BlobStore

log = logging.getLogger(__name__)


async def podium_picture_of(
    blobs: BlobStore, challenge: Challenge, placed: Sequence[Placed], say: Words, *, limit_bytes: int
) -> PodiumPicture | None:
    """None where nobody has won, or no picture can be read. Covered where one of them is."""
    best = [one for one in placed if one.is_on_podium][:MOST_FRAMES]
    frames = [frame for one in best if (frame := await _framed(blobs, challenge, one, say)) is not None]
    if not frames:
        return None
    try:
        picture = await asyncio.to_thread(lambda: encode_to_fit(podium_picture(challenge.title, frames), limit_bytes))
    except (OSError, ValueError):
        log.exception("no podium challenge=%s", challenge.id)
        return None
    covered = any(one.entry.picture.covered for one in best)
    return PodiumPicture(data=picture.data, suffix=picture.suffix, covered=covered)


async def _framed(blobs: BlobStore, challenge: Challenge, placed: Placed, say: Words) -> FramedEntry | None:
    try:
        picture = await blobs.get(placed.entry.picture.blob)
    except QueueUnavailable as error:
        log.warning("no picture for the podium entry=%s why=%r", placed.entry.id, error)
        return None
    author = placed.entry.author
    return FramedEntry(
        place=placed.place,
        names=(author.name, author.username),
        caption=short_score(placed, challenge.terms.mode, say),
        picture=picture,
    )
