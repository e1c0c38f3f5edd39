"""The anatomy network: a small U-Net that marks both lungs and the heart and says how a film lies.

Input [n,1,160,160], normalised as the other networks are (network.normalise). Outputs: masks [n,3,80,80], logits in the
order of anatomy_masks.MASKS; and logits [n,7] in the order of ANSWERS, linear in the mean of the deepest features, as
src/model/architectures wants it of every network. Five resolutions (strides 2 to 32); on the way up each is the rectified
sum of its own features and the enlarged ones below. Fewer than 250,000 numbers.

A lung is named by its side of the upright picture: "right_lung" is the one on the left, as frontal films are shown by
custom. A mirrored picture is named so, too, and "mirrored" says that its sides are the other way round.
"""
import torch
import torch.nn.functional as functional
from torch import nn

SIDE = 160
MASK_SIDE = SIDE // 2
WIDTHS = (16, 32, 48, 64, 64)  # two convolutions each on the way down, but for one in the deepest
MASK_COUNT = 3
TURNS = ['turned_0', 'turned_90', 'turned_180', 'turned_270']  # clockwise, of the picture against an upright one
ANSWERS = [*TURNS, 'mirrored', 'inverted', 'chest']


class Step(nn.Sequential):
    """Convolution 3x3, batch norm, rectifier."""

    def __init__(self, inputs, outputs, stride=1):
        super().__init__(nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class AnatomyNetwork(nn.Module):
    def __init__(self, widths=WIDTHS, channels=1, masks=MASK_COUNT, answers=len(ANSWERS)):
        super().__init__()
        self.down, self.narrow, self.up = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        before = channels
        for level, width in enumerate(widths):
            count = 1 if level == len(widths) - 1 else 2
            first = 2 if level == 0 else 1  # the first convolution halves; later resolutions begin with a pooling
            self.down.append(nn.Sequential(*[Step(before if k == 0 else width, width, first if k == 0 else 1) for k in range(count)]))
            before = width
        for width, below in zip(widths[:-1], widths[1:]):
            self.narrow.append(nn.Conv2d(below, width, 1))
            self.up.append(Step(width, width))
        self.masks = nn.Conv2d(widths[0], masks, 1)
        self.classifier = nn.Linear(widths[-1], answers)

    def levels(self, x):
        """The last value of each resolution on the way down, finest first."""
        values = []
        for index, down in enumerate(self.down):
            x = down(x if index == 0 else functional.max_pool2d(x, 2))
            values.append(x)
        return values

    def forward(self, x):
        *levels, x = self.levels(x)
        answers = self.classifier(x.mean((2, 3)))
        for level, narrow, up in zip(levels[::-1], list(self.narrow)[::-1], list(self.up)[::-1]):
            x = up(torch.relu(level + functional.interpolate(narrow(x), scale_factor=2.0, mode='nearest')))
        return self.masks(x), answers


def parameters(network):
    return sum(p.numel() for p in network.parameters())
