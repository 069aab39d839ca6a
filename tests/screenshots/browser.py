"""Finds Chromium and keeps one open for all pictures."""

import json
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Error, Playwright, async_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLAIN_LETTERS = ("--font-render-hinting=none", "--force-color-profile=srgb", "--disable-lcd-text")
AS_IN_DISCORD = """
/* Files stand above buttons. */
:has(> .message-components + .message-attachments) { display: flex; flex-direction: column; }
.message-components:has(+ .message-attachments) { order: 1; }
/* The parts of a container stand apart, and without a colour it has no edge. */
.component-container { display: flex; flex-direction: column; gap: 8px; }
.component-container > * { margin-top: 0; margin-bottom: 0; }
.component-container:not([style*="--accent"]) { border-left: 1px solid var(--component-border); }
/* Commands stand in a sentence like words. */
.command-mention { margin: 0; padding: 0 2px !important; }
/* A form shows all of itself on a high screen, without a focus and without SimCord's own guidance. */
.modal-dialog { max-height: none; }
.modal-close:focus-visible { outline: none; }
.select-guidance { display: none; }
"""
"""Where SimCord's page looks otherwise than Discord."""
_ADOPT = """addEventListener("DOMContentLoaded", () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(%s);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
});"""


class NoBrowser(Exception):
    """There is no browser to take pictures with."""

    def __init__(self) -> None:
        super().__init__(
            "there is no browser to take pictures with: install Debian's package chromium, or run "
            f"{sys.executable} -m playwright install --with-deps chromium"
        )


class Lens:
    """What SimCord takes for its own browser: pages with more pixels, and one browser for many previews."""

    def __init__(self, browser: Browser, pixels_per_point: int) -> None:
        self._browser = browser
        self._pixels_per_point = pixels_per_point

    @property
    def version(self) -> str:
        return self._browser.version

    async def new_context(self, **options: Any) -> Any:
        context = await self._browser.new_context(**(options | {"device_scale_factor": self._pixels_per_point}))
        await context.add_init_script(_ADOPT % json.dumps(AS_IN_DISCORD))
        return context

    async def close(self) -> None:
        """A preview closes its browser; this one goes on to the next."""


@asynccontextmanager
async def open_browser(*, pixels_per_point: int) -> AsyncIterator[Lens]:
    """Playwright's own Chromium, else the machine's, else one that is fetched now. Raises NoBrowser."""
    async with async_playwright() as playwright:
        path = _found(playwright) or _fetched(playwright)
        try:
            browser = await playwright.chromium.launch(executable_path=path, args=PLAIN_LETTERS)
        except Error as error:
            raise NoBrowser from error
        try:
            yield Lens(browser, pixels_per_point)
        finally:
            await browser.close()


async def is_installed() -> bool:
    """Whether there is a browser, without fetching one."""
    async with async_playwright() as playwright:
        return _found(playwright) is not None


def _found(playwright: Playwright) -> str | None:
    own = Path(playwright.chromium.executable_path)
    candidates = (str(own) if own.is_file() else None, *(shutil.which(program) for program in PROGRAMS))
    return next((path for path in candidates if path), None)


def _fetched(playwright: Playwright) -> str:
    print("screenshots: fetching a browser with `playwright install chromium`", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    fetched = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    own = playwright.chromium.executable_path
    if fetched.returncode or not Path(own).is_file():
        raise NoBrowser
    return own
