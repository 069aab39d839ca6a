"""Wrong input by chance, the same for each seed: texts, settings, words of a command line, ids and forms of Discord."""

import random
import re
from collections.abc import Iterator, Sequence

NUMBERS = ("0", "1", "-1", "7", "1e400", "nan", "999999999999999999", "99999999999999999999", "0x10", "٣", "1_0")
TEXTS = (
    *("", " ", "\n", "\x00", "\u202e", "é" * 50, "🎨", "{n}", "{0.__class__}", "%s", "../../etc/passwd", "NaN", "null"),
    *("@everyone", "<@1>", "https://example.com/x.png", "file:///etc/passwd", "'; DROP TABLE jobs; --", "a" * 4000),
)


def mutated(text: str, chance: random.Random, *, most: int = 4) -> str:
    """`text` with a few places left out, doubled, or replaced."""
    for _ in range(chance.randint(1, most)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice((0, 1, 1, 3, 20)))
        piece = text[start:end]
        text = text[:start] + chance.choice(("", piece * 2, chance.choice(TEXTS), chance.choice(NUMBERS))) + text[end:]
    return text


def settings(example: str, chance: random.Random) -> str:
    """A settings file that somebody edited without looking: some lines' values are others, or the text is broken."""
    lines = example.splitlines()
    for _ in range(chance.randint(1, 3)):
        at = chance.choice([number for number, line in enumerate(lines) if " = " in line and not line.startswith("#")])
        key, value = lines[at].split(" = ", 1)
        lines[at] = f"{key} = {chance.choice((_toml_value(chance), mutated(value, chance, most=1)))}"
    text = "\n".join(lines)
    return mutated(text, chance) if chance.random() < 0.3 else text


def _toml_value(chance: random.Random) -> str:
    text = chance.choice(TEXTS).replace("\\", "\\\\").replace('"', '\\"')
    values = ("true", "[]", "{}", "[1, 2]", "1979-05-27", "inf", "-inf", "0.0", "9" * 400, f'"{text}"', "'sqlite:///'")
    return chance.choice((*values, *NUMBERS))


def command_line(words: Sequence[str], chance: random.Random) -> list[str]:
    """Some of these words in any order, with wrong ones among them."""
    some = [chance.choice(words) for _ in range(chance.randint(0, 7))]
    return [mutated(word, chance, most=1) if chance.random() < 0.2 else word for word in some] + [
        chance.choice((*TEXTS, *NUMBERS)).replace("\x00", "") for _ in range(chance.randint(0, 2))
    ]


def custom_ids(patterns: Sequence[re.Pattern[str]], real: Sequence[str], chance: random.Random) -> Iterator[str]:
    """Without end: ids made of the parts that the patterns know and of numbers, some of them damaged."""
    words = sorted({word for pattern in patterns for word in re.findall(r"[a-z]{2,}", pattern.pattern)})
    while True:
        parts = [chance.choice((chance.choice(words), chance.choice((*NUMBERS, *real)))) for _ in range(3)]
        made = chance.choice((fitting(chance.choice(patterns), real, chance), ":".join(parts)))
        made = mutated(made, chance, most=1) if chance.random() < 0.3 else made
        if 0 < len(made) <= 100:  # Discord's own limits
            yield made


def fitting(pattern: re.Pattern[str], real: Sequence[str], chance: random.Random) -> str:
    """An id that the pattern fits, as well as that can be told from its text."""
    text = re.sub(r"\(\?::\(\?P<\w+>[^()]*\)\)\?|\(\?:[^()]*\)\?", "", pattern.pattern)
    while (group := re.search(r"\((?:\?P<\w+>|\?:)?([^()]*)\)", text)) is not None:
        choices = [_number(one, real, chance) for one in group[1].split("|")]
        text = text[: group.start()] + chance.choice(choices) + text[group.end() :]
    return _number(text, real, chance)


def _number(text: str, real: Sequence[str], chance: random.Random) -> str:
    """With digits for every class of digits."""
    return re.sub(r"(?:\\d|\[0-9\])(?:\{[\d,]+\}|[+*])?", lambda _: chance.choice(("0", "1", "42", *real)), text)
