#!/usr/bin/python3
"""Makes a start for grey films of a published MobileNetV2 that was trained on ImageNet.

Usage: imagenet_start.py --films FOLDER --folds folds.json --fold K --published FILE.tflite --out start.pt
FILE.tflite is tf2_mobilenet_v2_1.0_224_ptq.tflite of https://github.com/google-coral/test_data, commit 104342d, Apache-2.0:
52 convolutions in int8, batch norm folded into them. Here they become floats in torchvision's names, with the first
convolution summed over its colours. Batch norm begins with the statistics of some of the fold's training films, set so that
the network computes the same as the published one, also in training.
"""
import argparse
import hashlib
import struct
from pathlib import Path

import numpy as np
import torch

import films as films_module
import folds
import network as network_module
from averaging import save

SHA256 = '5d3137241276e79c86d14a74fe43581398ae0e815191d3dba45495b810840e8c'
SOURCE = 'https://github.com/google-coral/test_data, commit 104342d, tf2_mobilenet_v2_1.0_224_ptq.tflite, Apache-2.0'
CONVOLUTION, DEPTHWISE = 3, 4  # numbers of TensorFlow Lite's operators
KINDS = {2: '<i4', 9: 'i1'}  # of its tensors
SIDE, EVERY = 192, 45  # px of the films whose statistics are taken, and which of them


class Table:
    """A table of a flatbuffer: its fields by number."""

    def __init__(self, data, at):
        self.data, self.at = data, at
        self.fields = at - struct.unpack_from('<i', data, at)[0]
        self.size = struct.unpack_from('<H', data, self.fields)[0]

    def place(self, field):
        entry = 4 + 2 * field
        offset = struct.unpack_from('<H', self.data, self.fields + entry)[0] if entry < self.size else 0
        return self.at + offset if offset else 0

    def value(self, field, form='<i'):
        place = self.place(field)
        return struct.unpack_from(form, self.data, place)[0] if place else 0

    def follow(self, place):
        return place + struct.unpack_from('<I', self.data, place)[0]

    def table(self, field):
        return Table(self.data, self.follow(self.place(field)))

    def array(self, field, kind):
        if not self.place(field):
            return np.zeros(0, kind)
        start = self.follow(self.place(field))
        return np.frombuffer(self.data, kind, struct.unpack_from('<I', self.data, start)[0], start + 4)

    def tables(self, field):
        start = self.follow(self.place(field))
        count = struct.unpack_from('<I', self.data, start)[0]
        return [Table(self.data, self.follow(start + 4 + 4 * i)) for i in range(count)]


def tensor_of(tensor, buffers):
    """A stored tensor in floats: (integer - zero point) * scale, one scale for all or for each channel."""
    raw = buffers[tensor.value(2, '<I')].array(0, 'u1').tobytes()
    stored = np.frombuffer(raw, KINDS[tensor.value(1, '<b')]).reshape(tensor.array(0, '<i4')).astype(np.float64)
    quantisation = tensor.table(4)
    scale, zero = quantisation.array(2, '<f4'), quantisation.array(3, '<i8')
    shape = [1] * stored.ndim
    if len(scale) > 1:
        shape[quantisation.value(6)] = -1
    return (stored - zero.reshape(shape)) * scale.reshape(shape)


def convolutions(data):
    """[(weights as torch lays them out, bias)] in order of execution, without the classifier."""
    model = Table(data, struct.unpack_from('<I', data, 0)[0])
    codes = [max(code.value(0, '<b'), code.value(3)) for code in model.tables(1)]
    graph, buffers = model.tables(2)[0], model.tables(4)
    tensors, found = graph.tables(0), []
    for operator in graph.tables(3):
        code, inputs = codes[operator.value(0, '<I')], operator.array(1, '<i4')
        if code in (CONVOLUTION, DEPTHWISE):
            weights, bias = (tensor_of(tensors[i], buffers) for i in inputs[1:3])
            found.append((weights.transpose((3, 0, 1, 2) if code == DEPTHWISE else (0, 3, 1, 2)), bias))
    return found[:-1]


def published(path):
    data = Path(films_module.present(path)).read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != SHA256:
        raise films_module.DataError(f'{path} has the SHA-256 {digest}, expected {SHA256}: take it from {SOURCE}')
    return convolutions(data)


@torch.no_grad()
def start_of(found, pixels):
    """(features of MobileNetV2 with these convolutions, largest change of a feature by taking the statistics of `pixels`)."""
    features = network_module.build('mobilenetv2').features.eval()
    layers = [m for m in features.modules() if isinstance(m, (torch.nn.Conv2d, torch.nn.BatchNorm2d))]
    pairs = list(zip(layers[::2], layers[1::2]))
    if len(pairs) != len(found):
        raise films_module.DataError(f'{len(found)} convolutions, expected {len(pairs)}')
    for n, ((convolution, norm), (weights, bias)) in enumerate(zip(pairs, found)):
        if n == 0:  # grey; it was trained on v/127.5 - 1, which is half of ours
            weights = weights.sum(1, keepdims=True) * 0.5
        convolution.weight.copy_(torch.from_numpy(weights.astype(np.float32)))
        norm.bias.copy_(torch.from_numpy(bias.astype(np.float32)))
        norm.running_var.fill_(1 - norm.eps)
    x = network_module.resize(network_module.normalise(torch.from_numpy(pixels)), SIDE)
    seen = {}

    def look(norm, inputs, _):
        seen[norm] = inputs[0].mean((0, 2, 3)), inputs[0].var((0, 2, 3), unbiased=False)

    hooks = [norm.register_forward_hook(look) for _, norm in pairs]
    before = features(x)
    for hook in hooks:
        hook.remove()
    for _, norm in pairs:
        mean, variance = seen[norm]
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_((variance + norm.eps).sqrt())
        norm.bias.add_(mean)
    return features, float((features(x) - before).abs().max())


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    films_module.add_folder_option(options)
    for name in ('--folds', '--fold', '--published', '--out'):
        options.add_argument(name, required=True)
    options.add_argument('--cache')
    chosen = options.parse_args()
    found = published(chosen.published)
    films = films_module.load(chosen.films, chosen.cache, whole=True)
    train = films.take(np.where(folds.parts_of(films, chosen.folds, chosen.fold) == 'train')[0])
    features, change = start_of(found, train.pixels[::EVERY])
    print(f'{len(train.pixels[::EVERY])} films; largest change of a feature {change:.1e}')
    weights = {f'features.{key}': value for key, value in features.state_dict().items()}
    save(Path(chosen.out), {'network': 'mobilenetv2', 'side': SIDE, 'weights': weights, 'source': SOURCE})


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'imagenet_start: {error}')
