"""Cards that share a channel take turns."""

from bot.jobs.pace import Pace
from bot.jobs.turns import Turns
from tests.fake_clock import FakeClock

HERE, THERE = 1, 2


def test_cards_of_one_place_are_edited_one_after_the_other() -> None:
    clock = FakeClock()
    turns = Turns(clock, Pace(between_edits_in_a_place=1.5))
    assert turns.take(HERE)
    assert not turns.take(HERE)
    assert turns.take(THERE)
    clock.advance(1.5)
    assert turns.take(HERE)


def test_a_last_word_waits_for_no_turn_and_the_next_card_waits_for_it() -> None:
    clock = FakeClock()
    turns = Turns(clock, Pace(between_edits_in_a_place=1.5))
    assert turns.take(HERE)
    clock.advance(1.0)
    turns.use(HERE)
    clock.advance(1.0)
    assert not turns.take(HERE)
    clock.advance(0.5)
    assert turns.take(HERE)
