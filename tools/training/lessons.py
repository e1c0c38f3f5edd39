"""What a network is taught by: the films of the folds, further packs, and the probabilities that teachers give them.

Nothing that a kept-out patient's labels had a say in may teach: further films of those patients are left out, and a teacher
that saw one of them is refused. `patients` names everybody whose labels had a say, for whoever measures the network.
"""
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

import films as films_module
import inference
import network as network_module
from objective import targets_of

SMALL = 'nih-64'  # further films of ChestX-ray14 that exist at 64 px only, with their labels
WITHOUT_LABELS = {  # further packs: which of their films are taken
    # its films of viral pneumonia are those of kermany-224
    'normal-covid-tb-viral-128': lambda name: '/Viral Pneumonia/' not in name,
    # the other half measures what carries over to children
    'kermany-224': lambda name: '/train/' in name,
}
MORE = [SMALL, *WITHOUT_LABELS]


@dataclass
class Lessons:
    pixels: np.ndarray  # [n, 128, 128] uint8
    targets: torch.Tensor  # [n, 18], and 14 more columns of the teachers
    weights: torch.Tensor  # the same shape; 0 where a film has no label
    labels: np.ndarray  # [m, 14] of the films that have labels, which are the first
    rows: list  # [n] of the label table, {} without
    patients: list  # whose labels had a say


def small_films(folder, kept_out):
    """The films of 64 px, enlarged, but those of patients kept out."""
    folder = Path(folder)
    rows, complaints = films_module.read_table(folder / f'{SMALL.replace("-", "-labels-")}.csv')
    pictures = {name.rsplit('/', 1)[-1].replace('.jpg', '.png'): p for name, p in films_module.squares(folder / f'{SMALL}.tar')}
    if complaints or set(pictures) != set(rows):
        raise films_module.DataError(
            f'{SMALL}.tar holds {len(pictures)} films, its table {len(rows)} sound rows, expected the same films in both;'
            f' the first that differ: {(complaints + sorted(set(pictures) ^ set(rows)))[:3]}'
        )
    names = [name for name in sorted(rows) if rows[name]['patient'] not in kept_out]
    labels = np.array([[float(rows[name][label]) for label in films_module.LABELS] for name in names], np.float32)
    pixels = np.stack([pictures[name] for name in names])
    return films_module.Films(names, pixels, labels, [rows[name] for name in names])


def joined(first, second):
    return films_module.Films(
        first.names + second.names,
        np.concatenate([first.pixels, second.pixels]),
        np.concatenate([first.labels, second.labels]),
        first.rows + second.rows,
    )


def teachers_patients(paths, kept_out):
    """Whom the teachers saw; an error where that is anybody of `kept_out`."""
    seen = set()
    for path in paths:
        kept = {} if str(path).endswith('.safetensors') else inference.read_checkpoint(path)
        if 'patients' not in kept:
            raise films_module.DataError(f'{path} does not say which patients it was trained on: train it with train.py --folds')
        known = set(kept['patients']) & kept_out
        if known:
            raise films_module.DataError(
                f'{path} saw {len(known)} of the {len(kept_out)} patients on whom its pupil is to be measured, expected none;'
                f' the first: {sorted(known)[:5]}'
            )
        seen |= set(kept['patients'])
    return seen


def beginnings_patients(path, kept_out):
    """Whom the weights saw that a network begins with: nobody where they are features alone, learnt without labels from here."""
    weights = {} if str(path).endswith('.safetensors') else inference.read_checkpoint(path)['weights']
    features_alone = weights and network_module.head_keys(weights)[0] not in weights
    return set() if features_alone else teachers_patients([path], kept_out)


def taught(teachers, pixels, cache, device):
    """[n, 14] mean probabilities of the teachers for films and mirrored films; kept in `cache` (a .npz path)."""
    key = json.dumps([hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in teachers] + [hashlib.sha256(pixels).hexdigest()])
    if cache and Path(cache).exists():
        with np.load(cache) as stored:
            if str(stored['key']) == key:
                return stored['values']
    mirrored = np.ascontiguousarray(pixels[:, :, ::-1])
    values = sum(inference.mean_probabilities(teachers, shown, device) / 2 for shown in (pixels, mirrored))
    if cache:
        partial = Path(f'{cache}.part.npz')
        np.savez(partial, key=np.array(key), values=values)
        partial.replace(cache)
    return values


def lessons_of(train, kept_out, folder, more=(), teachers=(), cache=None, device='cpu'):
    """train: Films; kept_out: patients that the network is measured on; more: of MORE, in `folder`; teachers: checkpoints."""
    kept_out = set(kept_out)
    if SMALL in more:
        train = joined(train, small_films(folder, kept_out))
    targets, weights = targets_of(train)
    pixels, rows = [train.pixels], list(train.rows)
    for name in more:
        if name == SMALL:
            continue
        further = np.stack([picture for _, picture in films_module.squares(Path(folder) / f'{name}.tar', WITHOUT_LABELS[name])])
        pixels.append(further)
        rows += [{}] * len(further)
    pixels = np.concatenate(pixels)
    nothing = torch.zeros(len(pixels) - len(train), targets.shape[1])
    targets, weights = torch.cat([targets, nothing]), torch.cat([weights, nothing])
    patients = set(train.column('patient')) | teachers_patients(teachers, kept_out)
    if teachers:  # further columns of the targets, so that they are mixed as the films are
        said = torch.from_numpy(taught(teachers, pixels, cache, device))
        targets, weights = torch.cat([targets, said], 1), torch.cat([weights, torch.ones_like(said)], 1)
    elif len(nothing):
        raise films_module.DataError(f'{len(nothing)} films of {", ".join(n for n in more if n != SMALL)} have no labels: give --teachers')
    return Lessons(pixels, targets, weights, train.labels, rows, sorted(patients))
