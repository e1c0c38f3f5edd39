"""Whether a made film is nobody's: how near it lies to real films, against how near films of different patients lie.

Nearness is the correlation of two films at 64 × 64 px without their mean, -1..1: blind to exposure and grain, which do not
make a film somebody's.
"""
import csv
import io
import pathlib
import tarfile

import numpy as np
import torch
import torch.nn.functional as functional
from PIL import Image

SIDE = 64
SAMPLED_PATIENTS = 600
LARGEST_SHARE = 0.2  # of one film in the mixture that a made film is


def signatures(films):
    """Unit vectors [n, SIDE²] of films [n, side, side]: their dot product is the correlation."""
    small = functional.interpolate(torch.from_numpy(np.array(films, np.float32))[:, None], size=(SIDE, SIDE), mode='area')
    flat = small.flatten(1) - small.flatten(1).mean(1, keepdim=True)
    return flat / flat.norm(dim=1, keepdim=True).clamp(min=1e-9)


class Neighbours:
    """All films of nih-128.tar, which holds those of nih-512.tar too."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        with open(folder / 'nih-labels.csv', newline='') as table:
            patient_of = {row['image']: int(row['patient']) for row in csv.DictReader(table)}
        films, patients = [], []
        with tarfile.open(folder / 'nih-128.tar') as pack:
            for member in pack:
                films.append(np.asarray(Image.open(io.BytesIO(pack.extractfile(member).read())).convert('L')))
                patients.append(patient_of[member.name.replace('.jpg', '.png')])
        self.known = torch.cat([signatures(np.stack(films[start:start + 512])) for start in range(0, len(films), 512)])
        patients = np.array(patients)
        sampled = np.random.default_rng(0).choice(np.unique(patients), SAMPLED_PATIENTS, replace=False)
        nearest = []
        for patient in sampled:
            one = self.known[np.flatnonzero(patients == patient)[0]]
            others = torch.from_numpy(patients != patient)
            nearest.append((self.known @ one)[others].max().item())
        self.typical = float(np.median(nearest))
        self.low, self.high = (float(np.percentile(nearest, percent)) for percent in (5, 95))

    def nearest(self, film):
        """The largest correlation of a film [side, side] with any film of the pack."""
        return (self.known @ signatures(film[None])[0]).max().item()
