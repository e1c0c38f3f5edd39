"""A stored model as PyTorch runs it: weights.safetensors (int8, fp16 or fp32) into torchvision's DenseNet or MobileNetV2, and
films into its input as manifest.json says. The reference that golden logits come from; nothing here is shipped.

Needs torch, torchvision, numpy and Pillow (Debian: python3-torch python3-torchvision python3-numpy python3-pil).
"""
import re

import numpy as np
import torch
import torchvision
from PIL import Image

FILTERS = {'lanczos3': Image.Resampling.LANCZOS, 'triangle': Image.Resampling.BILINEAR, 'area': Image.Resampling.BOX}


def densenet(weights):
    """The DenseNet whose shape the tensors tell."""
    stem = weights['features.conv0.weight']
    counts = {}
    for name in weights:
        if found := re.match(r'features\.denseblock(\d+)\.denselayer(\d+)\.', name):
            block, layer = map(int, found.groups())
            counts[block] = max(counts.get(block, 0), layer)
    growth = weights['features.denseblock1.denselayer1.conv2.weight'].shape[0]
    bottleneck = weights['features.denseblock1.denselayer1.conv1.weight'].shape[0] // growth
    network = torchvision.models.DenseNet(growth_rate=growth, block_config=tuple(counts[b] for b in sorted(counts)),
                                          num_init_features=stem.shape[0], bn_size=bottleneck,
                                          num_classes=len(weights['classifier.bias']))
    network.features.conv0 = torch.nn.Conv2d(stem.shape[1], stem.shape[0], 7, 2, 3, bias=False)
    return network


def mobilenet(weights):
    """MobileNetV2 of torchvision's widths, with as many input channels and outputs as the tensors tell."""
    stem = weights['features.0.0.weight']
    network = torchvision.models.MobileNetV2(num_classes=len(weights['classifier.1.bias']))
    network.features[0][0] = torch.nn.Conv2d(stem.shape[1], stem.shape[0], 3, 2, 1, bias=False)
    return network


def build(weights):
    """The network that the tensors are of, with these weights, ready to run."""
    network = mobilenet(weights) if 'features.0.0.weight' in weights else densenet(weights)
    state = {name: torch.from_numpy(tensor.copy()) for name, tensor in weights.items()}
    missing, surplus = network.load_state_dict(state, strict=False)
    missing = [name for name in missing if not name.endswith('num_batches_tracked')]
    if missing or surplus:
        raise SystemExit(f'the weights are not those of a {type(network).__name__}: missing {missing[:3]}, surplus {surplus[:3]}')
    return network.eval()


def head_weight(weights):
    """[classes, channels] of the linear layer at the network's end."""
    return weights['classifier.1.weight' if 'classifier.1.weight' in weights else 'classifier.weight']


def network_input(film, spec):
    """float32 [channels, height, width] of a grey film (uint8 or uint16 array), as `input` of manifest.json says."""
    if spec['fit'] != 'centre-square-crop' or spec['width'] != spec['height']:
        raise SystemExit(f'only centre-square-crop into a square is made here, not {spec["fit"]}')
    if film.dtype == np.uint8:
        grey = film.astype(np.float32) / 255
    else:
        grey = (film.astype(np.float32) - film.min()) / (float(film.max()) - float(film.min()))
    height, width = grey.shape
    side = min(height, width)
    top, left = height // 2 - side // 2, width // 2 - side // 2
    square = Image.fromarray(grey[top:top + side, left:left + side], mode='F')
    detail = spec.get('detail', spec['width'])
    small = np.clip(np.asarray(square.resize((detail, detail), FILTERS[spec['filter']])), 0, 1)
    if detail < spec['width']:
        small = np.asarray(Image.fromarray(small, mode='F').resize((spec['width'], spec['height']), Image.Resampling.BILINEAR))
    return np.stack([(small - mean) / std for mean, std in zip(spec['mean'], spec['std'])]).astype(np.float32)


@torch.no_grad()
def run(network, inputs):
    """(logits [n, classes], features [n, channels, h, w] after the last rectifier) of float32 [n, c, h, w]."""
    features = torch.relu(network.features(torch.from_numpy(np.ascontiguousarray(inputs))))
    return network.classifier(features.mean((2, 3))).numpy(), features.numpy()
