"""What people read stays within Discord's limits and cannot be misused."""

import discord
import pytest
from discord.ui import LayoutView, TextDisplay

from bot.jobs.card import Cancelled, Card, CardState, Failed, Finished, Painting, Waiting
from bot.jobs.encode import Fitting, Made
from bot.jobs.picture_names import PictureNames
from bot.ui.cancel import CancelButton
from bot.ui.card_view import card_view, preview_file
from bot.ui.text import last_word
from bot.ui.text.card import card_state, thread_name
from bot.ui.text.chosen import chosen
from bot.ui.text.durations import duration, time_left
from bot.ui.text.names import plain, title
from bot.ui.words import words_for
from nst_engine.contract.events import FailureReason
from nst_engine.contract.params import Init, KeepColours, Pooling, PresetName, StylizeParams
from nst_engine.queue.jobs import ProgressReport
from tests.fake_engine import summary

SAY = words_for("en-US")
LONG = "a" * 300 + ".png"
REPORT = ProgressReport(step=37, steps=100, steps_per_second=8.04, seconds_left=83.0, preview=b"jpg", preview_number=4)
STOPPING = Painting(report=REPORT, stopping=True)
FITTING = Fitting(made=Made.SMALLER_ANIMATION, original="WebP", size=(2000, 2000), limit_bytes=10 * 2**20)
STATES: tuple[CardState, ...] = (
    Waiting(place=1, starts_at=None, soon=True, engine_running=True, again=False),
    Waiting(place=1, starts_at=None, soon=False, engine_running=True, again=False),
    Waiting(place=12, starts_at=1_800_000_000, soon=False, engine_running=True, again=True),
    Waiting(place=12, starts_at=None, soon=False, engine_running=True, again=False),
    Waiting(place=1, starts_at=None, soon=False, engine_running=False, again=False),
    Painting(report=None, stopping=False),
    Painting(report=REPORT, stopping=False),
    STOPPING,
    Finished(summary=summary()),
    Finished(summary=None),
    Failed(reason=FailureReason.BAD_PICTURE, detail="x" * 5000),
    Cancelled(),
)


def card(state: CardState, *, name: str = "my_cat.png") -> Card:
    return Card(
        job_id="1" * 20,
        names=names(name),
        params=StylizeParams(),
        requester_id=10**19,
        state=state,
        locale="en-US",
        spoiler=False,
    )


def names(name: str) -> PictureNames:
    return PictureNames(content=name, styles=(name,))


@pytest.mark.parametrize("state", STATES)
async def test_a_card_stays_within_discords_limits(state: CardState) -> None:
    view = card_view(card(state, name=LONG))
    items = list(view.walk_children())
    assert len(items) <= 40
    assert sum(len(item.content) for item in items if isinstance(item, TextDisplay)) <= 4000
    assert view.timeout is None


@pytest.mark.parametrize("state", STATES)
async def test_every_button_of_a_card_is_dynamic_so_that_no_view_unregisters_it(state: CardState) -> None:
    view: LayoutView = card_view(card(state))
    assert all(isinstance(item, CancelButton) for item in view.walk_children() if item.is_dispatchable())


@pytest.mark.parametrize(
    ("state", "has_button"), [(state, isinstance(state, Waiting | Painting)) for state in STATES if state != STOPPING]
)
async def test_only_an_unfinished_card_can_be_cancelled(state: CardState, has_button: bool) -> None:
    assert any(isinstance(item, CancelButton) for item in card_view(card(state)).walk_children()) is has_button


async def test_a_card_that_is_stopping_cannot_be_cancelled_twice() -> None:
    assert not any(isinstance(item, CancelButton) for item in card_view(card(STOPPING)).walk_children())


def test_a_preview_is_a_fresh_file_with_words_for_those_who_cannot_see_it() -> None:
    painting = card(Painting(report=REPORT, stopping=False))
    first, second = preview_file(painting), preview_file(painting)
    assert first is not None
    assert first is not second
    assert first.filename == "preview-4.jpg"
    assert first.description == "The painting so far: my cat in the style of my cat"


@pytest.mark.parametrize("reason", FailureReason)
def test_every_failure_has_one_sentence(reason: FailureReason) -> None:
    sentence = last_word.failure(reason, "", SAY)
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_bad_picture_is_explained_in_the_engines_words() -> None:
    assert (
        last_word.failure(FailureReason.BAD_PICTURE, "The style picture is 3×3 pixels.", SAY)
        == "The style picture is 3×3 pixels."
    )


@pytest.mark.parametrize("name", ["@everyone <@1> **x** [a](http://b).png", "`_~|>#.png"])
def test_a_file_name_can_neither_mention_nor_format(name: str) -> None:
    starter = last_word.starter(names(name), SAY)
    assert "<@1>" not in starter
    assert "@everyone" not in starter.replace("\\@", "")
    assert "**x**" not in starter
    assert "](http" not in starter


@pytest.mark.parametrize("name", [LONG, "", ".png", "  ", "a\nb.png"])
def test_names_of_any_kind_make_a_thread_name_that_discord_takes(name: str) -> None:
    thread = thread_name(names(name), SAY)
    assert 1 <= len(thread) <= 100
    assert "\n" not in thread


def test_long_names_fit_into_every_message() -> None:
    long = PictureNames(content=LONG, styles=(LONG,) * 4)
    result = last_word.result(
        user_id=10**19, names=long, params=StylizeParams(), summary=summary(), fitting=FITTING, say=SAY
    )
    why = last_word.failure(FailureReason.BAD_PICTURE, "x" * 9000, SAY)
    failed = last_word.failed(user_id=10**19, names=long, sentence=why, job_id="1", say=SAY)
    assert max(len(result), len(failed)) <= 2000
    assert len(last_word.result_alt_text(long, SAY)) <= 1024


@pytest.mark.parametrize(
    ("made", "limit", "sentence"),
    [
        (
            Made.LOSSLESS_WEBP,
            10 * 2**20,
            "Posted as lossless WebP, because the PNG is larger than Discord allows here (10 MiB).",
        ),
        (Made.JPEG, 2**19, "Posted as JPEG, because the PNG is larger than Discord allows here (512 KiB)."),
        (
            Made.SMALLER_ANIMATION,
            2**20,
            "Posted with less detail and smaller (300 × 200 pixels), because the PNG is larger than Discord allows "
            "here (1 MiB).",
        ),
    ],
)
def test_what_was_done_to_a_picture_that_was_too_large_is_said(made: Made, limit: int, sentence: str) -> None:
    fitting = Fitting(made=made, original="PNG", size=(300, 200), limit_bytes=limit)
    assert last_word.posted(fitting, SAY) == sentence


def test_the_small_print_of_a_result_tells_all_that_is_needed_to_ask_for_it_again() -> None:
    usual = chosen(StylizeParams(), SAY)
    assert usual == ["default preset", "strength 50"]
    unusual = StylizeParams(
        preset=PresetName.PAPER,
        strength=65,
        size=768,
        seed=7,
        keep_colours=KeepColours.LUMINANCE,
        style_scale=1.25,
        style_weights=(2.0, 0.5),
        steps=90,
        tv=3.0,
        init=Init.NOISE,
        pooling=Pooling.MAX,
        content_layers=(("conv4_2", 1.0),),
    )
    assert " · ".join(chosen(unusual, SAY)) == (
        "paper preset · strength 65 · seed 7 · own colours · stroke size 1.25 · weights 2 : 0.5 · "
        "90 steps asked for · smoothness 3 · starts from noise · max pooling · own choice of layers"
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (41.4, "41 s"), (60, "1 min"), (200, "3 min 20 s"), (3900, "1 h 5 min")],
)
def test_times_that_have_passed_read_well(seconds: float, words: str) -> None:
    assert duration(seconds, SAY) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3, "a few seconds left"),
        (42, "about 40 s left"),
        (200, "about 3 min left"),
        (7200, "about 2.0 h left"),
    ],
)
def test_times_to_come_are_no_finer_than_a_guess(seconds: float, words: str) -> None:
    assert time_left(seconds, SAY) == words


async def test_a_slow_engine_is_told_in_seconds_per_step() -> None:
    slow = ProgressReport(step=1, steps=100, steps_per_second=0.2, seconds_left=495.0)
    assert card_state(card(Painting(report=slow, stopping=False)), SAY).endswith("step 1 of 100 · 5.0 s per step")


async def test_the_bar_grows_with_the_steps() -> None:
    line = card_state(card(Painting(report=REPORT, stopping=False)), SAY).splitlines()
    assert line[1] == "▰▰▰▰▰▰▰▱▱▱▱▱▱▱▱▱▱▱▱▱ 37 %"
    assert line[2] == "step 37 of 100 · 8.0 steps per second"


def test_a_colour_is_never_the_only_sign() -> None:
    assert len({card_state(card(state), SAY).split("\n")[0] for state in STATES}) >= 8
    assert isinstance(discord.Colour.red(), discord.Colour)


@pytest.mark.parametrize("name", ["Mr. Smith", "AC/DC", "No. 5"])
def test_the_names_of_members_and_styles_are_shown_whole(name: str) -> None:
    assert title(name, words_for("en-US")) == name


def test_a_name_cannot_turn_around_what_is_written_after_it() -> None:
    """After a right-to-left override 12 hearts would read as 21."""
    assert plain("\u202eada\u202c \u2067x\u2069") == "ada x"
    assert plain("\u202e") == ""
    assert plain("שלום") == "שלום"
