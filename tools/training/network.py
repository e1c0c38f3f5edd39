"""The networks that are trained here: torchvision DenseNets with one input channel, by name.

Outputs during training: 14 findings, then 'any finding', then view, sex and age as side tasks. Only the
first 14 are shipped; the side tasks give every film something to teach (most films have no finding at
all).
"""
import torch
import torch.nn.functional as functional
import torchvision

from films import LABELS

CONFIGURATIONS = {  # name: (growth, blocks, stem width)
    'compact': (16, (4, 8, 12, 8), 32),
    'three-block': (32, (3, 6, 12), 64),
    'medium': (32, (3, 6, 12, 8), 64),
    'densenet121': (32, (6, 12, 24, 16), 64),
}
FINDINGS = len(LABELS)
ANY, VIEW, SEX, AGE = FINDINGS, FINDINGS + 1, FINDINGS + 2, FINDINGS + 3
OUTPUTS = FINDINGS + 4
MEAN, STD = 0.5, 0.25


def build(name, outputs=OUTPUTS, drop_rate=0.0):
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
