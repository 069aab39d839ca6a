"""`python -m tests.screenshots`: takes every picture of the bot anew and writes them to docs/images."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from nst_engine.errors import EngineError
from tests.screenshots import challenge
from tests.screenshots.browser import NoBrowser, open_browser
from tests.screenshots.painting import painted, photograph, pretended
from tests.screenshots.pictures import small_png
from tests.screenshots.scenes import shots
from tests.screenshots.stage import open_stage


def main() -> int:
    """0 when every picture was written, 1 where one could not be made."""
    chosen = _parser().parse_args()
    try:
        asyncio.run(_take(chosen))
    except (NoBrowser, EngineError) as error:
        print(f"screenshots: {error}", file=sys.stderr)
        return 1
    return 0


async def _take(chosen: argparse.Namespace) -> None:
    """The browser comes first: nothing is painted where no picture could be taken."""
    chosen.out.mkdir(parents=True, exist_ok=True)
    async with open_browser(pixels_per_point=1 if chosen.quick else 2) as lens:
        content = photograph()
        with tempfile.TemporaryDirectory(prefix="stylize-screenshots-") as temporary:
            folder = Path(temporary)
            kept = chosen.keep or folder
            painting = pretended(content) if chosen.quick else await asyncio.to_thread(painted, content, kept)
            brought = await asyncio.to_thread(challenge.contributions, kept, quick=chosen.quick)
            async with open_stage(folder, lens, content, painting, quick=chosen.quick) as stage:
                async for name, shot in shots(stage, brought):
                    path = chosen.out / f"{name}.png"
                    path.write_bytes(data := small_png(shot))
                    print(f"wrote {path}, {len(data) // 1024} KiB", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/images"), metavar="DIR", help="where the pictures go")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the painting there, and take it from there")
    parser.add_argument("--quick", action="store_true", help="coarse, and without engine and paintings")
    return parser


if __name__ == "__main__":
    sys.exit(main())
