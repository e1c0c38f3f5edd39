#!/usr/bin/env python3
"""Makes checkpoints of one network as people publish them, for checkpoints.test.mjs, and what PyTorch computes with it.

    /usr/bin/python3 tests/model/make_published_checkpoints.py FAMILY FOLDER      needs torch and torchvision

The weights are random, with statistics of batch norms taken from what flows through on random films, as in a trained network.
Writes the checkpoints, and input, class_weights, logits, features and gradient as .f32 (little-endian); prints as JSON which file
is what. The first file of each stored type is the reference for the others of that type: torchvision's names in safetensors.
"""
import collections
import copy
import json
import pathlib
import struct
import sys

import torch
import torchvision
from torchvision.models.densenet import DenseNet

SIDE, FILM = 64, (32, 64)
LARGE = 9_000_000  # numbers; of larger networks only the first dialects are made: they differ from their siblings in depth alone


def one_channel(network, path):
    """The first convolution, at `path`, made for one channel."""
    *parents, name = path.split(".")
    owner = network.get_submodule(".".join(parents))
    old = getattr(owner, name)
    setattr(owner, name, torch.nn.Conv2d(1, old.out_channels, old.kernel_size, old.stride, old.padding, bias=False))
    return network


MODELS = torchvision.models
FAMILIES = {
    # name: (network, prefix of the module that people name after it, the last layer's name)
    "DenseNet-121": (lambda: one_channel(MODELS.densenet121(num_classes=18), "features.conv0"), "densenet121", "classifier"),
    "DenseNet-161": (lambda: MODELS.densenet161(num_classes=14), "densenet161", "classifier"),
    "DenseNet-169": (lambda: MODELS.densenet169(num_classes=40), "densenet169", "classifier"),
    "DenseNet-201": (lambda: one_channel(MODELS.densenet201(num_classes=5), "features.conv0"), "densenet201", "classifier"),
    "compact DenseNet": (lambda: DenseNet(12, (3, 4, 5), 24, num_classes=14), "densenet", "classifier"),
    "ResNet-18": (lambda: one_channel(MODELS.resnet18(num_classes=14), "conv1"), "resnet18", "fc"),
    "ResNet-34": (lambda: MODELS.resnet34(num_classes=5), "resnet34", "fc"),
    "ResNet-50": (lambda: one_channel(MODELS.resnet50(num_classes=18), "conv1"), "resnet50", "fc"),
    "ResNet-101": (lambda: MODELS.resnet101(num_classes=14), "resnet101", "fc"),
    "MobileNetV2": (lambda: MODELS.mobilenet_v2(num_classes=14), "mobilenet_v2", "classifier.1"),
    "MobileNetV3-small": (lambda: one_channel(MODELS.mobilenet_v3_small(num_classes=14), "features.0.0"), "mobilenet_v3", "classifier.3"),
    "MobileNetV3-large": (lambda: MODELS.mobilenet_v3_large(num_classes=40), "mobilenet_v3", "classifier.3"),
}


def with_realistic_statistics(network, channels):
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None  # the mean over all films
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.uniform_(module.bias, -0.3, 0.3)
    network.train()
    with torch.no_grad():
        for _ in range(2):
            network(torch.randn(4, channels, SIDE, SIDE))
    # Films that vary a little less than those of the training: what rounding adds then fades from layer to layer, as in trained
    # networks, where a random network would make it grow until rectifiers flip.
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_var.mul_(2)
    return network.eval()


def last_linear(network):
    return [module for module in network.modules() if isinstance(module, torch.nn.Linear)][-1]


def features_of(network, x):
    """What the last linear layer's input is the mean of."""
    if isinstance(network, DenseNet):
        return torch.relu(network.features(x))
    if isinstance(network, MODELS.ResNet):
        for name, module in network.named_children():
            if name == "avgpool":
                return x
            x = module(x)
    x = network.features(x)
    if isinstance(network, MODELS.MobileNetV2):
        return x
    hidden = network.classifier[0]
    cells = torch.nn.functional.conv2d(x, hidden.weight[:, :, None, None], hidden.bias)
    return cells * torch.nn.functional.hardsigmoid(cells.mean((2, 3), keepdim=True))


def write_numbers(folder, name, tensor):
    (folder / f"{name}.f32").write_bytes(tensor.detach().contiguous().numpy().astype("<f4").tobytes())


def computed(network, x, class_weights):
    """Logits, features and the gradient of sum(class_weights * logits) with respect to x."""
    x = x.clone().requires_grad_()
    features = features_of(network, x)
    logits = last_linear(network)(features.mean((2, 3)))
    assert (logits - network(x)).abs().max() < 1e-4 * logits.abs().max(), "the features are not the network's"
    (gradient,) = torch.autograd.grad((logits * class_weights).sum(), x)
    return logits, features, gradient


def clear_case(network, channels):
    """A film for which float32 has one gradient: where a rectifier is given a number within rounding of 0, which of millions some
    are, the gradient has two. So its gradient in float64 is that in float32, also with inputs a little beside it."""
    exact = copy.deepcopy(network).double()
    for _ in range(200):
        x = torch.randn(1, channels, *FILM)
        class_weights = torch.randn(1, last_linear(network).out_features)
        truth = computed(exact, x.double(), class_weights.double())
        beside = [x, x * (1 + 3e-7), x * (1 - 3e-7), x + 3e-7 * torch.randn(x.shape)]
        if all((computed(network, each, class_weights)[2] - truth[2]).abs().max() < 2e-5 * truth[2].abs().max() for each in beside):
            return x, class_weights, truth
    raise SystemExit("no film was found whose gradient float32 can tell")


TYPES = {torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64"}


def write_safetensors(path, state):
    header, data = {}, []
    position = 0
    for name, tensor in state.items():
        raw = tensor.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes() if tensor.dim() else tensor.reshape(1).view(torch.uint8).numpy().tobytes()
        header[name] = {"dtype": TYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [position, position + len(raw)]}
        data.append(raw)
        position += len(raw)
    head = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(head)) + head + b"".join(data))


def dotted(name):
    """As torchvision called the parts of a dense layer before version 0.3."""
    for part in ("norm", "conv"):
        for number in "12":
            name = name.replace(f".{part}{number}.", f".{part}.{number}.") if ".denselayer" in name else name
    return name


def renamed(state, spelling):
    return collections.OrderedDict((spelling(name), tensor) for name, tensor in state.items())


def cast(state, dtype):
    return collections.OrderedDict(
        (name, tensor.to(dtype) if tensor.is_floating_point() else tensor) for name, tensor in state.items())


class Wrapper(torch.nn.Module):
    """A module around torchvision's, as training programs write it."""

    def __init__(self, network):
        super().__init__()
        self.model = network


def with_momentum(network):
    optimiser = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)
    for parameter in network.parameters():
        optimiser.state[parameter]["momentum_buffer"] = torch.zeros_like(parameter)
    return optimiser.state_dict()


def checkpoints(network, prefix, head):
    """(dialect, stored type, what torch.save is given)"""
    state = network.state_dict()
    wrapped_head = head.rsplit(".", 1)[0] + ".0" if "." in head else f"{head}.0"
    sequential = lambda name: name.replace(f"{head}.", f"{wrapped_head}.") if name.startswith(f"{head}.") else name
    if "mobilenet_v3" in prefix:
        sequential = lambda name: name
    yield "state dict", "float32", state
    yield "whole module", "float32", network
    yield "dict of a whole module in DataParallel, under model", "float32", {"epoch": 9, "model": torch.nn.DataParallel(network)}
    yield "state_dict beside an optimiser, DataParallel, the names of 2017", "float32", {
        "epoch": 9, "arch": prefix, "best_loss": 0.1, "optimizer": with_momentum(network),
        "state_dict": renamed(state, lambda name: f"module.{prefix}.{dotted(sequential(name))}")}
    if sum(tensor.numel() for tensor in state.values()) > LARGE:
        return
    yield "model_state, a backbone", "float32", {"model_state": renamed(state, lambda name: f"backbone.{name}")}
    yield "model and optimizer", "float32", {"model": state, "optimizer": with_momentum(network)}
    yield "Lightning's, a module around the network", "float32", {
        "pytorch-lightning_version": "1.9.0", "state_dict": Wrapper(network).state_dict(), "hyper_parameters": {"lr": 1e-3}}
    yield "state dict", "float64", cast(state, torch.float64)
    yield "state dict", "float16", cast(state, torch.float16)
    yield "state dict", "bfloat16", cast(state, torch.bfloat16)
    transposed = collections.OrderedDict(
        (name, tensor.transpose(0, 1).contiguous().transpose(0, 1) if tensor.dim() > 1 else tensor) for name, tensor in state.items())
    yield "state dict of transposed tensors", "float32", transposed
    flat = torch.cat([tensor.reshape(-1) for tensor in state.values() if tensor.is_floating_point()])
    position, shared = 0, collections.OrderedDict()
    for name, tensor in state.items():
        shared[name] = flat[position:position + tensor.numel()].reshape(tensor.shape) if tensor.is_floating_point() else tensor
        position += tensor.numel() if tensor.is_floating_point() else 0
    yield "state dict of views into one storage", "float32", shared


def main():
    family, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    make, prefix, head = FAMILIES[family]
    torch.manual_seed(5)
    network = make()
    channels = next(module for module in network.modules() if isinstance(module, torch.nn.Conv2d)).in_channels
    network = with_realistic_statistics(network, channels)

    x, class_weights, (logits, features, gradient) = clear_case(network, channels)
    for name, tensor in (("input", x), ("class_weights", class_weights), ("logits", logits), ("features", features),
                         ("gradient", gradient)):
        write_numbers(folder, name, tensor)

    state = network.state_dict()
    rounded = {}
    for kind, dtype in (("float32", torch.float32), ("float64", torch.float32), ("float16", torch.float16), ("bfloat16", torch.bfloat16)):
        rounded[kind] = f"rounded_{kind}.safetensors"
        write_safetensors(folder / rounded[kind], cast(cast(state, dtype), torch.float32))
    files = []
    for number, (dialect, kind, content) in enumerate(checkpoints(network, prefix, head)):
        for container, zipped in (("PyTorch zip", True), ("legacy", False)):
            name = f"checkpoint_{number}_{'zip' if zipped else 'legacy'}.pt"
            torch.save(content, folder / name, _use_new_zipfile_serialization=zipped)
            files.append({"file": name, "container": container, "dialect": dialect, "type": kind})
    for kind in dict.fromkeys(each["type"] for each in files):
        name = f"checkpoint_{kind}.safetensors"
        write_safetensors(folder / name, cast(renamed(state, lambda each: f"model.{each}"), getattr(torch, kind)))
        files.append({"file": name, "container": "safetensors", "dialect": "names under model", "type": kind})
    print(json.dumps({"input": list(x.shape), "classes": logits.shape[1], "reference": rounded["float32"], "rounded": rounded,
                      "checkpoints": files}))


if __name__ == "__main__":
    main()
