"""What the bot's own tables refuse.

StyleRefused
├── NameUnusable     no name, or one that is too long
├── NameTaken        a style of that name is in the library already
├── LibraryFull      no more styles of a server's own
└── NoSuchStyle      no style of that name is in the library
"""


class StyleRefused(Exception):
    """Base of what a style library refuses."""


class NameUnusable(StyleRefused):
    """No name at all, or one of more letters than `limit`."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(f"a name of {length} letters; it takes 1 to {limit}")
        self.length = length
        self.limit = limit


class NameTaken(StyleRefused):
    """A style of that name is in the library already; `name` is as it is written there."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is a style {name!r} already")
        self.name = name


class LibraryFull(StyleRefused):
    """A server has as many styles of its own as it may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} styles, which is the most")
        self.limit = limit


class NoSuchStyle(StyleRefused):
    """No style of that name is in the library, or none where it was looked for."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no style {name!r}")
        self.name = name


StyleRefusal = NameUnusable | NameTaken | LibraryFull | NoSuchStyle
