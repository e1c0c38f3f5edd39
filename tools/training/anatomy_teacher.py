"""The published network whose lung and heart masks teach the anatomy network, rebuilt from its Keras file.

It is auriml/lung-segmentation-2d, commit 2ff62c9 (a fork of imlab-uiip/lung-segmentation-2d, MIT; the fork names no licence):
its masks are used for training, and nothing of its file is shipped. Ten residual blocks at 400 px, then one transposed
convolution of stride 16. Output: two probabilities for every pixel, of both lungs together and of heart and clavicles
together. It knows upright frontal films only.

Needs h5py (Debian: python3-h5py). Errors: a file that is not this network is refused by its SHA-256.
"""
import hashlib
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as functional
from PIL import Image
from torch import nn

import films as films_module

SIDE = 400
SHA256_BEGINS = '192063fe'
WIDTHS = [(8, 7), (8, 3), (16, 3), (32, 3), (64, 3), (64, 1), (64, 3), (64, 1), (64, 3), (4, 1)]  # (channels, kernel) of each block
POOL_BEHIND = (1, 2, 3, 4)
FIRST_CONVOLUTION, FIRST_NORM = 28, 37  # Keras numbers the layers of the whole session


class Block(nn.Module):
    def __init__(self, inputs, width, kernel):
        super().__init__()
        self.first = nn.Conv2d(inputs, width, kernel, padding=kernel // 2)
        self.second = nn.Conv2d(width, width, kernel, padding=kernel // 2)
        self.shortcut = nn.Conv2d(inputs, width, 1)
        self.norms = nn.ModuleList(nn.BatchNorm2d(width, eps=1e-3) for _ in range(4))  # first, second, shortcut, sum

    def forward(self, x):
        inner = self.norms[1](self.second(functional.leaky_relu(self.norms[0](self.first(x)), 0.3)))
        return functional.leaky_relu(self.norms[3](inner + self.norms[2](self.shortcut(x))), 0.3)


class Teacher(nn.Module):
    def __init__(self):
        super().__init__()
        inputs = [1] + [width for width, _ in WIDTHS]
        self.blocks = nn.ModuleList(Block(n, width, kernel) for n, (width, kernel) in zip(inputs, WIDTHS))
        self.enlarge = nn.ConvTranspose2d(4, 2, 32, stride=16, padding=8)  # Keras "same": 8 cut on each side

    def forward(self, x):
        """x [n,1,400,400] as prepared() gives it; returns probabilities [n,2,400,400]."""
        for index, block in enumerate(self.blocks):
            x = block(x)
            if index in POOL_BEHIND:
                x = functional.max_pool2d(x, 2)
        return torch.sigmoid(self.enlarge(x))


def load(path):
    """The teacher in evaluation mode."""
    import h5py

    digest = hashlib.sha256(Path(films_module.present(path)).read_bytes()).hexdigest()
    if not digest.startswith(SHA256_BEGINS):
        raise films_module.DataError(f'{path} has SHA-256 {digest[:8]}…, expected {SHA256_BEGINS}…: take the file named in the README')
    teacher = Teacher()
    with h5py.File(path) as file:
        group = file['model_weights']

        def tensor(layer, name):
            return torch.from_numpy(np.array(group[layer][layer][name]))

        def fill(convolution, layer):
            convolution.weight.data = tensor(layer, 'kernel:0').permute(3, 2, 0, 1).contiguous()
            convolution.bias.data = tensor(layer, 'bias:0')

        for index, block in enumerate(teacher.blocks):
            for place, convolution in enumerate((block.first, block.second, block.shortcut)):
                fill(convolution, f'conv2d_{FIRST_CONVOLUTION + 3 * index + place}')
            for place, norm in enumerate(block.norms):
                layer = f'batch_normalization_{FIRST_NORM + 4 * index + place}'
                norm.weight.data, norm.bias.data = tensor(layer, 'gamma:0'), tensor(layer, 'beta:0')
                norm.running_mean, norm.running_var = tensor(layer, 'moving_mean:0'), tensor(layer, 'moving_variance:0')
        # A transposed kernel lies as [height, width, out, in] in Keras.
        teacher.enlarge.weight.data = tensor('conv2d_transpose_1', 'kernel:0').permute(3, 2, 0, 1).contiguous()
        teacher.enlarge.bias.data = tensor('conv2d_transpose_1', 'bias:0')
    return teacher.eval()


def prepared(picture):
    """[1,1,400,400] of a grey picture [h,w] uint8: resized, histogram equalised with 256 bins, then mean 0 and deviation 1."""
    grey = np.asarray(Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.BILINEAR), np.float32) / 255
    counts, edges = np.histogram(grey, 256)
    share = np.cumsum(counts) / grey.size
    even = np.interp(grey.ravel(), (edges[:-1] + edges[1:]) / 2, share).reshape(grey.shape)
    even = (even - even.mean()) / max(even.std(), 1e-6)
    return torch.from_numpy(even.astype(np.float32))[None, None]


@torch.no_grad()
def masks(teacher, picture):
    """([400,400] lungs, [400,400] heart and clavicles), probabilities."""
    both = teacher(prepared(picture))[0].numpy()
    return both[0], both[1]
