"""What is said about tries of settings, and about the presets that a server keeps under names."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import assert_never

from bot.jobs.trials import Progress, TrialPlan
from bot.settings.presets import MOST_VALUES, Chosen, Grid, Tunable, Value
from bot.store.presets import BadPresetName, NoSuchPreset, PresetNameTaken, TooManyPresets
from bot.ui.text.chosen import chosen as chosen_params
from bot.ui.text.chosen import in_small_print
from bot.ui.text.names import cut, escaped, plain
from bot.ui.words import Words, later
from nst_engine.contract.params import MAX_STYLE_SCALE, MIN_STYLE_SCALE, KeepColours, StylizeParams

TRY_DESCRIPTION = later("Compare settings side by side on a small picture before you save them")
PHOTO_OPTION = later("The photo to paint")
SETTING_OPTION = later("What to compare")
VALUES_OPTION = later("Up to three values with commas between; what holds now joins them if there is room")
SETTING2_OPTION = later("A second setting, for a table of both")
VALUES2_OPTION = later("Up to three values of the second setting")
STYLE_OPTION = later("The picture whose style to use; without one, a painting of the library")
LIBRARY_OPTION = later("A style of this server by name")
PRESET_GROUP_DESCRIPTION = later("The presets that this server keeps under names")
PRESET_LIST_DESCRIPTION = later("Show the presets that members can choose here")
PRESET_REMOVE_DESCRIPTION = later("Remove a preset of this server")
PRESET_NAME_OPTION = later("The name of the preset")

STOP = later("Stop")
USE = later("Use one as default…")
SAVE = later("Save as a preset…")
USE_TITLE = later("Use as default")
SAVE_TITLE = later("Save as a preset")
WHICH = later("Which picture?")
NAME_LABEL = later("Name of the preset")
NAME_HINT = later("Members choose it by this name with /stylize")
NOW_MARK = later("now")

ENDED = later("This try has ended.")
STOPPED = later("Stopped. Nothing was changed.")
STOPPING = later("I am stopping it.")
ALREADY = later("A try is under way in this server. Wait for its pictures, or stop it.")
NO_STYLE = later("There is no painting in the library here. Attach a picture as `style`.")
TWO_STYLES = later("Give either `style` or `from_library`, not both.")
SAME_TWICE = later("Choose two different settings, or leave the second one out.")
SECOND_HALF = later("To compare a second setting, give both `setting2` and `values2`.")
NOTHING_TO_COMPARE = later("There is nothing to compare: give at least one value that does not hold now.")
MISSING = later("not painted")
NOT_PAINTED = later("None of the pictures could be painted. Nothing was changed.")
NO_ENGINE = later("No engine is running at the moment. I go on as soon as one does.")
UNDER_WAY = later("Members' pictures go first. These come here, or after 15 minutes as a direct message.")
UNTIL_CHOSEN = later("Nothing is changed until you choose one.")
NOT_THERE = later("This picture is not there any more.")
NO_PRESETS = later("This server has no presets of its own yet. {try_} makes one.")
UNREADABLE = later("made by another version of this bot")
UNKNOWN_STYLE_ONE = later("Name one style only.")

NAMES: Mapping[Tunable, str] = MappingProxyType(
    {
        Tunable.PRESET: later("Preset"),
        Tunable.STRENGTH: later("Strength"),
        Tunable.STYLE_SCALE: later("Stroke size"),
        Tunable.KEEP_COLOURS: later("Colours"),
        Tunable.STEPS: later("Steps"),
    }
)
_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        KeepColours.NO: later("the style's"),
        KeepColours.LUMINANCE: later("the photo's own"),
        KeepColours.TRANSFER: later("the photo's palette"),
    }
)
_AS_THE_PRESET = later("as the preset has it")
LONGEST_OPTION = 100
LONGEST_QUOTE = 48


def value(tunable: Tunable, chosen: Value, say: Words) -> str:
    """Short, for a caption."""
    match tunable, chosen:
        case _, None:
            return say(_AS_THE_PRESET)
        case Tunable.KEEP_COLOURS, _:
            return say(_COLOURS[str(chosen)])
        case Tunable.STYLE_SCALE, int() | float():
            return f"{chosen:g} ×"
        case _:
            return str(chosen)


def caption(tunable: Tunable, chosen: Value, say: Words) -> str:
    return say("{setting}: {value}", setting=say(NAMES[tunable]), value=value(tunable, chosen, say))


def cell(number: int, chosen: Chosen, say: Words, *, is_current: bool) -> str:
    """One picture of a table as an option of a list; the numbers stand in the pictures' corners."""
    captions = ", ".join(caption(tunable, held, say) for tunable, held in chosen.items())
    if is_current:
        return cut(say("{n}. {settings} (now)", n=number, settings=captions), LONGEST_OPTION)
    return cut(say("{n}. {settings}", n=number, settings=captions), LONGEST_OPTION)


def compared(grid: Grid, say: Words) -> str:
    """What a try is about."""
    columns = say(NAMES[grid.columns.tunable])
    if grid.rows is None:
        return columns
    return say("{columns} and {rows}", columns=columns, rows=say(NAMES[grid.rows.tunable]))


def progress(plan: TrialPlan, now: Progress, say: Words) -> str:
    """While it is painted."""
    lines = [
        say("**{settings}**, side by side", settings=compared(plan.grid, say)),
        say("{painted} of {total} painted", painted=now.painted, total=now.total),
    ]
    if now.failed:
        lines[1] += say.count(" · {n} failed", " · {n} failed", now.failed)
    if not now.has_engine:
        lines.append(f"-# {say(NO_ENGINE)}")
    else:
        lines.append(f"-# {say(UNDER_WAY)}")
    return "\n".join(lines)


def sheet(plan: TrialPlan, failed: int, say: Words) -> str:
    """With the pictures."""
    lines = [say("**{settings}**, side by side", settings=compared(plan.grid, say))]
    if plan.current is not None:
        lines.append(say("Number {n} is what holds now.", n=plan.current + 1))
    if failed:
        lines.append(say.count("{n} picture could not be painted.", "{n} pictures could not be painted.", failed))
    lines.append(f"-# {say(UNTIL_CHOSEN)}")
    return "\n".join(lines)


def sheet_alt_text(grid: Grid, say: Words) -> str:
    return say("Small pictures to compare: {settings}", settings=compared(grid, say))


def too_many(tunable: Tunable, say: Words) -> str:
    return say("**{setting}**: give at most {n} values.", setting=say(NAMES[tunable]), n=MOST_VALUES)


def no_scale(say: Words) -> str:
    return say(
        "**{setting}**: write numbers from {least} to {most}, such as `0.5, 1, 2`.",
        setting=say(NAMES[Tunable.STYLE_SCALE]),
        least=say.number(MIN_STYLE_SCALE, 2),
        most=say.number(MAX_STYLE_SCALE),
    )


def unknown_setting(typed: str, say: Words) -> str:
    allowed = say.either([f"`{one}`" for one in Tunable])
    quoted = escaped(cut(plain(typed), LONGEST_QUOTE))
    return say("**{typed}** cannot be compared. Choose {settings}.", typed=quoted, settings=allowed)


def only_in_presets(say: Words) -> str:
    """The size of the strokes is no setting of a server."""
    return say(
        "**{setting}** cannot be a default: save the picture as a preset to keep it.",
        setting=say(NAMES[Tunable.STYLE_SCALE]),
    )


def saved(name: str, params: StylizeParams, stylize: str, say: Words) -> str:
    """`stylize` is the command, to press on."""
    told = say("Saved as **{name}**. Members choose it as `preset` of {stylize}.", name=escaped(name), stylize=stylize)
    return f"{told}\n{in_small_print(chosen_params(params, say))}"


def removed(name: str, say: Words) -> str:
    return say("The preset **{name}** is removed.", name=escaped(name))


def listed(presets: Sequence[tuple[str, StylizeParams | None]], say: Words) -> str:
    """All of a server's presets, a line each."""
    title = say.count("**{n} preset of this server**", "**{n} presets of this server**", len(presets))
    lines = [
        f"- **{escaped(name)}**: {' · '.join(chosen_params(params, say)) if params else say(UNREADABLE)}"
        for name, params in presets
    ]
    return cut("\n".join([title, *lines]), 2000)


def choice(name: str, say: Words) -> str:
    """One of a server's own among the presets to choose from."""
    return say("{name} (of this server)", name=name)


Refusal = BadPresetName | PresetNameTaken | TooManyPresets | NoSuchPreset


def refused(why: Refusal, say: Words) -> str:
    match why:
        case BadPresetName(length=0, limit=limit):
            return say("A preset needs a name, of 1 to {limit} letters.", limit=limit)
        case BadPresetName(length=length, limit=limit):
            return say("This name has {n} letters; a preset's name has at most {limit}.", n=length, limit=limit)
        case PresetNameTaken(name=name):
            return say(
                "There is a preset called **{name}** already. Choose another name, or remove that one first.",
                name=escaped(name),
            )
        case TooManyPresets(limit=limit):
            return say("This server has {limit} presets, which is the most. Remove one to make room.", limit=limit)
        case NoSuchPreset(name=name):
            return say("There is no preset **{name}** here.", name=escaped(cut(name, LONGEST_QUOTE)))
        case _:
            assert_never(why)
