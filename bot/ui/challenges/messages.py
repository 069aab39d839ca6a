"""What is posted when a challenge moves on, as components. Views and files are fresh: one that was sent is used up."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import discord
from discord.ui import ActionRow, Container, LayoutView, MediaGallery, TextDisplay

from bot.challenges.values import Challenge, Counts, Phase, Placed
from bot.ui.challenges.buttons import ChallengeButton, Verb
from bot.ui.challenges.card import card_view, colour
from bot.ui.sources import COVERED
from bot.ui.text.challenges import messages as text
from bot.ui.text.challenges.scores import about_scores
from bot.ui.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something to post."""

    view: LayoutView
    files: tuple[discord.File, ...] = ()
    mentions: discord.AllowedMentions = field(default_factory=discord.AllowedMentions.none)


@dataclass(frozen=True, slots=True, kw_only=True)
class PodiumPicture:
    """A picture file, and whether it is shown only to whoever chooses to look."""

    data: bytes
    suffix: str
    covered: bool

    @property
    def name(self) -> str:
        return f"{COVERED if self.covered else ''}podium{self.suffix}"


def announcement(
    challenge: Challenge,
    counts: Counts,
    files: Sequence[discord.File],
    say: Words,
    placed: Sequence[Placed] = (),
    *,
    calls: bool,
) -> Message:
    """The card, and above it the role that it calls, or has called before."""
    view = announcement_view(challenge, counts, frozenset(file.filename for file in files), say, placed)
    role_id = challenge.terms.ping_role_id
    roles = [discord.Object(role_id)] if calls and role_id is not None else []
    mentions = discord.AllowedMentions(everyone=False, users=False, roles=roles)
    return Message(view=view, files=tuple(files), mentions=mentions)


def announcement_view(
    challenge: Challenge, counts: Counts, files: frozenset[str], say: Words, placed: Sequence[Placed] = ()
) -> LayoutView:
    card = card_view(challenge, counts, files, say, winners=[one for one in placed if one.has_won])
    if challenge.terms.ping_role_id is None:
        return card
    view = LayoutView(timeout=None)
    view.add_item(TextDisplay(f"<@&{challenge.terms.ping_role_id}>"))
    for item in card.children:
        view.add_item(item)
    return view


def opened(challenge: Challenge, say: Words) -> Message:
    return Message(view=_view(challenge, say, [text.opened(challenge, say)], Verb.ENTER, Verb.MINE, Verb.GALLERY))


def extended(challenge: Challenge, say: Words) -> Message:
    verbs = (Verb.VOTE,) if challenge.phase is Phase.VOTING else (Verb.ENTER, Verb.MINE)
    return Message(view=_view(challenge, say, [text.extended(challenge, say)], *verbs, Verb.GALLERY))


def voting(challenge: Challenge, counts: Counts, say: Words) -> Message:
    paragraphs = [f"{text.voting_title(challenge, say)}\n{text.voting(challenge, counts, say)}"]
    return Message(view=_view(challenge, say, paragraphs, Verb.VOTE, Verb.GALLERY))


def called_off(challenge: Challenge, say: Words) -> Message:
    return Message(view=_view(challenge, say, [text.called_off(challenge, say)]))


def result(
    challenge: Challenge,
    counts: Counts,
    placed: Sequence[Placed],
    picture: PodiumPicture | None,
    say: Words,
    *,
    calls: bool = True,
) -> Message:
    """The podium, who won, and the ranking. Winners are mentioned, and nobody else; `calls`: they hear of it."""
    if not placed:
        return Message(view=_view(challenge, say, [text.nobody_entered(challenge, say)]))
    first = [one for one in placed if one.has_won]
    container = _container(
        challenge, [f"{text.result_title(challenge, say)}\n{text.congratulation(first, placed, say)}"]
    )
    if picture is not None:
        alt_text = text.podium_alt_text([one for one in placed if one.is_on_podium], say)
        item = discord.MediaGalleryItem(f"attachment://{picture.name}", description=alt_text, spoiler=picture.covered)
        container.add_item(MediaGallery(item))
    notes = [text.turnout(counts, say), about_scores(challenge.terms.mode, say)]
    lines = [text.ranking(challenge, placed, say), *(f"-# {note}" for note in notes if note)]
    container.add_item(TextDisplay("\n".join(lines)))
    container.add_item(_row(challenge, say, Verb.GALLERY, Verb.MINE))
    users = [discord.Object(int(user_id)) for user_id in text.mentioned(first)] if calls else []
    return Message(
        view=_only(container),
        files=(discord.File(io.BytesIO(picture.data), filename=picture.name),) if picture is not None else (),
        mentions=discord.AllowedMentions(everyone=False, roles=False, users=users),
    )


def letter(paragraph: str) -> Message:
    """To one member alone."""
    container: Container[LayoutView] = Container(TextDisplay(paragraph))
    return Message(view=_only(container))


def _view(challenge: Challenge, say: Words, paragraphs: Sequence[str], *verbs: Verb) -> LayoutView:
    container = _container(challenge, paragraphs)
    if verbs:
        container.add_item(_row(challenge, say, *verbs))
    return _only(container)


def _container(challenge: Challenge, paragraphs: Sequence[str]) -> Container[LayoutView]:
    container: Container[LayoutView] = Container(accent_colour=colour(challenge.phase))
    for paragraph in paragraphs:
        container.add_item(TextDisplay(paragraph))
    return container


def _row(challenge: Challenge, say: Words, *verbs: Verb) -> ActionRow[Any]:
    return ActionRow(*(ChallengeButton(challenge.id, verb, say) for verb in verbs))


def _only(container: Container[LayoutView]) -> LayoutView:
    view = LayoutView(timeout=None)
    view.add_item(container)
    return view
