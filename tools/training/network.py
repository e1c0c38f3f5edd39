"""The networks that are trained here: torchvision DenseNets and MobileNetV2 with one input channel, by name, and a small
one to compare them with.

Outputs during training: 14 findings, then 'any finding', then view, sex and age as side tasks. Only the
first 14 are shipped; the side tasks give every film something to teach (most films have no finding at
all).
"""
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as functional
import torchvision

from films import LABELS, DataError

sys.path.append(str(Path(__file__).resolve().parents[1] / 'models'))
import weights_file

CONFIGURATIONS = {  # name: (growth, blocks, stem width)
    'compact': (16, (4, 8, 12, 8), 32),
    'three-block': (32, (3, 6, 12), 64),
    'medium': (32, (3, 6, 12, 8), 64),
    'densenet121': (32, (6, 12, 24, 16), 64),
}
OTHERS = ['mobilenetv2', 'small-cnn']  # the page does not run the last one
NAMES = [*CONFIGURATIONS, *OTHERS]
FINDINGS = len(LABELS)
ANY, VIEW, SEX, AGE = FINDINGS, FINDINGS + 1, FINDINGS + 2, FINDINGS + 3
OUTPUTS = FINDINGS + 4
MEAN, STD = 0.5, 0.25


class Baseline(torch.nn.Module):
    """Features, their mean over all cells, one linear layer: read like a DenseNet, so that training is the same."""

    def __init__(self, features, width, outputs):
        super().__init__()
        self.features = features
        self.classifier = torch.nn.Linear(width, outputs)

    def forward(self, x):
        return self.classifier(torch.relu(self.features(x)).mean((2, 3)))


def small_cnn(outputs, widths=(32, 64, 128, 256, 256)):
    """Five 3x3 convolutions with batch norm, each followed by a halving: what one would try first (0.98 M parameters)."""
    layers, before = [], 1
    for width in widths:
        layers += [
            torch.nn.Conv2d(before, width, 3, 1, 1, bias=False),
            torch.nn.BatchNorm2d(width),
            torch.nn.ReLU(inplace=True),
            torch.nn.MaxPool2d(2),
        ]
        before = width
    return Baseline(torch.nn.Sequential(*layers), before, outputs)


class Relu6(torch.nn.Module):
    """torch.nn.ReLU6 of two operators that also know bfloat16 on processors: PyTorch 1.13 has no gradient of ReLU6 there."""

    def forward(self, x):
        return torch.relu(x).clamp_max(6)


class MobileNetV2(torch.nn.Module):
    """MobileNetV2 (Sandler et al. 2018) in torchvision's names: features, their mean over all cells, classifier.1."""

    def __init__(self, outputs):
        super().__init__()
        self.features = torchvision.models.mobilenet_v2(weights=None).features
        for block in self.features.modules():
            for name, layer in block.named_children():
                if isinstance(layer, torch.nn.ReLU6):
                    setattr(block, name, Relu6())
        self.features[0][0] = torch.nn.Conv2d(1, 32, 3, 2, 1, bias=False)
        self.classifier = torch.nn.Sequential(torch.nn.Dropout(0.0), torch.nn.Linear(1280, outputs))

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))


def name_of(weights):
    """Which network a state dict is of, by the shape of its tensors."""
    shapes = {key: tuple(value.shape) for key, value in weights.items() if not key.endswith('num_batches_tracked')}
    outputs = shapes.get(head_keys(shapes)[1], (0,))[0]
    for name in NAMES:
        own = build(name, outputs).state_dict() if outputs else {}
        if {key: tuple(value.shape) for key, value in own.items() if not key.endswith('num_batches_tracked')} == shapes:
            return name
    raise DataError(f'the weights are of none of {", ".join(NAMES)}: {len(shapes)} tensors, the first {sorted(shapes)[:2]}')


def head(network):
    """The linear layer at a network's end, whatever it is called there."""
    return network.classifier if isinstance(network.classifier, torch.nn.Linear) else network.classifier[-1]


def head_keys(weights):
    """The names of that layer's weight and bias in a state dict."""
    place = 'classifier' if 'classifier.weight' in weights else 'classifier.1'
    return f'{place}.weight', f'{place}.bias'


def build(name, outputs=OUTPUTS, drop_rate=0.0):
    if name in OTHERS:
        return {'small-cnn': small_cnn, 'mobilenetv2': MobileNetV2}[name](outputs).to(memory_format=torch.channels_last)
    growth, blocks, stem = CONFIGURATIONS[name]
    network = torchvision.models.DenseNet(
        growth_rate=growth,
        block_config=blocks,
        num_init_features=stem,
        num_classes=outputs,
        drop_rate=drop_rate,
    )
    network.features.conv0 = torch.nn.Conv2d(1, stem, 7, 2, 3, bias=False)
    torch.nn.init.kaiming_normal_(network.features.conv0.weight)
    return network.to(memory_format=torch.channels_last)


def normalise(pixels):
    """uint8 [n, h, w] to the network's float [n, 1, h, w]: (v/255 - 0.5)/0.25."""
    return ((pixels.float() / 255 - MEAN) / STD)[:, None]


def resize(x, side):
    """[n, 1, h, w] to the network's side: linearly, with smoothing where it shrinks."""
    if side == x.shape[-1]:
        return x
    shrinks = side < x.shape[-1]
    return functional.interpolate(x, (side, side), mode='bilinear', align_corners=False, antialias=shrinks)


def arrays_of(weights):
    """{name: float32 array} of a state dict; step counters of batch norm are left out."""
    return {
        name: value.float().contiguous().numpy()
        for name, value in weights.items()
        if not name.endswith('num_batches_tracked')
    }


def tensors_of(weights, arrays):
    """The state dict with the values of {name: array} where there are some."""
    return {**weights, **{name: torch.from_numpy(value) for name, value in arrays.items()}}


def read_packed(path):
    """State dict in float32 of a file that pack.py wrote."""
    return {name: torch.from_numpy(value) for name, value in weights_file.read_widened(path).items()}


def begin_with(network, weights, path):
    """Takes weights (a state dict, read from `path`): all of a checkpoint; those that were shipped lack the side tasks of the
    classifier, those of pretrain.py all of it, which then stay the network's own."""
    own = network.state_dict()
    for key, value in weights.items():
        if key.endswith('num_batches_tracked'):  # of no use with a fixed momentum
            continue
        if key not in own or own[key].shape[1:] != value.shape[1:]:
            raise DataError(f'{path}: {key} {list(value.shape)} is not in this network; give the --network it was made with')
        with torch.no_grad():
            own[key][: len(value)].copy_(value)
