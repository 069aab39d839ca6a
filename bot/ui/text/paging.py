"""What stands on lists that are shown a page at a time."""

from bot.ui.words import Words, later

PREVIOUS = later("Previous")
NEXT = later("Next")


def place(page: int, pages: int, say: Words) -> str:
    """Pages count from 1."""
    return say("page {page} of {pages}", page=page, pages=pages)


def counted(count: str, page: int, pages: int, say: Words) -> str:
    """How many there are in all, and the page where there are several."""
    return count if pages == 1 else f"{count} · {place(page, pages, say)}"
