"""The card of a challenge: its style, its rules, what is going on, and until when."""

import io
import logging
from collections.abc import Iterator, Sequence
from typing import Any, assert_never

import discord
from discord.ui import ActionRow, Container, LayoutView, MediaGallery, TextDisplay

from bot.challenges.values import Challenge, Counts, Phase, Placed
from bot.ui.challenges.buttons import ChallengeButton, Verb
from bot.ui.text.challenges import card as text
from bot.ui.words import Words
from nst_engine.errors import QueueUnavailable
from nst_engine.queue.blobs import BlobStore

log = logging.getLogger(__name__)


def card_view(
    challenge: Challenge,
    counts: Counts,
    files: frozenset[str],
    say: Words,
    *,
    with_buttons: bool = True,
    winners: Sequence[Placed] = (),
) -> LayoutView:
    """A fresh view in any phase; `files` are the names of the style pictures that there are. A preview has no buttons.

    `winners` are the first places of a challenge that is over.
    """
    container: Container[LayoutView] = Container(accent_colour=colour(challenge.phase))
    for item in _items(challenge, counts, files, winners, say):
        container.add_item(item)
    if with_buttons and (row := buttons(challenge, say)) is not None:
        container.add_item(row)
    view = LayoutView(timeout=None)
    view.add_item(container)
    return view


def style_file_name(number: int) -> str:
    """Of the challenge's `number`-th style, from 1."""
    return f"style-{number}.jpg"


async def style_files(blobs: BlobStore, challenge: Challenge) -> list[discord.File]:
    """Fresh files of the challenge's style pictures, those that can be read."""
    files = []
    for number, style in enumerate(challenge.terms.styles, start=1):
        try:
            data = await blobs.get(style.thumbnail_blob)
        except QueueUnavailable as error:
            log.warning("no style picture challenge=%s style=%r why=%r", challenge.id, style.name, error)
            continue
        files.append(discord.File(io.BytesIO(data), filename=style_file_name(number)))
    return files


def buttons(challenge: Challenge, say: Words) -> ActionRow[Any] | None:
    """A fresh row of what can be done in the challenge's phase."""
    verbs = _verbs(challenge.phase)
    return ActionRow(*(ChallengeButton(challenge.id, verb, say) for verb in verbs)) if verbs else None


def colour(phase: Phase) -> discord.Colour:
    """A hint only: the words say it too."""
    match phase:
        case Phase.DRAFT:
            return discord.Colour.light_grey()
        case Phase.OPEN:
            return discord.Colour.blurple()
        case Phase.VOTING:
            return discord.Colour.gold()
        case Phase.CLOSED:
            return discord.Colour.green()
        case Phase.CANCELLED:
            return discord.Colour.dark_grey()
        case _:
            assert_never(phase)


def _items(
    challenge: Challenge, counts: Counts, files: frozenset[str], winners: Sequence[Placed], say: Words
) -> Iterator[discord.ui.Item[LayoutView]]:
    description = text.words_of_moderator(challenge.terms.description)
    yield TextDisplay("\n".join(part for part in (text.title(challenge, say), description) if part))
    pictures = [
        discord.MediaGalleryItem(f"attachment://{name}", description=text.alt_text(style, say))
        for number, style in enumerate(challenge.terms.styles, start=1)
        if (name := style_file_name(number)) in files
    ]
    if pictures:
        yield MediaGallery(*pictures)
    now = [text.status(challenge, winners, say), text.counts(challenge, counts, say)]
    yield TextDisplay("\n".join(part for part in now if part))
    if challenge.phase in {Phase.DRAFT, Phase.OPEN, Phase.VOTING}:
        yield TextDisplay(text.rules(challenge, say))


def _verbs(phase: Phase) -> tuple[Verb, ...]:
    match phase:
        case Phase.DRAFT | Phase.CANCELLED:
            return ()
        case Phase.OPEN:
            return (Verb.ENTER, Verb.MINE, Verb.GALLERY)
        case Phase.VOTING:
            return (Verb.VOTE, Verb.GALLERY, Verb.MINE)
        case Phase.CLOSED:
            return (Verb.GALLERY, Verb.MINE)
        case _:
            assert_never(phase)
