"""A trained network as it is shipped: 14 findings, 32-bit floats, no side tasks. Logits and evidence maps of
uint8 films."""
import pickle
from pathlib import Path

import numpy as np
import torch

import films as films_module
import network as network_module


def shipped_weights(path):
    """State dict with torchvision's names and 14 outputs, and the network's name, of a best.pt or final.pt."""
    path = Path(path)
    if not path.exists():
        raise films_module.DataError(f'{path} is missing: train first, or give another --checkpoint')
    try:
        kept = torch.load(path, map_location='cpu')
        weights, name = dict(kept['weights']), kept['network']
    except (RuntimeError, EOFError, KeyError, TypeError, pickle.UnpicklingError) as error:
        raise films_module.DataError(f'{path} is no checkpoint of train.py ({error})') from error
    if name not in network_module.CONFIGURATIONS:
        raise films_module.DataError(
            f'{path} holds a {name!r}; known are {", ".join(network_module.CONFIGURATIONS)}'
        )
    for key in ('classifier.weight', 'classifier.bias'):
        weights[key] = weights[key][: network_module.FINDINGS].clone()
    return weights, name


def restore(weights, name):
    network = network_module.build(name, outputs=network_module.FINDINGS)
    try:
        network.load_state_dict(weights)
    except RuntimeError as error:
        raise films_module.DataError(f'the weights are not those of a {name}: {str(error)[:300]}') from error
    return network.eval()


@torch.no_grad()
def logits_and_features(network, pixels, batch=64, want_features=False):
    """[n, 14] logits; with want_features also the last feature maps [n, c, h, w] (after batch norm and relu)."""
    logits, features = [], []
    for start in range(0, len(pixels), batch):
        x = network_module.normalise(torch.from_numpy(np.ascontiguousarray(pixels[start : start + batch])))
        last = torch.relu(network.features(x.contiguous(memory_format=torch.channels_last)))
        logits.append(network.classifier(last.mean((2, 3))))
        if want_features:
            features.append(last)
    logits = torch.cat(logits).numpy()
    return (logits, torch.cat(features).numpy()) if want_features else logits


def evidence(network, features):
    """[n, 14, h, w] contributions: logit = bias + mean over cells."""
    weight = network.classifier.weight.detach().numpy()
    return np.einsum('nchw,kc->nkhw', features, weight)
