#!/usr/bin/env python3
"""Makes the synthetic example films of web/examples/ and their index.json. No patient's film is in them.

    python3 tools/gallery/make.py FILMS [--model models/<id>] [--out web/examples]

FILMS (or the environment's CHESTLIGHT_FILMS) is a folder with nih-512.tar, nih-128.tar and nih-labels.csv. Needs numpy, Pillow,
torch and torchvision. Same films, same model and same seed give the same pictures.

Each film is drawn from averages: a mean chest and principal components of its shape and appearance (film_statistics),
with ribs, vessels and lesions drawn by rule (anatomy), and noise with the average film's strength per octave. The
components are then moved until the model's scores say what the film is meant to show, by evidence where it was drawn.
Before anything is written the script checks that the result is nobody's film: its nearest film of 11,503 must be less like
it than a real film's nearest of another patient typically is like that, and no film may weigh more than a fifth in the
mixture (privacy_distance.py).
"""
import argparse
import hashlib
import io
import json
import os
import pathlib

import numpy as np
import torch
import torch.nn.functional as functional
from PIL import Image

import anatomy
import film_statistics as statistics
import phantom
from model import Network
from privacy_distance import LARGEST_SHARE, Neighbours

SIDE = statistics.SIDE
SPREAD = 0.62          # of the components' own spread
LARGEST_SPREAD = 0.85  # of the films after they were moved
SOFT_TISSUE = 0.68     # pixel value of the heart and of fluid in the mean film
LESION = 0.6           # of a drawn lesion's strength: there the evidence for it should be
ASTRAY = 0.3           # weight of evidence elsewhere, beside scores that are lacking
HIGH, LOW = 97, 55     # percentiles of the pack's logits: above is shown, below is quiet
BYTES = 150 * 1024
JPEG_QUALITY = 90


def plans():
    """What each film shows: file, name, description, seed, findings to raise, lesion(rng) → maps."""
    def nothing(rng):
        return {}

    def heart(rng):
        return {'opaque': 0.85 * anatomy.large_heart(30)}

    def fluid(rng):
        return {'opaque': np.maximum(anatomy.effusion(-1, 286), 0.4 * anatomy.effusion(1, 338))}

    def round_shadow(rng):
        return {'add': anatomy.nodule(166, 168, 22) + anatomy.nodule(372, 252, 9, 0.14)}

    def free_air(rng):
        free, line = anatomy.pneumothorax(1, 46)
        return {'free': free, 'add': 0.14 * line - 0.15 * free}

    def patch(rng):
        return {'add': anatomy.consolidation(rng, 160, 292, 62, 58)}

    return [
        ('clear.jpg', 'Nothing above threshold', 'A chest drawn to keep every score low.', 17, [], nothing),
        ('cardiomegaly.jpg', 'Large heart', 'The heart is drawn wider than half of the chest.', 22,
         ['Cardiomegaly'], heart),
        ('effusion.jpg', 'Pleural effusion',
         'Fluid with a meniscus in the right pleural space (left of the picture), a little in the left.', 33,
         ['Effusion'], fluid),
        ('mass.jpg', 'Mass and nodule',
         'A round opacity in the right upper zone, a smaller one in the left mid zone.', 44, ['Mass', 'Nodule'],
         round_shadow),
        ('pneumothorax.jpg', 'Pneumothorax',
         'Air beside the left lung (right of the picture): a thin pleural line, no vessels beyond it.', 55,
         ['Pneumothorax'], free_air),
        ('consolidation.jpg', 'Consolidation', 'A patchy opacity in the right lower zone.', 66,
         ['Consolidation', 'Pneumonia', 'Infiltration'], patch),
    ]


def texture(rng, bands):
    """Noise of random phase with the average film's amplitude per octave and place."""
    total = np.zeros((SIDE, SIDE), np.float32)
    for sigma, amplitude in zip(statistics.BAND_SIGMAS, bands):
        noise = torch.from_numpy(rng.normal(size=(1, 1, SIDE, SIDE)).astype(np.float32))
        if sigma > statistics.BAND_SIGMAS[0]:
            noise = statistics.blur(noise, sigma / 2)
        noise = noise - statistics.blur(noise, sigma)
        total += (noise / noise.std())[0, 0].numpy() * amplitude
    return total


def without_markers(model):
    """The averages with the upper corners smoothed, where side markers and lettering of many films add up."""
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    corner = anatomy.smooth_step(np.abs(x - anatomy.MIDLINE), 118, 150) * anatomy.smooth_step(118 - y, 0, 30)
    corner = torch.from_numpy(corner.astype(np.float32))

    def smoothed(images, sigma):
        images = torch.from_numpy(images)
        return (images + corner * (statistics.blur(images[:, None], sigma)[:, 0] - images)).numpy()

    bands = model['bands'] * (1 - 0.75 * corner.numpy())
    return model | {'components': smoothed(model['components'], 12), 'mean': smoothed(model['mean'][None], 3)[0],
                    'bands': bands}


def tone(film):
    """The film's curve: a little more contrast, soft towards black and white."""
    return torch.sigmoid((film - 0.5) * 5.2)


class Painter:
    """One film as a differentiable function of its component scores."""

    def __init__(self, model, seed, lesion):
        rng = np.random.default_rng(seed)
        self.components = torch.from_numpy(model['components'].reshape(len(model['components']), -1))
        self.shape_components = torch.from_numpy(model['shape_components'])
        self.shape_mean = torch.from_numpy(model['shape_mean'])
        parts = lesion(rng)
        self.place = torch.from_numpy(sum((np.abs(part) for part in parts.values()), np.zeros((SIDE, SIDE))).astype(np.float32))
        vessels = anatomy.vessels(rng) * (1 - parts.get('free', 0))
        drawn = anatomy.skeleton(rng) + vessels + parts.get('add', 0)
        drawn = drawn + parts.get('opaque', 0) * np.maximum(SOFT_TISSUE - model['mean'] - 0.5 * vessels, 0)
        self.base = torch.from_numpy((model['mean'] + drawn - drawn.mean() * 0.5).astype(np.float32))
        self.texture = torch.from_numpy(texture(rng, model['bands']))
        self.scores = torch.from_numpy(rng.normal(size=len(self.components)).astype(np.float32) * SPREAD)
        self.shape = torch.from_numpy(rng.normal(size=len(self.shape_components)).astype(np.float32) * SPREAD)
        # a collimator's edge: nearly straight, a few px inside the picture
        edges = rng.uniform(7, 14, 4)
        y, x = np.mgrid[0:SIDE, 0:SIDE] + 0.5
        inside = np.minimum.reduce([x - edges[0], SIDE - edges[1] - x, y - edges[2], SIDE - edges[3] - y])
        self.collimator = torch.from_numpy(np.clip(inside / 2, 0, 1).astype(np.float32))
        self.grain = torch.from_numpy(rng.normal(0, 0.006, (SIDE, SIDE)).astype(np.float32))

    def smaller(self, side):
        """The same film at another size, px: quick enough to be moved step by step."""
        copy = object.__new__(Painter)
        copy.__dict__.update(self.__dict__)
        for name in ('base', 'place', 'texture', 'collimator', 'grain'):
            image = getattr(self, name)[None, None]
            setattr(copy, name, functional.interpolate(image, size=(side, side), mode='area')[0, 0])
        images = self.components.view(-1, 1, *self.base.shape)
        copy.components = functional.interpolate(images, size=(side, side), mode='area').flatten(1)
        return copy

    def paint(self, scores, shape):
        """[1, 1, side, side], 0..1."""
        side = len(self.base)
        appearance = self.base + (scores @ self.components).view(side, side) + self.texture
        return (tone(self._in_shape(appearance, shape)) + self.grain).clamp(0, 1) * self.collimator

    @torch.no_grad()
    def drawn(self, shape):
        """Where the lesion lies in the film of that shape: [1, 1, side, side], 0 without any; not differentiable."""
        return self._in_shape(self.place, shape)

    def _in_shape(self, image, shape):
        control = self.shape_mean + torch.tensordot(shape, self.shape_components, 1)
        return statistics.warp(image[None, None], statistics.dense_field(control[None], len(image)))


def cells_of(place, shape):
    """Which cells of a map of that shape hold a good part of the lesion: [rows, columns] of booleans."""
    cells = functional.adaptive_max_pool2d(place, shape)[0, 0]
    return cells >= LESION * cells.max()


def astray(maps, place):
    """By how much the strongest evidence elsewhere comes near or above that in the lesion, per map [maps, rows, columns]."""
    lesion = cells_of(place, maps.shape[1:])
    if lesion.all():  # nothing was drawn
        return torch.zeros(len(maps))
    return functional.relu(maps[:, ~lesion].amax(1) - maps[:, lesion].amax(1) + 1)


def move(painter, network, raised, high, low, steps=60):
    """Component scores that bring the raised findings above `high` logits, by evidence in the lesion, and the others below `low`."""
    painter = painter.smaller(min(SIDE, 1 << (network.side - 1).bit_length()))
    scores, shape = painter.scores.clone().requires_grad_(True), painter.shape.clone().requires_grad_(True)
    optimiser = torch.optim.Adam([scores, shape], 0.045)
    raised_mask = torch.tensor([label in raised for label in network.labels])
    for _ in range(steps):
        maps = network.evidence(painter.paint(scores, shape))
        logits = network.total(maps)[0]
        lacking = torch.where(raised_mask, 2 * functional.relu(high - logits), 0.5 * functional.relu(logits - low))
        elsewhere = astray(maps[0, raised_mask], painter.drawn(shape))
        moved = (scores - painter.scores).pow(2).sum() + (shape - painter.shape).pow(2).sum()
        loss = lacking.sum() + ASTRAY * elsewhere.sum() + 0.012 * moved
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        with torch.no_grad():
            for value in (scores, shape):
                spread = value.pow(2).mean().sqrt()
                value *= min(1.0, LARGEST_SPREAD / spread.item())
    return scores.detach(), shape.detach()


def seen_in(network, file, raised, logits):
    """The findings that the film is meant to show and the model calls at its default thresholds: at least one, or none at all
    where none is meant."""
    thresholds = network.thresholds()
    if thresholds is None:
        return []
    called = [label for label, logit, line in zip(network.labels, logits, thresholds) if logit >= line]
    seen = [label for label in called if label in raised]
    if bool(seen) != bool(raised) or (not raised and called):
        raise SystemExit(f'{file}: meant to show {raised or "nothing"}, the model calls {called or "nothing"}; change its seed')
    return seen


def check_places(file, seen, maps, place):
    """Ends where the strongest evidence for a finding lies where nothing was drawn; maps of the findings in their order."""
    lesion = cells_of(place, maps.shape[1:]).flatten()
    elsewhere = [label for label, peak in zip(seen, maps.flatten(1).argmax(1)) if not lesion[peak]]
    if elsewhere:
        raise SystemExit(f'{file}: the evidence for {", ".join(elsewhere)} is strongest outside of what was drawn; change its seed')


def encode(film):
    buffer = io.BytesIO()
    Image.fromarray(film).save(buffer, 'JPEG', quality=JPEG_QUALITY, optimize=True)
    return buffer.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('films', nargs='?', default=os.environ.get('CHESTLIGHT_FILMS'))
    parser.add_argument('--model', default='models/mobilenetv2-nih')
    parser.add_argument('--out', default='web/examples')
    parser.add_argument('--statistics', help='an .npz that keeps the learned averages between runs')
    options = parser.parse_args()
    if not options.films:
        parser.error('name the folder of the film pack, or set CHESTLIGHT_FILMS')
    torch.manual_seed(0)
    torch.set_num_threads(2)

    kept = pathlib.Path(options.statistics) if options.statistics else None
    if kept and kept.exists():
        model = dict(np.load(kept))
    else:
        model = statistics.learn(options.films, print)
        if kept:
            np.savez(kept, **model)
    model = without_markers(model)
    films = statistics.read_films(options.films, len(model['weights'][0]))
    network = Network(options.model)
    pack = torch.from_numpy(films.astype(np.float32) / 255)[:, None]
    with torch.no_grad():
        pack_logits = torch.cat([network.logits(part) for part in pack.split(32)])
    high, low = (torch.quantile(pack_logits, percentile / 100, dim=0) for percentile in (HIGH, LOW))
    if network.thresholds() is not None:  # clearly across the line that the page draws
        high, low = network.thresholds() + 0.8, network.thresholds() - 0.4
    neighbours = Neighbours(options.films)

    out = pathlib.Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    index = []

    def add(file, name, description, width, height, data, shows=()):
        if len(data) > BYTES:
            raise SystemExit(f'{file}: {len(data)} bytes, expected at most {BYTES}')
        (out / file).write_bytes(data)
        index.append({'file': file, 'name': name, 'description': description, 'synthetic': True, 'shows': list(shows),
                      'width': width, 'height': height, 'sha256': hashlib.sha256(data).hexdigest()})

    print(f'a real film and the nearest of another patient: correlation {neighbours.typical:.3f} '
          f'({neighbours.low:.3f} to {neighbours.high:.3f} for nine in ten)')
    for file, name, description, seed, raised, lesion in plans():
        painter = Painter(model, seed, lesion)
        scores, shape = move(painter, network, raised, high, low)
        with torch.no_grad():
            picture = painter.paint(scores, shape)[0, 0]
        data = encode(np.uint8(picture.numpy() * 255 + 0.5))
        decoded = np.asarray(Image.open(io.BytesIO(data)))
        film = torch.from_numpy(decoded.astype(np.float32) / 255)[None, None]
        with torch.no_grad():
            maps = network.evidence(film)
        logits = network.total(maps)[0]
        nearest = neighbours.nearest(decoded)
        # the film before its curve is the mean plus a mixture of the pack's films: the largest weight in it
        share = np.abs(scores.numpy() @ model['weights']).max() + 1 / len(films)
        if nearest > neighbours.typical or share > LARGEST_SHARE:
            raise SystemExit(f'{file}: too near to somebody (nearest {nearest:.3f}, largest share {share:.3f})')
        wanted = ' '.join(f'{label} {logit:.2f} (>{line:.2f})' for label, logit, line in
                          zip(network.labels, logits, high) if label in raised)
        loud = [label for label, logit, line in zip(network.labels, logits, low + 0.3)
                if label not in raised and logit > line]
        print(f'{file}: {len(data)} bytes, nearest film {nearest:.3f}, largest share {share:.3f}; {wanted}; '
              f'also above the quiet line: {", ".join(loud) or "none"}', flush=True)
        seen = seen_in(network, file, raised, logits)
        check_places(file, seen, maps[0, [network.labels.index(label) for label in seen]], painter.drawn(shape))
        add(file, name, description, SIDE, SIDE, data, seen)
    add('phantom.png', 'Geometric phantom',
        'Exact shapes at known places in 16 bits: a disc, a square, a step wedge, line pairs. No chest.',
        phantom.WIDTH, phantom.HEIGHT, phantom.png16(phantom.pixels()))
    (out / 'index.json').write_text(json.dumps(index, indent=1, ensure_ascii=False) + '\n')


if __name__ == '__main__':
    main()
