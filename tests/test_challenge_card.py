"""The card of a challenge: every phase, and words that would break it."""

from dataclasses import replace
from typing import Any

import discord
import pytest

from bot.challenges.values import Challenge, ChallengeStyle, Counts, Phase, Placed, Schedule, Terms, VotingMode
from bot.ui.challenges import messages
from bot.ui.challenges.card import card_view, style_file_name
from bot.ui.text.challenges.lengths import length
from bot.ui.words import words_for
from tests.challenge_samples import entry_numbered

SAY = words_for("en-US")
COUNTS = Counts(entries=12, waiting=2, authors=9, voters=30)
LONGEST = 4000
"""Characters that Discord takes in all texts of a message."""
DAY = 24 * 3600.0


def challenge_in(phase: Phase, *, title: str = "Waves", confirmed: bool = True, **terms: Any) -> Challenge:
    schedule = Schedule(
        phase=phase,
        confirmed=confirmed,
        opens_at=1_000_000.0,
        entries_end_at=1_000_000.0 + DAY,
        voting_ends_at=1_000_000.0 + 2 * DAY,
        voting_seconds=DAY,
    )
    return Challenge(
        id=5,
        tenant_id="1",
        title=title,
        terms=Terms.model_validate({"voting_seconds": DAY, "styles": styles(1)} | terms),
        schedule=schedule,
        channel_id=7,
        place_id=7,
        announcement_id=8,
        created_by="1",
        created_at=1_000_000.0,
        end_reason="",
        series_id=None,
        number=None,
    )


def styles(count: int, name: str = "Great Wave") -> tuple[ChallengeStyle, ...]:
    return tuple(ChallengeStyle(name=name, blob="a", thumbnail_blob="b", width=640, height=480) for _ in range(count))


def card(challenge: Challenge, counts: Counts = COUNTS, **options: Any) -> discord.ui.LayoutView:
    files = frozenset(style_file_name(number) for number in range(1, len(challenge.terms.styles) + 1))
    return card_view(challenge, counts, files, SAY, **options)


def text(view: discord.ui.LayoutView) -> str:
    return "\n".join(item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay))


def labels(view: discord.ui.LayoutView) -> list[str]:
    return [str(item.item.label) for item in view.walk_children() if isinstance(item, discord.ui.DynamicItem)]


@pytest.mark.parametrize(
    ("phase", "buttons", "said"),
    [
        (Phase.DRAFT, [], "**Opens** <t:1000000:F>, <t:1000000:R>; entries until <t:1086400:F>."),
        (Phase.OPEN, ["Enter", "My entry", "Gallery"], "**Open for entries** until <t:1086400:F>, <t:1086400:R>."),
        (Phase.VOTING, ["Vote", "Gallery", "My entry"], "**Open for votes** until <t:1172800:F>, <t:1172800:R>."),
        (Phase.CLOSED, ["Gallery", "My entry"], "**This challenge is over.**"),
        (Phase.CANCELLED, [], "**Cancelled.**"),
    ],
)
def test_each_phase_has_its_buttons_and_its_end(phase: Phase, buttons: list[str], said: str) -> None:
    view = card(challenge_in(phase))
    assert labels(view) == buttons
    assert said in text(view)
    assert labels(card(challenge_in(phase), with_buttons=False)) == []


def test_who_has_voted_is_counted_only_while_there_is_a_vote() -> None:
    open_, voting = (text(card(challenge_in(phase))) for phase in (Phase.OPEN, Phase.VOTING))
    assert "**12 entries** by 9 members · 2 wait for approval\n" in open_
    assert "30 members have voted" not in open_
    assert "30 members have voted" in voting
    assert "wait for approval" not in text(card(challenge_in(Phase.CLOSED)))
    assert "Bring a photo" in open_
    assert "Bring a photo" not in voting


def test_a_draft_that_opens_at_once_says_so() -> None:
    assert "as soon as it is announced" in text(card(challenge_in(Phase.DRAFT, confirmed=False)))


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"styles": ()}, "- Free theme: bring a photo"),
        ({"styles": styles(2)}, "in the style of **Great Wave** and **Great Wave**."),
        ({"entries_per_member": 3}, "- Up to 3 entries per member."),
        ({"needs_approval": True}, "- A moderator looks at each entry"),
        ({"hearts": 3}, "- Voting lasts 1 day: each member has 3 hearts to give."),
        ({"mode": VotingMode.DUELS}, "- Voting in duels lasts 1 day"),
        ({"enter_role_ids": (1, 2)}, "- Members with <@&1> or <@&2> can enter.\n"),
        ({"enter_role_ids": (1,), "vote_role_ids": (1,)}, "- Members with <@&1> can enter and vote.\n"),
        ({"vote_role_ids": (1,)}, "- Members with <@&1> can vote.\n"),
        ({"member_for_seconds": 7 * DAY}, "Members who have been here for 7 days can enter and vote."),
    ],
)
def test_the_rules_say_what_was_laid_down(terms: dict[str, Any], said: str) -> None:
    assert said in text(card(challenge_in(Phase.OPEN, **terms)))


@pytest.mark.parametrize("letter", ["*", "葛", "🎨", "<", "\n", "\u202e"])
def test_the_longest_words_of_a_moderator_fit_in_every_phase(letter: str) -> None:
    for phase in Phase:
        challenge = challenge_in(
            phase,
            title=letter * 80,
            description=(letter * 3 + "\n") * 150,
            styles=styles(4, letter * 32),
            enter_role_ids=tuple(range(10**18, 10**18 + 10)),
            vote_role_ids=tuple(range(10**18, 10**18 + 11)),
            member_for_seconds=DAY,
            needs_approval=True,
        )
        said = text(card(replace(challenge, number=3, end_reason=letter * 300)))
        assert len(said.encode("utf-16-le")) // 2 <= LONGEST


def test_what_a_moderator_writes_calls_nobody_and_forms_nothing() -> None:
    view = card(challenge_in(Phase.OPEN, title="# <@1> @everyone", description="-# a\n\n\n# b\n[c](https://d.e)\n> f"))
    assert text(view).startswith("## \\# \\<\\@1\\> \\@everyone\n-\\# a\n\\# b\n\\[c\\]\\(https\\://d.e\\)\n\\> f\n")


def placed(number: int, place: int, votes: int, name: str | None = None) -> Placed:
    return Placed(
        entry=entry_numbered(number, name=name),
        place=place,
        votes=votes,
        duels=20,
        score=71.4,
        low=63.0,
        high=79.0,
    )


def result(ranking: list[Placed], **terms: Any) -> messages.Message:
    return messages.result(challenge_in(Phase.CLOSED, **terms), COUNTS, ranking, None, SAY)


def calls(message: messages.Message) -> dict[str, Any]:
    """As Discord is told."""
    return dict(discord.AllowedMentions.none().merge(message.mentions).to_dict())


def test_winners_of_a_tie_are_all_congratulated_and_nobody_else_is_called() -> None:
    message = result([placed(1, 1, 5), placed(2, 1, 5), placed(3, 3, 1)])
    assert "Congratulations, <@1001> and <@1002>!" in text(message.view)
    assert "🥇 **Member 2** · 5 hearts\n🥉 **Member 3** · 1 heart" in text(message.view)
    assert calls(message) == {"parse": [], "users": [1001, 1002]}


def test_duels_are_told_with_their_uncertainty() -> None:
    said = text(result([placed(1, 1, 14), placed(2, 2, 6)], mode=VotingMode.DUELS).view)
    assert "🥇 **Member 1** · 71 % (63 to 79 %) · won 14 of 20 duels" in said
    assert "The percentage is the chance to win a duel" in said


def test_where_nobody_voted_nobody_has_won() -> None:
    said = text(result([placed(1, 1, 0), placed(2, 1, 0)]).view)
    assert "Nobody voted, so nobody won." in said
    assert "**1.** Member 1 · 0 hearts" in said


def test_a_hundred_entries_with_names_that_fight_back_fit() -> None:
    message = result([placed(n, 1, 3, name="*_~|<@1>🎨"[:9] * 7) for n in range(1, 101)])
    assert len(text(message.view).encode("utf-16-le")) // 2 <= LONGEST
    assert "… and 90 more entries" in text(message.view)
    assert calls(message)["users"] == []


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(60, "1 minute"), (5400, "1 hour and 30 minutes"), (7 * DAY, "7 days"), (DAY + 3600, "1 day and 1 hour")],
)
def test_a_length_is_said_no_finer_than_it_is_worth(seconds: float, said: str) -> None:
    assert length(seconds, SAY) == said
