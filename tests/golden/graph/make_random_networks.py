#!/usr/bin/env python3
"""Writes random_networks.json: what torchvision's networks answer for random weights and inputs that C++ and JavaScript can
make again.

The weights follow the formula of tests/support/random_network.h, so only names and shapes of the tensors and small results
are committed: logits, and of the last feature map the mean per channel and evenly spaced samples, and of autograd's
gradients of sum(class_weights * logits) the mean magnitude and samples; the class weights are random too, so that each film
of a batch asks for another mixture of classes. Computed in float64, so that the committed numbers are the truth that
float32 and float16 graphs are measured against; float32 PyTorch's own distance from it is recorded beside. To test one more
architecture, add its networks here.

    /usr/bin/python3 tests/golden/graph/make_random_networks.py [--safetensors FOLDER]     needs torch and torchvision

--safetensors also writes each network as FOLDER/NAME.safetensors (to compare the C++ formula byte for byte).
"""
import argparse
import json
import pathlib
import struct
import sys

import numpy as np
import torch
from torchvision.models.densenet import DenseNet
from torchvision.models.mobilenetv2 import Conv2dNormActivation, MobileNetV2
from torchvision.models.mobilenetv3 import MobileNetV3, _mobilenet_v3_conf
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parents[2] / "tools" / "training"))
import anatomy_network

SAMPLES = 16
BATCH_NORM = ("weight", "bias", "running_mean", "running_var")


def densenet(growth, blocks, stem, channels, classes):
    network = DenseNet(growth, blocks, stem, num_classes=classes)
    network.features.conv0 = torch.nn.Conv2d(channels, stem, 7, 2, 3, bias=False)
    return network


def densenet_layers(network, x):
    """The values that maps look at, by name, finest first; the last one is what the pooling averages."""
    values = {}
    for name, module in network.features.named_children():
        x = module(x)
        if name.startswith("denseblock"):
            values[name.removeprefix("dense")] = x
    return {**values, "features": torch.relu(x)}


def mobilenet(settings, width, last, channels, classes):
    network = MobileNetV2(classes, width, settings)
    stem, before = network.features[0][0].out_channels, network.features[18][0].in_channels
    network.features[0][0] = torch.nn.Conv2d(channels, stem, 3, 2, 1, bias=False)
    network.features[18] = Conv2dNormActivation(before, last, 1, activation_layer=torch.nn.ReLU6)
    network.classifier[1] = torch.nn.Linear(last, classes)
    return network


def mobilenet_layers(network, x):
    names = {1: "block1", 3: "block2", 6: "block3", 13: "block4", 17: "block5", 18: "features"}
    values = {}
    for position, module in enumerate(network.features):
        x = module(x)
        if position in names:
            values[names[position]] = x
    return values


def anatomy(widths, channels, masks, classes):
    network = anatomy_network.AnatomyNetwork(widths, channels, masks, classes)
    network.train(False)
    return network


def anatomy_layers(network, x):
    *levels, features = network.levels(x)
    return {**{f"level{k + 1}": level for k, level in enumerate(levels)}, "features": features}


def masks_facts(network, x):
    """Of networks with a second output, that output; else nothing."""
    if not isinstance(network, anatomy_network.AnatomyNetwork):
        return {}
    with torch.no_grad():
        masks = network(x)[0]
    at = np.linspace(0, masks.numel() - 1, SAMPLES).astype(int)
    return {"masks": {"shape": list(masks.shape), "largest": rounded(masks.abs().max())[0], "sample_at": at.tolist(),
                      "samples": rounded(masks.reshape(-1)[at])}}


class NarrowResNet(ResNet):
    """torchvision's, with widths from 4 instead of 64."""

    def _make_layer(self, block, planes, *args, **kwargs):
        self.inplanes = 4 if planes == 64 else self.inplanes
        return super()._make_layer(block, planes // 16, *args, **kwargs)


def resnet(kind, block, blocks, channels, classes):
    network = kind(block, blocks, num_classes=classes)
    stem = network.layer1[0].conv1.in_channels
    network.conv1 = torch.nn.Conv2d(channels, stem, 7, 2, 3, bias=False)
    network.bn1 = torch.nn.BatchNorm2d(stem)
    network.fc = torch.nn.Linear(network.layer4[-1].bn2.num_features * block.expansion, classes)
    return network


def resnet_layers(network, x):
    x = network.maxpool(network.relu(network.bn1(network.conv1(x))))
    values = {}
    for stage, name in enumerate(("block1", "block2", "block3", "features"), 1):
        x = values[name] = getattr(network, f"layer{stage}")(x)
    return values


def mobilenet_v3(size, width, last, channels, classes):
    settings, _ = _mobilenet_v3_conf(f"mobilenet_v3_{size}", width_mult=width)
    network = MobileNetV3(settings, last, num_classes=classes)
    network.features[0][0] = torch.nn.Conv2d(channels, network.features[0][0].out_channels, 3, 2, 1, bias=False)
    return network


def mobilenet_v3_layers(network, x):
    """The features are the first linear layer in every cell, times its hard swish's slope for the film."""
    values, number = {}, 1
    for position, module in enumerate(network.features):
        x = module(x)
        following = network.features[position + 1] if position + 1 < len(network.features) else None
        halves = getattr(following, "block", None) and any(
            layer.stride == (2, 2) for layer in following.modules() if isinstance(layer, torch.nn.Conv2d))
        if halves or position == len(network.features) - 2:
            if position > 0:
                values[f"block{number}"], number = x, number + 1
    hidden = network.classifier[0]
    cells = torch.nn.functional.conv2d(x, hidden.weight[:, :, None, None], hidden.bias)
    return {**values, "features": cells * torch.nn.functional.hardsigmoid(cells.mean((2, 3), keepdim=True))}


MOBILENET_V2 = None  # torchvision's own [expansion, channels, blocks, stride]
NARROW = [[1, 16, 1, 1], [2, 24, 2, 2], [3, 32, 3, 2], [2, 64, 4, 2], [2, 96, 3, 1], [2, 160, 3, 2], [2, 320, 1, 1]]

NETWORKS = {
    # name: (family, network, its layers, mixed signs, variance, inputs [n, c, h, w])
    # variance: what batch norms expect of what they are given, so that values neither grow nor fade over the layers. Inputs of
    # the MobileNetV2s were chosen so that no value before a ReLU6 lies nearer to 0 or 6 than float32 can tell.
    "densenet121": ("densenet", densenet(32, (6, 12, 24, 16), 64, 3, 14), densenet_layers, False, 1, [(2, 3, 64, 96)]),
    "densenet169": ("densenet", densenet(32, (6, 12, 32, 32), 64, 1, 18), densenet_layers, True, 1, [(1, 1, 96, 64)]),
    "mobilenet_v2": ("mobilenetv2", mobilenet(MOBILENET_V2, 1.0, 1280, 1, 14), mobilenet_layers, False, 1.75, [(1, 1, 64, 96)]),
    "resnet18": ("resnet", resnet(ResNet, BasicBlock, [2, 2, 2, 2], 1, 14), resnet_layers, False, 2, [(1, 1, 64, 96)]),
    "resnet50": ("resnet", resnet(ResNet, Bottleneck, [3, 4, 6, 3], 3, 18), resnet_layers, True, 3, [(1, 3, 96, 64)]),
    "mobilenet_v3_large": ("mobilenetv3", mobilenet_v3("large", 1.0, 1280, 1, 14), mobilenet_v3_layers, False, 1.5, [(1, 1, 64, 96)]),
    "small_resnet": ("resnet", resnet(NarrowResNet, BasicBlock, [1, 2, 1, 1], 3, 5), resnet_layers, True, 1, [(2, 3, 48, 32), (1, 3, 45, 70)]),
    "small_resnet_of_bottlenecks": ("resnet", resnet(NarrowResNet, Bottleneck, [1, 1, 2, 1], 1, 5), resnet_layers, True, 1, [(2, 1, 48, 32), (1, 1, 45, 70)]),
    "small_mobilenet_v3": ("mobilenetv3", mobilenet_v3("small", 0.25, 40, 3, 5), mobilenet_v3_layers, True, 1, [(2, 3, 48, 32), (1, 3, 45, 70)]),
    "small": ("densenet", densenet(4, (2, 3, 2), 8, 3, 5), densenet_layers, True, 1, [(2, 3, 48, 32), (1, 3, 45, 70)]),
    "small_anatomy": ("anatomy", anatomy((4, 6, 8), 1, 3, 5), anatomy_layers, True, 1, [(2, 1, 48, 32), (1, 1, 64, 72)]),
    "small_mobilenet_v2": ("mobilenetv2", mobilenet(NARROW, 0.25, 48, 3, 5), mobilenet_layers, True, 1.25, [(2, 3, 48, 32), (1, 3, 33, 70)]),
}


def uniform(name, count, offset, span):
    """offset + span * u of the stream `name`: FNV-1a 64, then SplitMix64 of (hash + i), top 24 bits."""
    stream = 0xCBF29CE484222325
    for byte in name.encode():
        stream = ((stream ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    with np.errstate(over="ignore"):
        state = np.arange(count, dtype=np.uint64) + np.uint64(stream) + np.uint64(0x9E3779B97F4A7C15)
        state = (state ^ state >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ state >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
        state = state ^ state >> np.uint64(31)
    return (offset + span * ((state >> np.uint64(40)).astype(np.float64) / 16777216.0)).astype(np.float32)


def random_tensor(name, shape, mixed_signs, variance, of_batch_norm):
    count = int(np.prod(shape))
    if len(shape) == 1 and not of_batch_norm:
        numbers = uniform(name, count, -0.5, 1.0)
    elif len(shape) > 1:
        bound = np.sqrt(6.0 / (count / shape[0]))
        numbers = uniform(name, count, -bound, 2.0 * bound)
    elif name.endswith(".weight"):
        numbers = uniform(name, count, 0.4, 1.2)
        if mixed_signs:
            i = np.arange(count)
            numbers[i % 5 == 3] *= -1
            numbers[i % 16 == 7] = 0
    else:
        offset, span = {"bias": (-0.2, 0.6), "running_mean": (-0.2, 0.4), "running_var": (0.5 * variance, variance)}[name.split(".")[-1]]
        numbers = uniform(name, count, offset, span)
    return torch.from_numpy(numbers.reshape(shape))


def with_random_tensors(network, mixed_signs, variance):
    own = network.state_dict()
    state = {name: random_tensor(name, tuple(tensor.shape), mixed_signs, variance, name.rsplit(".", 1)[0] + ".running_mean" in own)
             for name, tensor in own.items() if not name.endswith("num_batches_tracked")}
    network.load_state_dict(state, strict=False)
    return network.eval(), state


def described(state):
    """Names and shapes in the state's order: [name, shape], and [prefix, channels] for the four tensors of a batch norm."""
    tensors = []
    for name, tensor in state.items():
        prefix, part = name.rsplit(".", 1)
        if not all(f"{prefix}.{each}" in state for each in BATCH_NORM):
            tensors.append([name, list(tensor.shape)])
        elif part == BATCH_NORM[0]:
            tensors.append([prefix, len(tensor)])
    return tensors


def last_linear(network):
    return [module for module in network.modules() if isinstance(module, torch.nn.Linear)][-1]


def run(network, layers, x):
    with torch.no_grad():
        features = layers(network, x)["features"]
        logits = last_linear(network)(features.mean((2, 3)))
        answer = network(x)
        answer = answer[-1] if isinstance(answer, tuple) else answer
        assert (logits - answer).abs().max() < 1e-4 * logits.abs().max(), "the layers are not the network's"
        return logits, features


def gradients(network, layers, x, class_weights):
    """Of sum(class_weights * logits) with respect to the input and each layer."""
    values = {"input": x.clone().requires_grad_()}
    values.update(layers(network, values["input"]))
    score = (last_linear(network)(values["features"].mean((2, 3))) * class_weights).sum()
    return dict(zip(values, torch.autograd.grad(score, list(values.values()))))


def gradient_facts(gradient, gradient32):
    at = np.linspace(0, gradient.numel() - 1, SAMPLES).astype(int)
    return {"shape": list(gradient.shape), "largest": rounded(gradient.abs().max())[0],
            "mean_magnitude": rounded(gradient.abs().mean())[0], "sample_at": at.tolist(),
            "samples": rounded(gradient.reshape(-1)[at]), "torch_float32_relative_error": relative(gradient32, gradient)}


def write_safetensors(path, state):
    header, data = {}, b""
    for name in sorted(state):
        raw = state[name].numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(state[name].shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    head = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    path.write_bytes(struct.pack("<Q", len(head)) + head + data)


def rounded(numbers):
    return [float(f"{v:.9g}") for v in np.asarray(numbers).reshape(-1)]


def relative(found, expected):
    return float(f"{((found.double() - expected).abs().max() / expected.abs().max()).item():.2g}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--safetensors", type=pathlib.Path)
    folder = parser.parse_args().safetensors
    golden = {}
    for name, (family, network, layers, mixed_signs, variance, inputs) in NETWORKS.items():
        network, state = with_random_tensors(network, mixed_signs, variance)
        if folder:
            write_safetensors(folder / f"{name}.safetensors", state)
        runs = []
        for size in inputs:
            x = torch.from_numpy(uniform("input", int(np.prod(size)), -2.0, 4.0).reshape(size))
            logits32, features32 = run(network.float(), layers, x)
            logits, features = run(network.double(), layers, x.double())
            class_weights = torch.from_numpy(uniform("class_weights", logits.numel(), -1.0, 2.0).reshape(logits.shape))
            gradients32 = gradients(network.float(), layers, x, class_weights)
            gradients64 = gradients(network.double(), layers, x.double(), class_weights.double())
            at = np.linspace(0, features.numel() - 1, SAMPLES).astype(int)
            runs.append({
                "input": list(size), "logits": rounded(logits), "features_shape": list(features.shape),
                "feature_means": rounded(features.mean((0, 2, 3))), "features_largest": rounded(features.abs().max())[0],
                "sample_at": at.tolist(), "samples": rounded(features.reshape(-1)[at]),
                "torch_float32_relative_error": {"logits": relative(logits32, logits),
                                                 "features": relative(features32, features)},
                "gradients": {value: gradient_facts(gradient, gradients32[value])
                              for value, gradient in gradients64.items()}, **masks_facts(network.double(), x.double())})
        golden[name] = {"family": family, "mixed_signs": mixed_signs, "variance": variance, "tensors": described(state), "runs": runs}
    text = json.dumps(golden, sort_keys=True, separators=(",", ":")).replace('{"family"', '\n{"family"')
    (HERE / "random_networks.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
