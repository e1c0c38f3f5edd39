"""What a network is taught by: the films of the folds, further packs, and the probabilities that teachers give them.

Nothing that a kept-out patient's labels had a say in may teach: further films of those patients are left out, and a teacher
that saw one of them is refused. `patients` names everybody whose labels had a say, for whoever measures the network.
"""
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


def pack_films(folder, name):
    """[(name, square)] of the films that are taken of a pack without labels."""
    return [(f'{name}/{film}', picture) for film, picture in films_module.squares(Path(folder) / f'{name}.tar', WITHOUT_LABELS[name])]


def everything(films, folder, more):
    """(names, pixels) of all that a teacher may be asked about: Films, and all films of further packs."""
    names, pixels = list(films.names), [films.pixels]
    for pack in more:
        if pack == SMALL:
            further = small_films(folder, set())
            found = list(zip(further.names, further.pixels))
        else:
            found = pack_films(folder, pack)
        names += [name for name, _ in found]
        pixels.append(np.stack([picture for _, picture in found]))
    return names, np.concatenate(pixels)


@dataclass
class Said:
    """What a teacher says of films: a file of teach.py."""

    names: list
    values: np.ndarray  # [n, 14] probabilities
    patients: list  # whose labels had a say in it


def write_said(path, said):
    partial = Path(f'{path}.part.npz')
    np.savez(partial, names=np.array(said.names), values=said.values.astype(np.float16), patients=np.array(said.patients))
    partial.replace(path)


def read_said(path):
    try:
        with np.load(films_module.present(path)) as stored:
            return Said([str(n) for n in stored['names']], np.float32(stored['values']), [str(p) for p in stored['patients']])
    except (OSError, ValueError, KeyError) as error:
        raise films_module.DataError(f'{path} is no file of teach.py ({error}): make it again') from error


def refuse_known(path, patients, kept_out):
    """An error where whoever is measured on was seen."""
    known = set(patients) & kept_out
    if known:
        raise films_module.DataError(
            f'{path} saw {len(known)} of the {len(kept_out)} patients on whom its pupil is to be measured, expected none;'
            f' the first: {sorted(known)[:5]}'
        )


def beginnings_patients(path, kept_out):
    """Whom the weights saw that a network begins with: nobody where they are features alone, learnt without labels from here."""
    kept = {} if str(path).endswith('.safetensors') else inference.read_checkpoint(path)
    if kept and network_module.head_keys(kept['weights'])[0] not in kept['weights']:
        return set()
    if 'patients' not in kept:
        raise films_module.DataError(f'{path} does not say which patients it was trained on: train it with train.py --folds')
    refuse_known(path, kept['patients'], kept_out)
    return set(kept['patients'])


def taught(teachers, names, kept_out):
    """([n, 14] what the teachers say of these films on average, whom they saw)."""
    values, patients = np.zeros((len(names), len(films_module.LABELS)), np.float32), set()
    for path in teachers:
        said = read_said(path)
        refuse_known(path, said.patients, kept_out)
        place = {name: i for i, name in enumerate(said.names)}
        missing = [name for name in names if name not in place]
        if missing:
            raise films_module.DataError(
                f'{path} says nothing of {len(missing)} of {len(names)} films, the first {missing[:3]}: run teach.py with the same --more'
            )
        values += said.values[[place[name] for name in names]] / len(teachers)
        patients |= set(said.patients)
    return values, patients


def lessons_of(train, kept_out, folder, more=(), teachers=()):
    """train: Films; kept_out: patients that the network is measured on; more: of MORE, in `folder`; teachers: files of teach.py."""
    kept_out = set(kept_out)
    if SMALL in more:
        train = joined(train, small_films(folder, kept_out))
    targets, weights = targets_of(train)
    further = [film for name in more if name != SMALL for film in pack_films(folder, name)]
    pixels = np.concatenate([train.pixels, *(picture[None] for _, picture in further)])
    nothing = torch.zeros(len(further), targets.shape[1])
    targets, weights = torch.cat([targets, nothing]), torch.cat([weights, nothing])
    patients = set(train.column('patient'))
    if teachers:  # further columns of the targets, so that they are mixed as the films are
        values, seen = taught(teachers, train.names + [name for name, _ in further], kept_out)
        said = torch.from_numpy(values)
        targets, weights = torch.cat([targets, said], 1), torch.cat([weights, torch.ones_like(said)], 1)
        patients |= seen
    elif further:
        raise films_module.DataError(f'{len(further)} films of {", ".join(n for n in more if n != SMALL)} have no labels: give --teachers')
    return Lessons(pixels, targets, weights, train.labels, train.rows + [{}] * len(further), sorted(patients))
