"""Where a picture goes is decided by what Discord says about the place that it was asked for in."""

import pytest

from bot.jobs.whereabouts import (
    PERMISSIONS_THAT_MATTER,
    Locked,
    NoWay,
    Place,
    PlaceKind,
    Plan,
    Way,
    fits_the_token,
    plan,
)

ALL = frozenset(PERMISSIONS_THAT_MATTER) - {"manage_threads"}


def at(kind: PlaceKind, *lacking: str, locked: bool = False) -> Place:
    return Place(kind=kind, granted=ALL - set(lacking), locked=locked)


@pytest.mark.parametrize(
    ("place", "planned"),
    [
        (at(PlaceKind.CHANNEL), Plan(way=Way.PLACE, thread=True)),
        (at(PlaceKind.TALK), Plan(way=Way.PLACE)),
        (at(PlaceKind.THREAD), Plan(way=Way.PLACE)),
        (at(PlaceKind.ELSEWHERE), Plan(way=Way.ANSWER)),
        (Place(kind=PlaceKind.DIRECT), Plan(way=Way.PLACE)),
        (at(PlaceKind.THREAD, "send_messages"), Plan(way=Way.PLACE)),
        (at(PlaceKind.TALK, "create_public_threads", "send_messages_in_threads"), Plan(way=Way.PLACE)),
        (at(PlaceKind.ELSEWHERE, "send_messages", "view_channel"), Plan(way=Way.ANSWER)),
        (at(PlaceKind.CHANNEL, "create_public_threads"), Plan(way=Way.PLACE, missing=("create_public_threads",))),
        (at(PlaceKind.CHANNEL, "send_messages_in_threads"), Plan(way=Way.PLACE, missing=("send_messages_in_threads",))),
        (at(PlaceKind.CHANNEL, "send_messages"), Plan(way=Way.ANSWER, missing=("send_messages",))),
        (at(PlaceKind.TALK, "view_channel"), Plan(way=Way.ANSWER, missing=("view_channel",))),
        (at(PlaceKind.THREAD, "send_messages_in_threads"), Plan(way=Way.ANSWER, missing=("send_messages_in_threads",))),
        (at(PlaceKind.ELSEWHERE, "attach_files"), Plan(way=Way.DIRECT, missing=("attach_files",))),
        (
            at(PlaceKind.CHANNEL, "attach_files", "send_messages"),
            Plan(way=Way.DIRECT, missing=("send_messages", "attach_files")),
        ),
    ],
)
def test_each_place_has_its_way(place: Place, planned: Plan) -> None:
    assert plan(place, private=False) == planned


@pytest.mark.parametrize("kind", set(PlaceKind) - {PlaceKind.DIRECT})
def test_what_is_private_goes_into_direct_messages_from_everywhere(kind: PlaceKind) -> None:
    assert plan(at(kind, "attach_files"), private=True) == Plan(way=Way.DIRECT)


def test_direct_messages_are_private_as_they_are() -> None:
    assert plan(Place(kind=PlaceKind.DIRECT), private=True) == Plan(way=Way.PLACE)


def test_a_locked_thread_is_left_alone() -> None:
    with pytest.raises(NoWay) as caught:
        plan(at(PlaceKind.THREAD, locked=True), private=False)
    assert caught.value.obstacle == Locked()


def test_a_locked_thread_is_open_to_a_bot_that_manages_threads() -> None:
    place = Place(kind=PlaceKind.THREAD, granted=ALL | {"manage_threads"}, locked=True)
    assert plan(place, private=False) == Plan(way=Way.PLACE)


def test_from_a_locked_thread_a_private_picture_may_be_asked_for() -> None:
    assert plan(at(PlaceKind.THREAD, locked=True), private=True) == Plan(way=Way.DIRECT)


@pytest.mark.parametrize(("seconds", "fits"), [(0.0, True), (450.0, True), (451.0, False), (None, False)])
def test_half_the_time_of_a_token_is_left_for_wrong_estimates(seconds: float | None, fits: bool) -> None:
    assert fits_the_token(seconds) is fits
