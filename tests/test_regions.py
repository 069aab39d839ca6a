"""Several styles and masks: who paints where, and how strongly."""

import pytest
import torch
from torch import Tensor

from nst_engine.errors import BadInput
from nst_engine.moments import Moments
from nst_engine.regions import Style, regions_of, together


def moments(value: float) -> dict[str, Moments]:
    return {"conv1_1": Moments(torch.full((1, 2), value), torch.full((1, 2, 2), value**2))}


def left_half() -> Tensor:
    mask = torch.zeros(1, 1, 4, 8)
    mask[..., :4] = 1.0
    return mask


def test_styles_without_masks_are_blended_by_their_weights() -> None:
    [region] = regions_of([Style(moments=moments(1.0), weight=3.0), Style(moments=moments(5.0), weight=1.0)])
    assert region.mask is None
    assert region.weight == 1.0
    assert region.moments["conv1_1"].mean.tolist() == [[2.0, 2.0]]


def test_a_style_without_a_mask_paints_what_no_mask_claims() -> None:
    first, rest = regions_of([Style(moments=moments(1.0), mask=left_half()), Style(moments=moments(2.0))])
    assert torch.equal(rest.mask if rest.mask is not None else torch.empty(0), 1.0 - left_half())
    assert first.moments["conv1_1"].mean[0, 0] == 1.0
    assert rest.moments["conv1_1"].mean[0, 0] == 2.0


def test_one_style_with_a_mask_leaves_the_rest_to_the_content() -> None:
    assert len(regions_of([Style(moments=moments(1.0), mask=left_half())])) == 1


def test_masks_that_cover_everything_leave_no_region_to_the_others() -> None:
    whole = torch.ones(1, 1, 4, 8)
    [region] = regions_of([Style(moments=moments(1.0), mask=whole), Style(moments=moments(2.0))])
    assert region.moments["conv1_1"].mean[0, 0] == 1.0


def test_nothing_to_paint_with_is_refused() -> None:
    with pytest.raises(BadInput, match="no style has a weight"):
        regions_of([Style(moments=moments(1.0), weight=0.0, mask=left_half())])


def test_weights_of_masked_styles_are_relative_to_their_mean() -> None:
    regions = regions_of(
        [
            Style(moments=moments(1.0), weight=3.0, mask=left_half()),
            Style(moments=moments(2.0), weight=1.0, mask=1.0 - left_half()),
        ]
    )
    assert [region.weight for region in regions] == [1.5, 0.5]


def test_a_style_of_no_weight_paints_nowhere() -> None:
    [region] = regions_of([Style(moments=moments(1.0)), Style(moments=moments(9.0), weight=0.0)])
    assert region.moments["conv1_1"].mean[0, 0] == 1.0


def test_a_style_of_no_weight_leaves_its_mask_to_the_others_and_weighs_nothing() -> None:
    styles = [Style(moments=moments(1.0), weight=0.0, mask=left_half()), Style(moments=moments(2.0))]
    [region] = regions_of(styles)
    assert region.mask is None
    both = regions_of(
        [Style(moments=moments(1.0), weight=0.0, mask=left_half()), Style(moments=moments(2.0), mask=1.0 - left_half())]
    )
    assert [region.weight for region in both] == [1.0]


def test_a_batch_has_the_moments_of_each_of_its_pictures() -> None:
    [region] = together([regions_of([Style(moments=moments(value))]) for value in (1.0, 2.0, 3.0)])
    assert region.moments["conv1_1"].mean[:, 0].tolist() == [1.0, 2.0, 3.0]
    assert region.moments["conv1_1"].second.shape == (3, 2, 2)


@pytest.mark.parametrize("weights", [(1.0, 1.0), (2.0, 2.0)])
def test_only_the_proportion_of_weights_counts(weights: tuple[float, float]) -> None:
    masks = (left_half(), 1.0 - left_half())
    styles = [Style(moments=moments(1.0), weight=w, mask=mask) for w, mask in zip(weights, masks, strict=True)]
    assert [region.weight for region in regions_of(styles)] == [1.0, 1.0]
