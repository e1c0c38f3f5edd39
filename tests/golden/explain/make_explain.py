#!/usr/bin/env python3
"""Writes what PyTorch's autograd says for every explanation method, on small random networks and a synthetic film.

    /usr/bin/python3 tests/golden/explain/make_explain.py        needs torch, torchvision and Pillow

Beside this file film.png, and for each network a folder: weights.safetensors and manifest.json (one channel, two findings,
64 x 64 pixels), and explain.json with each method's map. The MobileNetV2 is narrow; its batch norms have the statistics of
what they are given for the film, noisy and at several contrasts, and it is stored as models are shipped, in int8 (tools/models/pack.py).
The formulas are written out after pytorch-grad-cam (class activation maps) and
Captum (gradients), in float64; nothing here is shared with the code that is tested but the random numbers' definition
(SplitMix64, src/base/random.h).
"""
import hashlib
import json
import math
import pathlib
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torchvision.models.mobilenetv2 import Conv2dNormActivation, MobileNetV2

HERE = pathlib.Path(__file__).parent
sys.path.append(str(HERE.parents[2] / "tools/models"))
import pack
import weights_file

SIDE, CLASSES = 64, 2
BLOCKS, GROWTH, STEM, BOTTLENECK = (2, 2, 2), 4, 6, 2  # of the DenseNet
LAST = 48  # features of the MobileNetV2
MEAN, STD, THRESHOLD, FINDING = 0.5, 0.25, 0.4, 1


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def uniform(self):
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return ((z ^ (z >> 31)) >> 11) / 2.0**53

    def normal(self):
        radius = math.sqrt(-2 * math.log(1 - self.uniform()))
        return radius * math.cos(2 * math.pi * self.uniform())


def random_densenet():
    generator = torch.Generator().manual_seed(7)
    weights = {}

    def convolution(name, out, into, side):
        weights[name] = torch.randn(out, into, side, side, generator=generator) * math.sqrt(2 / (into * side * side))

    def norm(name, channels):
        weights[f"{name}.weight"] = 0.5 + torch.rand(channels, generator=generator)
        weights[f"{name}.bias"] = 0.3 * torch.randn(channels, generator=generator)
        weights[f"{name}.running_mean"] = 0.2 * torch.randn(channels, generator=generator)
        weights[f"{name}.running_var"] = 0.5 + torch.rand(channels, generator=generator)

    convolution("features.conv0.weight", STEM, 1, 7)
    norm("features.norm0", STEM)
    channels = STEM
    for block, layers in enumerate(BLOCKS, 1):
        for layer in range(1, layers + 1):
            name = f"features.denseblock{block}.denselayer{layer}"
            norm(f"{name}.norm1", channels)
            convolution(f"{name}.conv1.weight", BOTTLENECK * GROWTH, channels, 1)
            norm(f"{name}.norm2", BOTTLENECK * GROWTH)
            convolution(f"{name}.conv2.weight", GROWTH, BOTTLENECK * GROWTH, 3)
            channels += GROWTH
        if block < len(BLOCKS):
            norm(f"features.transition{block}.norm", channels)
            convolution(f"features.transition{block}.conv.weight", channels // 2, channels, 1)
            channels //= 2
    norm("features.norm5", channels)
    weights["classifier.weight"] = torch.randn(CLASSES, channels, generator=generator)
    weights["classifier.bias"] = torch.randn(CLASSES, generator=generator) * 0.2
    return {name: tensor.float() for name, tensor in weights.items()}


def narrow_mobilenet():
    settings = [[1, 16, 1, 1], [2, 24, 2, 2], [3, 32, 3, 2], [2, 64, 4, 2], [2, 96, 3, 1], [2, 160, 3, 2], [2, 320, 1, 1]]
    network = MobileNetV2(CLASSES, 0.25, settings)
    network.features[0][0] = torch.nn.Conv2d(1, network.features[0][0].out_channels, 3, 2, 1, bias=False)
    network.features[18] = Conv2dNormActivation(network.features[18][0].in_channels, LAST, 1, activation_layer=torch.nn.ReLU6)
    network.classifier[1] = torch.nn.Linear(LAST, CLASSES)
    return network


def random_mobilenet(film):
    """Narrow, with statistics of its batch norms measured on variants of the film; as stored in int8, and what that is worth."""
    torch.manual_seed(8)
    network = narrow_mobilenet()
    for module in network.modules():
        if isinstance(module, torch.nn.Conv2d):
            torch.nn.init.kaiming_normal_(module.weight)
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None  # the plain mean over all batches
            torch.nn.init.uniform_(module.weight, 0.5, 1)
            torch.nn.init.normal_(module.bias, 0.3, 0.5)
    torch.nn.init.normal_(network.classifier[1].weight, 0.1, 0.2)
    contrasts = torch.linspace(0.5, 1.5, 32)[:, None, None, None]
    with torch.no_grad():
        network.train()(contrasts * film.float() + 0.3 * torch.randn(32, *film.shape[1:]))
    state = {name: tensor.numpy() for name, tensor in network.state_dict().items() if not name.endswith("num_batches_tracked")}
    return pack.stored(state, "int8")


class MobileNet:
    """Reads like Network, of a MobileNetV2 in torchvision's names."""

    NAMES = {1: "block1", 3: "block2", 6: "block3", 13: "block4", 17: "block5", 18: "features"}

    def __init__(self, weights):
        self.network = narrow_mobilenet()
        self.network.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()}, strict=False)
        self.network.double().eval().requires_grad_(False)
        self.w = {f"classifier.{part}": self.network.state_dict()[f"classifier.1.{part}"] for part in ("weight", "bias")}

    def __call__(self, x, keep=None):
        for position, module in enumerate(self.network.features):
            x = module(x)
            if position in self.NAMES:
                x = kept(x, self.NAMES[position], keep)
        return self.network.classifier(x.mean((2, 3)))

    def score(self, x, keep=None):
        return self(x, keep)[:, FINDING]


def kept(x, name, keep):
    """x, noted down under its name, with its gradient later on, where a dict is given."""
    if keep is not None:
        x.requires_grad_() if not x.requires_grad else None
        x.retain_grad()
        keep[name] = x
    return x


class Network:
    """A DenseNet."""

    def __init__(self, weights):
        self.w = {name: tensor.double() for name, tensor in weights.items()}

    def norm_relu(self, x, name):
        w = self.w
        return F.relu(F.batch_norm(x, w[f"{name}.running_mean"], w[f"{name}.running_var"], w[f"{name}.weight"],
                                   w[f"{name}.bias"], eps=1e-5))

    def __call__(self, x, keep=None):
        w = self.w
        x = F.max_pool2d(self.norm_relu(F.conv2d(x, w["features.conv0.weight"], stride=2, padding=3), "features.norm0"), 3, 2, 1)
        for block, layers in enumerate(BLOCKS, 1):
            for layer in range(1, layers + 1):
                name = f"features.denseblock{block}.denselayer{layer}"
                y = F.conv2d(self.norm_relu(x, f"{name}.norm1"), w[f"{name}.conv1.weight"])
                x = torch.cat([x, F.conv2d(self.norm_relu(y, f"{name}.norm2"), w[f"{name}.conv2.weight"], padding=1)], 1)
            x = kept(x, f"block{block}", keep)
            if block < len(BLOCKS):
                x = F.conv2d(self.norm_relu(x, f"features.transition{block}.norm"), w[f"features.transition{block}.conv.weight"])
                x = F.avg_pool2d(x, 2)
        x = kept(self.norm_relu(x, "features.norm5"), "features", keep)
        return F.linear(x.mean((2, 3)), w["classifier.weight"], w["classifier.bias"])

    def score(self, x, keep=None):
        return self(x, keep)[:, FINDING]


def evidence(network, film):
    kept = {}
    network.score(film.clone().requires_grad_(), kept)
    w = network.w
    cam = torch.einsum("k,nkhw->nhw", w["classifier.weight"][FINDING], kept["features"].detach())
    return cam + w["classifier.bias"][FINDING] - math.log(THRESHOLD / (1 - THRESHOLD))


def fine_evidence(network, film):
    cells = evidence(network, film).shape[-1]
    step = SIDE // (4 * cells)
    values = [[[] for _ in range(4 * cells)] for _ in range(4 * cells)]
    for sy in range(-2, 2):
        for sx in range(-2, 2):
            at_y = (torch.arange(SIDE) - sy * step).clamp(0, SIDE - 1)
            at_x = (torch.arange(SIDE) - sx * step).clamp(0, SIDE - 1)
            cam = evidence(network, film[:, :, at_y][:, :, :, at_x])[0]
            for y in range(4 * cells):
                for x in range(4 * cells):
                    cy, cx = (y + sy) // 4, (x + sx) // 4
                    if 0 <= cy < cells and 0 <= cx < cells:
                        values[y][x].append(float(cam[cy, cx]))
    return np.array([[np.mean(v) for v in row] for row in values]), np.array([[np.std(v) for v in row] for row in values])


def occlusion(network, film):
    fill, whole, result = film.mean(), network.score(film).item(), np.zeros((14, 14))
    edge = lambda at: min(max(int(math.floor(at * SIDE / 14 + 0.5)), 0), SIDE)
    for y in range(14):
        for x in range(14):
            covered = film.clone()
            covered[:, :, edge(y - 0.5):edge(y + 1.5), edge(x - 0.5):edge(x + 1.5)] = fill
            result[y, x] = whole - network.score(covered).item()
    return result


def rise(network, film, count=384):
    random, cell = SplitMix64(1), math.ceil(SIDE / 7)
    masks = np.zeros((count, SIDE, SIDE))
    for i in range(count):
        grid = torch.tensor([[1.0 if random.uniform() < 0.5 else 0.0 for _ in range(7)] for _ in range(7)]).double()
        large = F.interpolate(grid[None, None], size=8 * cell, mode="bilinear", align_corners=False)[0, 0].numpy()
        left, top = int(random.uniform() * cell), int(random.uniform() * cell)
        masks[i] = large[top:top + SIDE, left:left + SIDE]
    scores = torch.sigmoid(network.score(film * torch.tensor(masks)[:, None])).numpy()
    return np.tensordot(scores, masks, 1) / masks.sum(0) - scores.mean()


def scaled(cam):
    """pytorch-grad-cam's scale_cam_image, after the ReLU of its BaseCAM."""
    cam = np.maximum(cam, 0)
    cam = cam - cam.min()
    return cam / (1e-7 + cam.max())


CAMS = {
    "grad-cam": lambda a, g: (g.mean((1, 2), keepdims=True) * a).sum(0),
    "grad-cam-plus-plus": lambda a, g: (
        (np.maximum(g, 0) * np.where(g != 0, g**2 / (2 * g**2 + a.sum((1, 2), keepdims=True) * g**3 + 1e-6), 0)
         ).sum((1, 2), keepdims=True) * a).sum(0),
    "hires-cam": lambda a, g: (g * a).sum(0),
    "layer-cam": lambda a, g: (np.maximum(g, 0) * a).sum(0),
}


def layer_cams(network, film):
    kept = {}
    network.score(film.clone().requires_grad_(), kept).sum().backward()
    result = {}
    for method, cam in CAMS.items():
        maps = {name: scaled(cam(x.detach().numpy()[0], x.grad.numpy()[0])) for name, x in kept.items()}
        size = maps["block1"].shape
        large = [F.interpolate(torch.tensor(m)[None, None], size=size, mode="bilinear", align_corners=False)[0, 0].numpy()
                 for m in maps.values()]
        maps["fused"] = scaled(np.mean(large, axis=0))
        result.update({f"{method} {layer}": values for layer, values in maps.items()})
    return result


def gradient(network, film):
    film = film.clone().requires_grad_()
    network.score(film).sum().backward()
    return film.grad.numpy()


def smooth_grad(network, film, count=24, noise=0.15):
    random, deviation = SplitMix64(2), noise * (film.max() - film.min()).item()
    total = np.zeros((SIDE, SIDE))
    for _ in range(count):
        noisy = film.numpy() + deviation * np.array([random.normal() for _ in range(film.numel())]).reshape(film.shape)
        total += np.abs(gradient(network, torch.tensor(noisy))[0].sum(0)) / count
    return total


def integrated_gradients(network, film, points=50):
    nodes, weights = np.polynomial.legendre.leggauss(points)
    total = sum(w / 2 * gradient(network, film * (1 + t) / 2)[0] for t, w in zip(nodes, weights))
    return (total * film.numpy()[0]).sum(0)


def film_values():
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    grey = 90 + 60 * x + 30 * np.sin(9 * y) + 70 * np.exp(-((x - 0.7)**2 + (y - 0.35)**2) / 0.02)
    grey -= 50 * np.exp(-((x - 0.25)**2 + (y - 0.6)**2) / 0.03)
    return np.clip(np.round(grey), 0, 255).astype(np.uint8)


def write_safetensors(weights):
    header, data = {}, b""
    for name, tensor in weights.items():
        raw = tensor.numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    return struct.pack("<Q", len(text)) + text + data


def write_manifest(folder, family, file):
    label = lambda name: {"id": name, "name": name, "explanation": "Random.", "calibration": {"kind": "none"}, "cutoff": 0.4}
    manifest = {
        "schema_version": 1, "id": f"random-{family}-64" if family != "densenet" else "random-64", "name": "Random", "version": "1", "licence": "Apache-2.0",
        "sources": ["Random numbers."], "limits": ["Knows nothing."], "notice": "For tests.",
        "files": {"weights.safetensors": {"sha256": hashlib.sha256(file).hexdigest(), "bytes": len(file)}},
        "architecture": {"family": family},
        "input": {"width": SIDE, "height": SIDE, "channels": 1, "fit": "centre-square-crop", "filter": "lanczos3",
                  "mean": [MEAN], "std": [STD]},
        "labels": [label("First"), label("Second")],
        "operating_points": [{"id": "only", "name": "Only", "explanation": "For tests.", "data": "No films.",
                              "thresholds": [THRESHOLD, THRESHOLD]}],
        "default_operating_point": "only",
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


def write(name, family, network, file, film):
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    (folder / "weights.safetensors").write_bytes(file)
    write_manifest(folder, family, file)
    fine, spread = fine_evidence(network, film)
    g = gradient(network, film)[0]
    maps = {"evidence": evidence(network, film)[0].numpy(), "fine-evidence": fine, "fine-evidence spread": spread,
            "occlusion": occlusion(network, film), "rise": rise(network, film), **layer_cams(network, film),
            "input-gradient": np.abs(g.sum(0)), "gradient-times-input": (g * film.numpy()[0]).sum(0),
            "smooth-grad": smooth_grad(network, film), "integrated-gradients": integrated_gradients(network, film)}
    logit = network.score(film).item()
    incomplete = abs(maps["integrated-gradients"].sum() - (logit - network.score(0 * film).item()))
    record = {"finding": "Second", "logit": logit, "completeness_error": incomplete, "maps": {}}
    for name, values in maps.items():
        step = max(1, values.shape[0] // 16)  # maps of pixels: every fourth row and column, to stay small
        record["maps"][name] = {"shape": list(values.shape), "step": step, "largest": float(np.abs(values).max()),
                                "values": [float(f"{v:.7g}") for v in values[::step, ::step].ravel()]}
    (folder / "explain.json").write_text(json.dumps(record, separators=(",", ":")).replace('},"', '},\n"') + "\n")


def main():
    pixels = film_values()
    Image.fromarray(pixels).save(HERE / "film.png")
    film = torch.tensor((pixels / 255.0 - MEAN) / STD)[None, None]

    weights = random_densenet()
    write("densenet", "densenet", Network(weights), write_safetensors(weights), film)

    path = HERE / "mobilenet_v2" / "weights.safetensors"
    path.parent.mkdir(exist_ok=True)
    stored = random_mobilenet(film)
    weights_file.write(path, stored)
    write("mobilenet_v2", "mobilenetv2", MobileNet(weights_file.widened(stored)), path.read_bytes(), film)


if __name__ == "__main__":
    torch.set_grad_enabled(True)
    main()
