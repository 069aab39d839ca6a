"""Discord's rules for message components, and the addresses of the files that they show. Pure."""

from collections import Counter
from typing import Any

from tests.loopback_discord.refusals import bad_form
from tests.loopback_discord.values import Json, StoredFile, every_component

BUTTON, TEXT_DISPLAY = 2, 10
ACTION_ROW = 1
MAX_ROWS = 5
MAX_COMPONENTS = 40
MAX_TEXT = 4000
MAX_CUSTOM_ID = 100
MAX_LABEL = 80
ATTACHMENT_SCHEME = "attachment://"


def check_components(components: tuple[Json, ...], *, v2: bool) -> None:
    """Raise Refused where Discord would."""
    everything = every_component(components)
    if v2:
        _check_v2(everything)
    else:
        _check_v1(components)
    buttons = [part for part in everything if part["type"] == BUTTON]
    for button in buttons:
        _check_button(button)
    twice = [one for one, times in Counter(button.get("custom_id") for button in buttons).items() if one and times > 1]
    if twice:
        raise bad_form("components", f"Component custom id cannot be duplicated: {twice[0]}")


def with_files(components: tuple[Json, ...], files: dict[str, tuple[StoredFile, str]]) -> tuple[Json, ...]:
    """The components with `attachment://name` replaced by the file's address. `files` is by name: file and address."""
    return tuple(_with_files(component, files) for component in components)


def _with_files(value: Any, files: dict[str, tuple[StoredFile, str]]) -> Any:
    match value:
        case list():
            return [_with_files(one, files) for one in value]
        case {"url": str(url), **rest} if url.startswith(ATTACHMENT_SCHEME):
            name = url.removeprefix(ATTACHMENT_SCHEME)
            if name not in files:
                raise bad_form("components", f"{url}: the message has only the files {sorted(files)}")
            file, address = files[name]
            return {**rest, "url": address, "proxy_url": address, "attachment_id": str(file.id)}
        case dict():
            return {key: _with_files(one, files) for key, one in value.items()}
        case _:
            return value


def _check_v2(everything: list[Json]) -> None:
    if len(everything) > MAX_COMPONENTS:
        raise bad_form("components", f"has {len(everything)} components; at most {MAX_COMPONENTS}")
    text = sum(len(part["content"]) for part in everything if part["type"] == TEXT_DISPLAY)
    if text > MAX_TEXT:
        raise bad_form("components", f"displays {text} characters; at most {MAX_TEXT}")
    if any(part["type"] == TEXT_DISPLAY and not part["content"] for part in everything):
        raise bad_form("components", "a text display is empty")


def _check_v1(components: tuple[Json, ...]) -> None:
    if len(components) > MAX_ROWS or any(part["type"] != ACTION_ROW for part in components):
        raise bad_form("components", f"without IS_COMPONENTS_V2 there are at most {MAX_ROWS} rows and nothing else")


def _check_button(button: Json) -> None:
    if ("custom_id" in button) == ("url" in button):
        raise bad_form("components", "a button has either a custom_id or a url")
    if not 1 <= len(button.get("custom_id") or button.get("url") or "") <= 512:
        raise bad_form("components", "the button leads nowhere")
    if len(button.get("custom_id", "")) > MAX_CUSTOM_ID:
        raise bad_form("components", f"custom_id: Must be between 1 and {MAX_CUSTOM_ID} in length.")
    if len(button.get("label") or "") > MAX_LABEL or not (button.get("label") or button.get("emoji")):
        raise bad_form("components", f"label: Must be between 1 and {MAX_LABEL} in length.")
