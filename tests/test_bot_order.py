"""Orders that come to nothing leave nothing behind."""

from pathlib import Path
from typing import Any

from tests.bot_world import bot_world
from tests.result_acts import finished, said_in_private


async def test_a_fault_under_a_button_leaves_no_request_for_the_next_start_to_explain(tmp_path: Path) -> None:
    async with bot_world(tmp_path) as world:
        message, _ = await finished(world)

        async def broken(pictures: Any) -> Any:
            raise ValueError(pictures)

        services = world.app.client.services
        services.reader.read_all = broken  # type: ignore[method-assign]  # a fault in the program
        answer = await world.ann.click(message, label="More style")
        assert said_in_private(answer).startswith("Something went wrong on my side")
        assert await services.intake.left_over() == []
