"""What is said about a server's style library."""

from typing import assert_never

from bot.store.errors import LibraryFull, NameTaken, NameUnusable, NoSuchStyle, StyleRefusal
from bot.store.styles import LibraryStyle
from bot.ui.text.names import LONGEST_ALT_TEXT, cut, escaped, plain
from bot.ui.text.paging import counted
from bot.ui.words import Words, later

LONGEST_MODAL_TITLE = 45
LONGEST_QUOTE = 48

STYLE_DESCRIPTION = later("The styles that this server keeps")
ADD_DESCRIPTION = later("Keep a picture as a style for everybody here")
LIST_DESCRIPTION = later("Look through the styles that there are here")
SHOW_DESCRIPTION = later("Show one style, large, to everybody in the channel")
REMOVE_DESCRIPTION = later("Take a style out of the library")
RESTORE_DESCRIPTION = later("Put back one of the bot's own styles that was taken out")
NAME_OPTION = later("What the style is called")
NEW_NAME_OPTION = later("What to call it: 1 to 32 letters")
PICTURE_OPTION = later("The picture whose style to keep: a painting, for example")

USE = later("Use this style")
PICK = later("Look at a style…")
GONE = later("This style is not in the library any more.")
NOT_ALLOWED = later("Only members who may manage this server or its emojis and stickers can change its styles.")
NOTHING_HERE = later("There are no styles here yet.")
HOW_TO_ADD = later("Members who may manage the server add them with {command}.")
HOW_TO_ADD_OWN = later("Add one with {command}.")


def list_title(server: str | None, say: Words, *, is_direct: bool) -> str:
    """`server` is None where its name is not known."""
    if is_direct:
        return f"## {say('Your styles')}"
    if server is None:
        return f"## {say('The styles of this server')}"
    return f"## {say('The styles of {server}', server=escaped(plain(server)))}"


def list_place(styles: int, page: int, pages: int, say: Words) -> str:
    """How many there are, and which of them are shown; pages count from 1."""
    count = say.count("{n} style", "{n} styles", styles)
    return counted(count, page, pages, say)


def entry(style: LibraryStyle, say: Words) -> str:
    """One of a list; nothing need be said of those that are everywhere."""
    name = f"**{escaped(style.name)}**"
    if style.added_by is None:
        return name
    return say("{name}, added by {member}", name=name, member=f"<@{style.added_by}>")


def style_title(style: LibraryStyle, say: Words) -> str:
    """Over a style that is shown alone."""
    size = say("{width} × {height} pixels", width=style.width, height=style.height)
    return f"## {escaped(style.name)}\n-# {origin(style, say)} · {size}"


def origin(style: LibraryStyle, say: Words) -> str:
    if style.added_by is None:
        return say("comes with the bot")
    return say("added by {member}", member=f"<@{style.added_by}>")


def alt_text(style: LibraryStyle, say: Words) -> str:
    return cut(say("The style {name}", name=style.name), LONGEST_ALT_TEXT)


def form_title(style: LibraryStyle, say: Words) -> str:
    return cut(say("Style: {name}", name=style.name), LONGEST_MODAL_TITLE)


def added(style: LibraryStyle, say: Words) -> str:
    return say("**{name}** is in the library now.", name=escaped(style.name))


def removed(style: LibraryStyle, restore: str, say: Words) -> str:
    """`restore` is the command that puts back what came with the bot."""
    name = escaped(style.name)
    if style.is_own:
        return say("**{name}** is no longer in the library. Pictures that were painted with it stay.", name=name)
    return say("**{name}** is no longer in the library. {command} puts it back.", name=name, command=restore)


def restored(style: LibraryStyle, say: Words) -> str:
    return say("**{name}** is in the library again.", name=escaped(style.name))


def refused(error: StyleRefusal, say: Words) -> str:
    """Why a library stays as it is, and what to do."""
    match error:
        case NameUnusable(length=0, limit=limit):
            return say("A style needs a name, of 1 to {limit} letters.", limit=limit)
        case NameUnusable(length=length, limit=limit):
            return say("This name has {n} letters; a style's name has at most {limit}.", n=length, limit=limit)
        case NameTaken(name=name):
            return say(
                "There is a style called **{name}** here already. Choose another name, or remove that one first.",
                name=escaped(name),
            )
        case LibraryFull(limit=limit):
            return say(
                "This library has {limit} styles of its own, which is the most. Remove one to make room.",
                limit=limit,
            )
        case NoSuchStyle(name=name):
            quoted = escaped(cut(plain(name), LONGEST_QUOTE))
            return say("I found no style called **{name}** here. Choose one of those that are offered.", name=quoted)
        case _:
            assert_never(error)
