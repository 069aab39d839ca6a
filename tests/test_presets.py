"""The recipes as data: their arithmetic, and what they promise."""

from hypothesis import given
from hypothesis import strategies as st

from nst_engine.contract.params import MAX_SIZE_PX, MIN_SIZE_PX, Pooling, PresetName, StylizeParams
from nst_engine.contract.plan import Pyramid, fit, longer_sides, split, steps_at
from nst_engine.contract.presets import (
    PRESETS,
    AdamRecipe,
    LbfgsRecipe,
    Measure,
    estimated_cost,
    following_stage_of,
    stage_cost,
    stages_of,
    steps_of,
)

SIZES = st.tuples(st.integers(16, 6000), st.integers(16, 6000))
PARAMS = st.builds(
    StylizeParams,
    preset=st.sampled_from(PresetName),
    size=st.integers(MIN_SIZE_PX, MAX_SIZE_PX),
    steps=st.none() | st.integers(1, 10_000),
)


def test_every_name_has_a_preset_with_a_sentence_about_it() -> None:
    assert set(PRESETS) == set(PresetName)
    assert all(preset.summary.endswith(".") for preset in PRESETS.values())


def test_the_seed_is_the_programs_recipe() -> None:
    seed = PRESETS[PresetName.SEED]
    assert seed.solver == AdamRecipe(learning_rate=0.003, scale=(0.229, 0.224, 0.225))
    assert (seed.alpha, seed.beta, seed.tv, seed.measure) == (1.0, 1e6, 0.0, Measure.SEED)
    assert seed.content_layers == (("conv4_2", 1.0),)
    assert seed.style_layers == tuple((f"conv{block}_1", 0.2) for block in range(1, 6))
    assert steps_of(StylizeParams(preset=PresetName.SEED, size=1024)) == 2000


def test_the_paper_is_lbfgs_with_average_pooling_at_one_size() -> None:
    paper = PRESETS[PresetName.PAPER]
    assert isinstance(paper.solver, LbfgsRecipe)
    assert (paper.alpha / paper.beta, paper.pooling, paper.measure) == (1e-6, Pooling.AVERAGE, Measure.PAPER)
    assert len(stages_of(StylizeParams(preset=PresetName.PAPER, size=2048), (100, 100))) == 1


def test_layer_weights_sum_to_one() -> None:
    for preset in PRESETS.values():
        for layers in (preset.content_layers, preset.style_layers):
            assert abs(sum(weight for _, weight in layers) - 1) < 1e-9


def test_fit_keeps_the_shape() -> None:
    assert fit((400, 300), 512) == (512, 384)
    assert fit((300, 400), 100) == (75, 100)
    assert fit((3000, 1), 512) == (512, 1)


@given(size=SIZES, longer=st.integers(MIN_SIZE_PX, MAX_SIZE_PX))
def test_the_longer_side_of_a_fitted_size_is_exact(size: tuple[int, int], longer: int) -> None:
    width, height = fit(size, longer)
    assert max(width, height) == longer
    assert (width >= height) == (size[0] >= size[1]) or width == height
    assert min(width, height) >= 1


def test_scales_double_and_end_at_the_result() -> None:
    pyramid = Pyramid(first_px=128, steps=(3, 2, 1))
    assert longer_sides(512, pyramid) == (128, 256, 512)
    assert longer_sides(384, pyramid) == (192, 384)
    assert longer_sides(240, pyramid) == (240,)
    assert longer_sides(128, pyramid) == (128,)
    assert longer_sides(64, pyramid) == (64,)


def test_the_last_number_of_steps_stands_for_all_coarser_sizes_and_a_lone_size_takes_the_first_two() -> None:
    pyramid = Pyramid(first_px=128, steps=(3, 2, 1))
    assert [steps_at(scales, pyramid) for scales in (1, 2, 3, 4)] == [(5,), (2, 3), (1, 2, 3), (1, 1, 2, 3)]
    assert steps_at(1, Pyramid(first_px=128, steps=(300,))) == (300,)


def test_split_is_exact_and_never_leaves_the_last_part_empty() -> None:
    assert split(10, (3, 1, 1)) == (6, 2, 2)
    assert split(1, (3, 1, 1)) == (0, 0, 1)


def test_a_result_of_one_size_takes_as_many_steps_as_one_of_two() -> None:
    assert steps_of(StylizeParams(size=200)) == steps_of(StylizeParams(size=256))


@given(total=st.integers(1, 10_000), shares=st.lists(st.integers(1, 100), min_size=1, max_size=9))
def test_the_parts_of_a_split_sum_to_the_whole(total: int, shares: list[int]) -> None:
    parts = split(total, shares)
    assert sum(parts) == total
    assert min(parts) >= 0
    assert parts[-1] > 0


@given(params=PARAMS, size=SIZES)
def test_stages_take_the_steps_promised_and_end_at_the_size_asked_for(
    params: StylizeParams, size: tuple[int, int]
) -> None:
    stages = stages_of(params, size)
    assert sum(stage.steps for stage in stages) == steps_of(params)
    assert steps_of(params) == (params.steps or steps_of(params))
    assert stages[-1].size == fit(size, params.size)
    assert all(stage.steps > 0 for stage in stages)


@given(params=PARAMS, size=SIZES)
def test_cost_is_the_sum_over_steps_and_at_least_that_of_the_last_one(
    params: StylizeParams, size: tuple[int, int]
) -> None:
    last = stages_of(params, size)[-1]
    assert estimated_cost(params, size) >= last.steps * stage_cost(last.size)


def test_cost_of_one_megapixel_evaluation_is_about_one() -> None:
    params = StylizeParams(preset=PresetName.SEED, size=1000, steps=3)
    assert abs(estimated_cost(params, (1000, 1000)) - 3) < 0.02


@given(params=PARAMS, size=SIZES)
def test_a_following_frame_takes_some_of_the_steps_at_the_size_of_the_result(
    params: StylizeParams, size: tuple[int, int]
) -> None:
    last, following = stages_of(params, size)[-1], following_stage_of(params, size)
    assert following.size == last.size
    assert min(last.steps, 8) <= following.steps <= last.steps


@given(params=PARAMS, size=SIZES, frames=st.integers(1, 240))
def test_each_frame_after_the_first_costs_its_few_steps(
    params: StylizeParams, size: tuple[int, int], frames: int
) -> None:
    following = following_stage_of(params, size)
    added = estimated_cost(params, size, frames=frames) - estimated_cost(params, size)
    expected = (frames - 1) * following.steps * stage_cost(following.size)
    assert abs(added - expected) <= 1e-9 * estimated_cost(params, size, frames=frames)


def test_twenty_frames_cost_much_less_than_twenty_pictures() -> None:
    params = StylizeParams(size=512)
    assert estimated_cost(params, (512, 384), frames=20) < 10 * estimated_cost(params, (512, 384))
