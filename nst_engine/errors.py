"""Everything nst_engine raises on purpose.

EngineError
├── BadInput               a person can mend it: the message is for them
│   ├── BadPicture         a picture that cannot be used
│   ├── BadConfig          a setting that cannot be used
│   └── BadWeights         weights that are missing, damaged or of another network
├── NotFinite              the loss became NaN or infinite
├── OutOfMemory            the device's memory does not hold the job
├── QueueUnavailable       the database or the blob store does not answer
│   └── UnknownSchema      the database is of another version
├── UnreadableJob          a row of the job table that another version wrote
├── QueueFull              a cap on open jobs is reached
├── QuotaUsed              an owner has had all jobs of a day
├── TooSoon                an owner has to wait before the next job
└── FencedOut              another engine holds the job now
"""


class EngineError(Exception):
    """Base of all errors here; `str()` is one plain sentence."""


class BadInput(EngineError):
    """Something that the person who asked can put right."""


class BadPicture(BadInput):
    """A picture that cannot be used.

    `sentence` has its `values` in braces, so that it can be said in other languages; `str()` is the English.
    """

    def __init__(self, sentence: str, /, **values: str | int) -> None:
        super().__init__(sentence.format(**values) if values else sentence)
        self.sentence = sentence
        self.values = values


class BadConfig(BadInput):
    """A setting that cannot be used: the key, its value and what is allowed."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class BadWeights(BadInput):
    """Weights that are missing, damaged or of another network."""


class NotFinite(EngineError):
    """The loss became NaN or infinite."""

    def __init__(self, step: int) -> None:
        super().__init__(f"the loss was not a finite number at step {step}")
        self.step = step


class OutOfMemory(EngineError):
    """The device's memory does not hold the job; a smaller size needs less."""


class QueueUnavailable(EngineError):
    """The database or the blob store does not answer; trying again later may work."""


class UnknownSchema(QueueUnavailable):
    """The database was made by another version of this program."""


class UnreadableJob(EngineError):
    """A row of the job table has values that this version does not know; another version's, most likely."""

    def __init__(self, job_id: str, problem: str) -> None:
        super().__init__(f"job {job_id} cannot be read by this version: {problem}")
        self.job_id = job_id


class QueueFull(EngineError):
    """A cap on open jobs is reached; `of_owner` tells whose."""

    def __init__(self, *, limit: int, of_owner: bool) -> None:
        super().__init__(f"{limit} jobs are open already, which is the most allowed")
        self.limit = limit
        self.of_owner = of_owner


class QuotaUsed(EngineError):
    """An owner has had all jobs of a day; `next_at` is when the next is possible, None where it never is."""

    def __init__(self, *, limit: int, next_at: float | None) -> None:
        super().__init__(f"{limit} jobs in 24 hours are allowed, and no more")
        self.limit = limit
        self.next_at = next_at


class TooSoon(EngineError):
    """An owner has to wait for so many seconds before the next job."""

    def __init__(self, *, seconds: float) -> None:
        super().__init__(f"the next job is allowed in {seconds:.0f} s")
        self.seconds = seconds


class FencedOut(EngineError):
    """The job is no longer this engine's: its lease ran out and the job moved on."""
