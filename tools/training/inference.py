"""A trained network as it is shipped: 14 findings, 32-bit floats, no side tasks. Logits and evidence maps of
uint8 films."""
import pickle
from pathlib import Path

import numpy as np
import torch

import averaging
import films as films_module
import network as network_module
import precision


def read_checkpoint(path):
    """The dict of a best.pt or final.pt: weights, network (its name), side (its input's, px)."""
    path = Path(path)
    if not path.exists():
        raise films_module.DataError(f'{path} is missing: train first, or give another --checkpoint')
    try:
        kept = averaging.load(path)
        name, _, _ = kept['network'], kept['weights'], kept['side']
    except (RuntimeError, EOFError, KeyError, TypeError, pickle.UnpicklingError) as error:
        raise films_module.DataError(f'{path} is no checkpoint of train.py ({error})') from error
    if name not in network_module.NAMES:
        raise films_module.DataError(
            f'{path} holds a {name!r}; known are {", ".join(network_module.NAMES)}'
        )
    return {**kept, 'weights': averaging.widened(kept['weights'])}


def read_weights(path):
    """State dict of a checkpoint, or of shipped weights (.safetensors)."""
    packed = str(path).endswith('.safetensors')
    return network_module.read_packed(path) if packed else read_checkpoint(path)['weights']


def shipped_weights(path):
    """State dict with torchvision's names and 14 outputs, the network's name and its input's side."""
    kept = read_checkpoint(path)
    weights = dict(kept['weights'])
    keys = network_module.head_keys(weights)
    if keys[0] not in weights:
        raise films_module.DataError(f'{path} holds features alone, as pretrain.py keeps them: train them with train.py --begin-with')
    for key in keys:
        weights[key] = weights[key][: network_module.FINDINGS].clone()
    return weights, kept['network'], kept['side']


def any_finding_head(path):
    """(weights [features], bias) of the side task "any finding" of a checkpoint."""
    weights = read_checkpoint(path)['weights']
    row = network_module.ANY
    weight, bias = (weights[key] for key in network_module.head_keys(weights))
    return weight[row].float().numpy(), float(bias[row])


def restore(weights, name, side):
    """The network ready to run; it remembers the side of its input."""
    network = network_module.build(name, outputs=network_module.FINDINGS)
    try:
        network.load_state_dict(weights)
    except RuntimeError as error:
        raise films_module.DataError(f'the weights are not those of a {name}: {str(error)[:300]}') from error
    network.side = side
    return network.float().eval()


def mean_probabilities(checkpoints, pixels, device='cpu'):
    """[n, 14] probabilities of uint8 films, the mean over several trained networks, each at its own side; run in bf16."""
    device = torch.device(device)
    total = np.zeros((len(pixels), network_module.FINDINGS), np.float32)
    for path in checkpoints:
        network = restore(*shipped_weights(path)).to(device)
        with precision.autocast(device.type):
            logits = logits_and_features(network, pixels)
        total += 1 / (1 + np.exp(-logits)) / len(checkpoints)
    return total


@torch.no_grad()
def logits_and_features(network, pixels, batch=64, want_features=False):
    """[n, 14] logits of uint8 films [n, 128, 128], which are enlarged to the network's side as the page does; with
    want_features also the last feature maps [n, c, h, w] (after batch norm and relu)."""
    logits, features, linear = [], [], network_module.head(network)
    for start in range(0, len(pixels), batch):
        x = network_module.normalise(torch.from_numpy(np.ascontiguousarray(pixels[start : start + batch])))
        x = network_module.resize(x.to(linear.weight.device), network.side)
        last = torch.relu(network.features(x.contiguous(memory_format=torch.channels_last)))
        logits.append(linear(last.mean((2, 3))).float().cpu())
        if want_features:
            features.append(last.float().cpu())
    logits = torch.cat(logits).numpy()
    return (logits, torch.cat(features).numpy()) if want_features else logits


def evidence(network, features):
    """[n, 14, h, w] contributions: logit = bias + mean over cells."""
    weight = network_module.head(network).weight.detach().cpu().numpy()
    return np.einsum('nchw,kc->nkhw', features, weight)


def pooled_features(network, pixels, batch=64):
    """[n, c] means over cells of the last feature maps, run in bf16 where that is the processor's fast type: heads are
    fitted on thousands of films, and its rounding is far below what tells them apart."""
    parts = []
    for start in range(0, len(pixels), batch):
        with precision.autocast(network_module.head(network).weight.device.type):
            _, features = logits_and_features(network, pixels[start : start + batch], want_features=True)
        parts.append(features.mean((2, 3)))
    return np.concatenate(parts)


@torch.no_grad()
def outputs_of(network, pixels, side=128, batch=128):
    """Logits [n, outputs] of uint8 films; side below 128 shrinks them first (as in the early phase of
    training)."""
    network.eval()
    device, results = network_module.head(network).weight.device, []
    for start in range(0, len(pixels), batch):
        x = network_module.normalise(torch.from_numpy(pixels[start : start + batch]).to(device))
        x = network_module.resize(x, side).contiguous(memory_format=torch.channels_last)
        with precision.autocast(device.type):
            results.append(network(x).float().cpu())
    return torch.cat(results).numpy()
