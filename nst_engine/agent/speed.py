"""How fast this engine paints, learned from the jobs it has finished."""

WEIGHT_OF_THE_NEWEST = 0.3


def smoothed(speed: float | None, *, cost: float, seconds: float) -> float | None:
    """The exponential mean of speeds (cost units per second) after one more job; a job of no length teaches nothing."""
    if cost <= 0 or seconds <= 0:
        return speed
    newest = cost / seconds
    return newest if speed is None else speed + WEIGHT_OF_THE_NEWEST * (newest - speed)
