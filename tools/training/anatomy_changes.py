"""Films and their masks changed at random, for training the anatomy network: turns, mirror images, inversion, windows, borders,
crops, and pictures that are no chest. Not for measuring: anatomy_measure.py changes films on purpose, one way at a time.

Films and masks go in as uint8 [n,s,s] and [n,3,s,s]; grey goes out as the network reads it, masks as 0..1 at the network's mask side.
The frame that a crop or a zoom leaves is black, white or of one grey.
"""
import math

import torch
import torch.nn.functional as functional

import anatomy_network
import network as network_module

SIDE, MASK_SIDE = anatomy_network.SIDE, anatomy_network.MASK_SIDE
SEEN_FOR_CHEST = 0.6  # of each lung's area: less than that is half a film, and the answer "chest" is not asked for
UNSEEN = 0.15  # of one lung's area: less than that is no frontal chest


def uniform(n, low, high):
    return low + (high - low) * torch.rand(n)


def chance(n, share):
    return torch.rand(n) < share


def affine(turn, mirror, tilt, scale_x, scale_y, shift):
    """[n,2,3] for affine_grid: where each place of the output lies in the film. turn: quarters clockwise; tilt in radians."""
    angle = tilt - turn * (math.pi / 2)  # affine_grid maps output to input: a picture turned clockwise is read counterclockwise
    cos, sin = angle.cos(), angle.sin()
    flip = torch.where(mirror, -1.0, 1.0)
    return torch.stack([
        torch.stack([cos * scale_x * flip, -sin * scale_x * flip, shift[:, 0]], 1),
        torch.stack([sin * scale_y, cos * scale_y, shift[:, 1]], 1),
    ], 1)


def windowed(x):
    """x [n,1,s,s] of 0..1 through a random gamma, window and inversion; (x, inverted [n])."""
    n = len(x)
    x = x.clamp(0, 1) ** torch.exp(uniform(n, -0.7, 0.7))[:, None, None, None]
    low, high = uniform(n, -0.2, 0.25), uniform(n, 0.7, 1.3)
    x = ((x - low[:, None, None, None]) / (high - low)[:, None, None, None]).clamp(0, 1)
    dark, bright = uniform(n, 0, 0.2) * chance(n, 0.3), 1 - uniform(n, 0, 0.2) * chance(n, 0.3)
    x = dark[:, None, None, None] + x * (bright - dark)[:, None, None, None]
    inverted = chance(n, 0.3)
    return torch.where(inverted[:, None, None, None], 1 - x, x), inverted


def hidden(x):
    """Patches, letters and noise over x [n,1,s,s], in place."""
    n = len(x)
    for i in chance(n, 0.35).nonzero().flatten().tolist():
        for _ in range(int(torch.randint(1, 4, ()))):
            height, width = (int(SIDE * s) for s in (0.02 + 0.14 * torch.rand(2)).tolist())
            top, left = int(torch.randint(SIDE - height, ())), int(torch.randint(SIDE - width, ()))
            x[i, 0, top:top + height, left:left + width] = torch.rand(()).item()
    noisy = chance(n, 0.4) * uniform(n, 0, 0.08)
    return x + noisy[:, None, None, None] * torch.randn_like(x)


def blurred(x):
    """Some as coarse as the pictures that show no chest, so that sharpness tells nothing."""
    for factor in (2, 3):
        small = functional.interpolate(functional.avg_pool2d(x, factor), x.shape[2:], mode='bilinear', align_corners=False)
        x = torch.where(chance(len(x), 0.3)[:, None, None, None], small, x)
    return x


def framed(x, inside):
    """x outside `inside` [n,1,s,s] (0..1) in one grey of each film: mostly black."""
    n = len(x)
    grey = torch.where(chance(n, 0.7), torch.zeros(n), torch.where(chance(n, 0.5), torch.ones(n), torch.rand(n)))
    return x * inside + grey[:, None, None, None] * (1 - inside)


def changed(films, masks):
    """A batch: grey [n,1,160,160] normalised, masks [n,3,80,80], and answers: turn [n], mirrored, inverted, chest [n] 0/1 and
    asked [n] 0/1, whether "chest" is asked for."""
    n = len(films)
    turn = torch.where(chance(n, 0.5), torch.zeros(n), torch.randint(4, (n,)).float())
    mirror = chance(n, 0.35)
    tilt = uniform(n, -1, 1) * math.radians(15) * torch.where(chance(n, 0.2), 1.8, 0.7)
    scale = torch.exp(uniform(n, math.log(0.68), math.log(1.5)))
    stretch = torch.exp(uniform(n, -0.13, 0.13))
    shift = uniform((n, 2), -1, 1) * torch.where(chance(n, 0.25), 0.55, 0.16)[:, None]
    rows = affine(turn, mirror, tilt, scale * stretch, scale / stretch, shift)
    grid = functional.affine_grid(rows, (n, 1, SIDE, SIDE), align_corners=False)
    x = functional.grid_sample(films.float()[:, None] / 255, grid, align_corners=False, padding_mode='border')
    inside = ((grid.abs() <= 1).all(3)).float()[:, None]
    whole = masks.float() / 255
    whole = torch.where(mirror[:, None, None, None], whole[:, [1, 0, 2]], whole)  # a lung is named by its side of the picture
    before = (whole > 0.5).float().sum((2, 3))
    seen = functional.avg_pool2d(functional.grid_sample(whole, grid, align_corners=False, padding_mode='zeros') * inside, 2)
    area = (scale * scale)[:, None]  # pixels of the film in one of the output, at the film's side
    share = (seen > 0.5).float().sum((2, 3)) * (films.shape[-1] / MASK_SIDE) ** 2 * area / before.clamp(min=1)
    least = share[:, :2].amin(1)
    x = blurred(x)
    x, inverted = windowed(x)
    x = hidden(framed(x, inside))
    return {
        'x': (x - network_module.MEAN) / network_module.STD, 'masks': seen, 'turn': turn.long(), 'mirrored': mirror.float(),
        'inverted': inverted.float(), 'chest': (least >= SEEN_FOR_CHEST).float(),
        'asked': ((least >= SEEN_FOR_CHEST) | (least < UNSEEN)).float(),
    }


def jumbled(films):
    """Films [n,s,s] cut into 2 x 2 to 5 x 5 tiles that are put back in another order: greys of a chest, and no chest."""
    n, side = films.shape[0], films.shape[-1]
    result = films.clone()
    for i in range(n):
        count = int(torch.randint(3, 6, ()))
        size = side // count
        order = torch.randperm(count * count).tolist()
        for place, source in enumerate(order):
            (top, left), (from_top, from_left) = (divmod(k, count) for k in (place, source))
            result[i, top * size:(top + 1) * size, left * size:(left + 1) * size] = films[i, from_top * size:(from_top + 1) * size, from_left * size:(from_left + 1) * size]
    return result


def no_chest(pictures):
    """The same of pictures [n,s,s] uint8 that show no frontal chest."""
    empty = torch.zeros(len(pictures), anatomy_network.MASK_COUNT, *pictures.shape[1:], dtype=torch.uint8)
    batch = changed(pictures, empty)
    return {**batch, 'chest': torch.zeros(len(pictures)), 'asked': torch.ones(len(pictures))}
