"""What `/config` offers while somebody types: settings, and values of a setting. What is offered can always be set."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.settings.catalogue import SETTINGS, Kind, Setting
from bot.settings.in_force import InForce, value_in_force
from bot.settings.typed import NONE, Around
from bot.ui.text import config as text
from bot.ui.text.names import cut
from bot.ui.text.settings import DESCRIPTIONS, choice, name, nothing
from bot.ui.words import Words

MOST_CHOICES = 25
LONGEST_CHOICE = 100
PICTURES_A_DAY = (3, 5, 10, 20, 50, 100)
STRENGTHS = (25, 40, 50, 60, 75)
SIZES_PX = (256, 384, 512, 768, 1024, 1536, 2048, 4096, 8192)
OPEN_PICTURES = (1, 2, 3, 5, 10)
STEPS = (20, 37, 60, 100, 200, 300, 500, 1000, 2000)
LAYERS_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "content_layers": ("conv4_2 1", "conv3_2 1", "conv5_2 1", "conv3_2 1, conv4_2 1"),
        "style_layers": (
            "conv1_1 1, conv2_1 1, conv3_1 1, conv4_1 1, conv5_1 1",
            "conv1_1 1, conv2_1 1, conv3_1 1",
            "conv3_1 1, conv4_1 1, conv5_1 1",
        ),
    }
)
COOLDOWNS = ("none", "30 s", "1 min", "5 min", "15 min", "1 h")


@dataclass(frozen=True, slots=True)
class Offer:
    """What is shown, and what is sent when it is chosen."""

    label: str
    value: str


def offered_settings(typed: str, say: Words) -> list[Offer]:
    offers = (Offer(f"{name(setting, say)} – {say(DESCRIPTIONS[setting.name])}", setting.name) for setting in SETTINGS)
    return _matching(offers, typed)


def offered_resets(typed: str, in_force: InForce, say: Words) -> list[Offer]:
    """Only what the server has set."""
    own = (Offer(name(setting, say), setting.name) for setting in SETTINGS if in_force.is_own(setting.name))
    return _matching([*own, Offer(say(text.EVERYTHING), text.ALL)], typed)


def offered_values(setting: Setting, typed: str, in_force: InForce, around: Around, say: Words) -> list[Offer]:
    empty = [Offer(nothing(setting, say), NONE)] if setting.may_be_empty else []
    if setting.kind is Kind.ROLE_QUOTAS:
        return _matching([*_quotas(typed, around, say), *empty], re.sub(r"[\d\s:]+$", "", typed))
    return _matching([*_values(setting, in_force, around, say), *empty], typed)


def _values(setting: Setting, in_force: InForce, around: Around, say: Words) -> Iterator[Offer]:
    match setting.kind:
        case Kind.CHOICE | Kind.SWITCH:
            yield from (Offer(choice(setting, one, say), one) for one in setting.choices)
        case Kind.LAYERS:
            yield from (Offer(one, one) for one in LAYERS_OF[setting.name])
        case Kind.CHANNEL:
            yield from (Offer(f"#{called}", f"<#{known}>") for known, called in around.channels.items())
        case Kind.CHANNELS:
            yield from _changes(
                setting, in_force, {known: f"#{called}" for known, called in around.channels.items()}, say
            )
        case Kind.ROLES:
            yield from _changes(setting, in_force, {known: f"@{called}" for known, called in around.roles.items()}, say)
        case Kind.SECONDS:
            yield from (Offer(one, one) for one in COOLDOWNS)
        case _:
            numbers = (number for number in _usual(setting) if setting.least <= number <= around.most)
            yield from (Offer(str(number), str(number)) for number in numbers)


def _usual(setting: Setting) -> Iterable[int]:
    match setting.name:
        case "default_size_px" | "max_size_px":
            return SIZES_PX
        case "default_strength":
            return STRENGTHS
        case "default_steps":
            return STEPS
        case "max_open_jobs_per_member":
            return OPEN_PICTURES
        case _:
            return PICTURES_A_DAY


def _changes(setting: Setting, in_force: InForce, known: dict[int, str], say: Words) -> Iterator[Offer]:
    """One to put into the list or to take out of it."""
    listed = value_in_force(in_force, setting.name)
    ids = [int(str(one)) for one in listed] if isinstance(listed, list) else []
    for one in ids:
        yield Offer(text.take_out(known.get(one, str(one)), say), f"-{one}")
    for one, called in known.items():
        if one not in ids:
            yield Offer(text.add(called, say), f"+{one}")


def _quotas(typed: str, around: Around, say: Words) -> Iterator[Offer]:
    number = re.search(r"(\d{1,5})$", typed.strip())
    quotas = (int(number[1]),) if number else (10, None)
    listed = around.current if isinstance(around.current, dict) else {}
    for known in listed:
        called = around.roles.get(int(known), known)
        yield Offer(text.take_out(f"@{called}", say), f"-{known}")
    for role_id, called in around.roles.items():
        for quota in quotas:
            value = "no limit" if quota is None else str(quota)
            yield Offer(text.quota_choice(f"@{called}", quota, say), f"{role_id} {value}")


def _matching(offers: Iterable[Offer], typed: str) -> list[Offer]:
    """Those that have all of the typed words in them."""
    words = typed.casefold().split()
    found = [
        Offer(cut(offer.label, LONGEST_CHOICE), offer.value)
        for offer in offers
        if all(word in f"{offer.label} {offer.value}".casefold() for word in words)
    ]
    return found[:MOST_CHOICES]
