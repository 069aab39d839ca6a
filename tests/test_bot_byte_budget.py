"""Only so many bytes at a time, in the order they were asked for."""

import asyncio

from bot.jobs.byte_budget import ByteBudget


async def in_turn(budget: ByteBudget, sizes: list[int]) -> tuple[list[int], int]:
    """The order in which shares of these sizes are given, and the most that were out at a time."""
    given: list[int] = []
    out: list[int] = []
    most = 0

    async def take(size: int) -> None:
        nonlocal most
        async with budget.share(size):
            given.append(size)
            out.append(size)
            most = max(most, sum(out))
            await asyncio.sleep(0)
            out.remove(size)

    await asyncio.gather(*(take(size) for size in sizes))
    return given, most


async def test_no_more_is_out_than_there_is() -> None:
    given, most = await in_turn(ByteBudget(10, smallest_share=1), [4, 4, 4, 4, 4])
    assert (len(given), most) == (5, 8)


async def test_a_large_share_is_not_overtaken_by_small_ones() -> None:
    given, _ = await in_turn(ByteBudget(10, smallest_share=1), [6, 10, 1, 1])
    assert given == [6, 10, 1, 1]


async def test_small_shares_have_a_limit_too() -> None:
    _, most = await in_turn(ByteBudget(10, smallest_share=5), [1] * 8)
    assert most == 2


async def test_more_than_there_is_takes_all() -> None:
    given, _ = await in_turn(ByteBudget(10, smallest_share=1), [99, 3])
    assert given == [99, 3]


async def test_whoever_gives_up_in_the_line_takes_nothing_along() -> None:
    budget = ByteBudget(10, smallest_share=1)
    async with budget.share(10):
        tired = asyncio.create_task(in_turn(budget, [10]))
        await asyncio.sleep(0)
        tired.cancel()
        await asyncio.gather(tired, return_exceptions=True)
    assert (await in_turn(budget, [10]))[0] == [10]
