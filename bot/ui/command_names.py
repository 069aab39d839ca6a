"""Commands as they are written in a message: to press on, where Discord's id of the command is known."""

from collections.abc import Mapping


def command(ids: Mapping[str, int], name: str) -> str:
    """`name` is all of it: "style add"."""
    command_id = ids.get(name.partition(" ")[0])
    return f"`/{name}`" if command_id is None else f"</{name}:{command_id}>"
