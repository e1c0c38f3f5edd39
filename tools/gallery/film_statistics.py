"""A statistical chest film: mean and principal components of shape and of appearance, from a few hundred aligned films.

Films are aligned to their common mean by smooth displacement fields before anything is averaged (an active appearance
model), so that the mean keeps its ribs and borders instead of washing them out. What leaves this module is averages
only: a mean, components, amplitudes. No pixel of any one film does.

Units: pixels are 0..1 (0 black); displacements are in grid_sample's coordinates, -1..1 over the film's width.
"""
import csv
import io
import pathlib
import tarfile

import numpy as np
import torch
import torch.nn.functional as functional
from PIL import Image

SIDE = 512          # of the films that are made, px
ALIGN_SIDE = 128    # alignment runs at this size
GRID = 20           # control points per side of a displacement field


def read_films(folder, count):
    """Up to `count` upright adult PA films of nih-512.tar, one per patient, as uint8 [n, SIDE, SIDE]."""
    folder = pathlib.Path(folder)
    with open(folder / 'nih-labels.csv', newline='') as table:
        rows = {row['image']: row for row in csv.DictReader(table)}
    films, patients = [], set()
    with tarfile.open(folder / 'nih-512.tar') as pack:
        for member in pack:
            row = rows[member.name.replace('.jpg', '.png')]
            if row['view'] != 'PA' or int(row['age']) < 18 or row['patient'] in patients:
                continue
            film = np.asarray(Image.open(io.BytesIO(pack.extractfile(member).read())).convert('L'))
            if np.mean(film < 6) > 0.12:  # black margins: turned or shuttered films blur the mean's border
                continue
            patients.add(row['patient'])
            films.append(film)
            if len(films) == count:
                break
    return np.stack(films)


def standardise(films):
    """Equal mean and spread over the middle of each film, so that exposure is not the first component."""
    pixels = films.astype(np.float32) / 255
    middle = pixels[:, SIDE // 8:-SIDE // 8, SIDE // 8:-SIDE // 8]
    mean, spread = middle.mean((1, 2), keepdims=True), middle.std((1, 2), keepdims=True)
    return np.clip((pixels - mean) / spread * 0.21 + 0.5, 0, 1)


def blur(images, sigma):
    """Gaussian blur of [n, c, h, w], reflecting at the border."""
    radius = int(3 * sigma + 0.5)
    offsets = torch.arange(-radius, radius + 1, dtype=torch.float32)
    kernel = torch.exp(-offsets ** 2 / (2 * sigma ** 2))
    kernel = kernel / kernel.sum()
    channels = images.shape[1]
    rows = functional.pad(images, (radius, radius, 0, 0), mode='reflect')
    rows = functional.conv2d(rows, kernel.expand(channels, 1, 1, -1), groups=channels)
    columns = functional.pad(rows, (0, 0, radius, radius), mode='reflect')
    return functional.conv2d(columns, kernel[:, None].expand(channels, 1, -1, 1), groups=channels)


def identity_grid(side):
    """Pixel centres in grid_sample's coordinates (align_corners=False), [1, side, side, 2]."""
    axis = (torch.arange(side, dtype=torch.float32) + 0.5) / side * 2 - 1
    y, x = torch.meshgrid(axis, axis, indexing='ij')
    return torch.stack([x, y], -1)[None]


def dense_field(control, side):
    """Control points [n, 2, GRID, GRID] to a displacement per pixel, [n, side, side, 2]."""
    field = functional.interpolate(control, size=(side, side), mode='bicubic', align_corners=True)
    return field.permute(0, 2, 3, 1)


def warp(images, field):
    """images(x + field(x)); [n, c, h, w] by [n, h, w, 2]."""
    grid = identity_grid(images.shape[-1]) + field
    return functional.grid_sample(images, grid, mode='bilinear', padding_mode='border', align_corners=False)


def align(pixels, report):
    """Displacement control points [n, 2, GRID, GRID] that carry each film onto the common mean, groupwise."""
    small = functional.interpolate(torch.from_numpy(pixels)[:, None], size=(ALIGN_SIDE, ALIGN_SIDE), mode='area')
    base = blur(small, 8)
    detail = (small - base) / (blur((small - base) ** 2, 8).sqrt() + 0.03)
    features = torch.cat([detail, (small - 0.5) * 3], 1)
    control = torch.zeros(len(pixels), 2, GRID, GRID, requires_grad=True)
    for sigma, stiffness, steps, rate in ((4.0, 4.0, 45, 0.01), (2.0, 1.5, 45, 0.006), (1.0, 0.6, 45, 0.004)):
        optimiser = torch.optim.Adam([control], rate)
        smoothed = blur(features, sigma)
        for step in range(steps):
            moved = warp(smoothed, dense_field(control, ALIGN_SIDE))
            if step % 5 == 0:
                target = moved.detach().mean(0, keepdim=True)
            across = (control[..., 1:] - control[..., :-1]).pow(2).sum()
            down = (control[..., 1:, :] - control[..., :-1, :]).pow(2).sum()
            loss = (moved - target).pow(2).mean((1, 2, 3)).sum() + stiffness * (across + down)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            with torch.no_grad():  # the mean film keeps its place
                control -= control.mean(0, keepdim=True)
        report(f'  aligned at blur {sigma}: mean square {(moved - target).pow(2).mean().item():.4f}')
    return control.detach()


def inverse_field(field):
    """The w with w(y) = -u(y + w(y)), by fixed point; [n, h, w, 2]."""
    forward = field.permute(0, 3, 1, 2)
    inverse = -forward
    for _ in range(8):
        inverse = -warp(forward, inverse.permute(0, 2, 3, 1))
    return inverse.permute(0, 2, 3, 1)


def principal_components(samples, count):
    """Mean [d], components [count, d] scaled to one standard deviation each, mixing weights [count, n]."""
    mean = samples.mean(0)
    centred = samples - mean
    values, vectors = np.linalg.eigh(centred @ centred.T)
    order = np.argsort(values)[::-1][:count]
    weights = vectors[:, order].T / np.sqrt(len(samples) - 1)
    return mean, (weights @ centred).astype(np.float32), weights.astype(np.float32)


def band_amplitudes(residual):
    """Root mean square of what the components leave out, per octave and place: [bands, SIDE, SIDE] over all films."""
    sums = None
    for film in residual:
        image = torch.from_numpy(film)[None, None]
        bands = []
        for sigma in BAND_SIGMAS:
            low = blur(image, sigma)
            bands.append((image - low)[0, 0])
            image = low
        power = torch.stack(bands).pow(2)
        sums = power if sums is None else sums + power
    return blur((sums / len(residual)).sqrt()[None], 6)[0].numpy()


BAND_SIGMAS = (0.8, 1.6, 3.2, 6.4)


def learn(folder, report, film_count=320, appearance_count=90, shape_count=40):
    """All statistics that the generator draws from, as a dict of arrays."""
    films = read_films(folder, film_count)
    report(f'{len(films)} films of as many patients')
    pixels = standardise(films)
    control = align(pixels, report)
    aligned = np.empty_like(pixels)
    inverse = []
    for index in range(len(pixels)):
        image = torch.from_numpy(pixels[index])[None, None]
        field = dense_field(control[index:index + 1], SIDE)
        aligned[index] = warp(image, field)[0, 0].numpy()
        small = inverse_field(dense_field(control[index:index + 1], ALIGN_SIDE)).permute(0, 3, 1, 2)
        inverse.append(functional.interpolate(small, size=(GRID, GRID), mode='bilinear', align_corners=True).numpy())
    flat = aligned.reshape(len(aligned), -1)
    mean, components, weights = principal_components(flat, appearance_count)
    scores = (flat - mean) @ components.T / (components ** 2).sum(1)
    residual = (flat - mean - scores @ components).reshape(aligned.shape)
    shape_mean, shape_components, _ = principal_components(np.stack(inverse).reshape(len(inverse), -1), shape_count)
    return {
        'mean': mean.reshape(SIDE, SIDE), 'components': components.reshape(-1, SIDE, SIDE), 'weights': weights,
        'shape_mean': shape_mean.reshape(2, GRID, GRID),
        'shape_components': shape_components.reshape(-1, 2, GRID, GRID),
        'bands': band_amplitudes(residual),
        'plain_mean': pixels.mean(0),
    }
