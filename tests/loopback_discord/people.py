"""What a person's Discord client makes of a command or a click: the `data` of an interaction, or ValueError."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.loopback_discord.values import Json, Message, StoredFile, Upload, every_component

Value = Upload | str | int | float | bool
STRING, INTEGER, BOOLEAN, NUMBER, ATTACHMENT = 3, 4, 5, 10, 11
_PYTHON_TYPES: Mapping[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    NUMBER: (int, float),
    ATTACHMENT: (Upload,),
}
BUTTON = 2


def slash_data(command: Json, options: Mapping[str, Value], store: Callable[[Upload], StoredFile]) -> Json:
    """The data of a slash command. Like Discord's client, it lets nobody send what the command does not declare."""
    declared = {option["name"]: option for option in command.get("options", ())}
    if strangers := sorted(options.keys() - declared.keys()):
        raise ValueError(f"/{command['name']} has no option {strangers}; it has {sorted(declared)}")
    if missing := [name for name, option in declared.items() if option.get("required") and name not in options]:
        raise ValueError(f"/{command['name']} needs {missing}")
    files: list[StoredFile] = []
    chosen = [_chosen(declared[name], value, store, files) for name, value in options.items()]
    data: Json = {"id": command["id"], "name": command["name"], "type": 1, "options": chosen}
    return {**data, "resolved": {"attachments": {str(file.id): file for file in files}}} if files else data


def _chosen(option: Json, value: Value, store: Callable[[Upload], StoredFile], files: list[StoredFile]) -> Json:
    kind = option["type"]
    if kind not in _PYTHON_TYPES or type(value) not in _PYTHON_TYPES[kind]:
        raise ValueError(f"option {option['name']} is of type {kind}; {value!r} is not")
    _check_choice(option, value)
    sent: Any = value
    if isinstance(value, Upload):
        files.append(store(value))
        sent = str(files[-1].id)
    return {"name": option["name"], "type": kind, "value": sent}


def _check_choice(option: Json, value: Value) -> None:
    choices = [choice["value"] for choice in option.get("choices") or ()]
    if choices and value not in choices:
        raise ValueError(f"option {option['name']} is one of {choices}; {value!r} is not")
    if isinstance(value, int | float):
        low, high = option.get("min_value", value), option.get("max_value", value)
        if not low <= value <= high:
            raise ValueError(f"option {option['name']} goes from {low} to {high}; {value} does not")


def button_data(message: Message, custom_id: str) -> Json:
    """The data of a click on the button with this id."""
    buttons = [part for part in every_component(message.body.components) if part["type"] == BUTTON]
    for button in buttons:
        if button.get("custom_id") == custom_id:
            if button.get("disabled"):
                raise ValueError(f"the button {custom_id} is disabled")
            return {"custom_id": custom_id, "component_type": BUTTON}
    raise ValueError(f"no button {custom_id}; there are {[button.get('custom_id') for button in buttons]}")
