"""`python -m bot.paintings DIR [NAME ...]`: draws the sample paintings into a folder as PNG files."""

import argparse
from pathlib import Path

from bot.paintings.gallery import GALLERY, painting_named


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.paintings", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help="which ones; all of them if none is named")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    known = [painting.name for painting in GALLERY]
    unknown = sorted(set(arguments.names) - set(known))
    if unknown:
        parser.error(f"no painting is called {', '.join(unknown)}; there are {', '.join(known)}")
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name in arguments.names or known:
        path = arguments.folder / f"{name}.png"
        painting_named(name).draw(arguments.seed).save(path)
        print(path)  # noqa: T201  # a program's answer


if __name__ == "__main__":
    main()
