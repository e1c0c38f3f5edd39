"""What is done to a film before the network sees it in training: one batch at a time, on normalised [n, 1,
h, w].

Rotation, scale, shift and mirror in one resampling; detail that small sources lack; contrast, brightness and gamma; sharpness and noise
(so that those of a source tell little); a grey patch; blank edges and corners, where letters are burnt in. No
upside-down films. Mirroring follows CheXNet's recipe.
"""
import math

import torch
import torch.nn.functional as functional


def augment(x, side, strength=1.0, films=None, masks=None, blur=0.0):
    """x [n,1,h,w] about -2..2, returns [n,1,side,side]. strength 0 only resizes. With masks [m,s,s], one of each of
    `films` [m] (rows of x), also those, moved as their films were. blur: share of the films that lose what 64 px cannot show."""
    n, device = len(x), x.device
    if blur:
        small = functional.interpolate(functional.avg_pool2d(x, 2), x.shape[2:], mode='bilinear', align_corners=False)
        x = torch.where(torch.rand(n, 1, 1, 1, device=device) < blur, small, x)

    def uniform(*shape):
        return torch.rand(*shape, device=device)

    def spread(*shape):
        return (uniform(*shape) * 2 - 1) * strength

    angle = spread(n) * math.radians(12)
    scale = 1 + spread(n) * 0.18 - 0.03 * strength
    stretch = 1 + spread(n) * 0.06
    mirror = torch.where(uniform(n) < 0.5, -1.0, 1.0) if strength else torch.ones(n, device=device)
    shift = spread(n, 2) * 0.12
    cos, sin = scale * angle.cos(), scale * angle.sin()
    rows = torch.stack(
        [
            torch.stack([cos * mirror, -sin * stretch, shift[:, 0]], 1),
            torch.stack([sin * mirror, cos * stretch, shift[:, 1]], 1),
        ],
        1,
    )
    grid = functional.affine_grid(rows, (n, 1, side, side), align_corners=False)
    smooth = functional.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
    sharpness = uniform(n, 1, 1, 1) * 1.6 - 1  # -1: softened, 0.6: sharpened
    x = x + strength * sharpness * (x - smooth)
    x = functional.grid_sample(x, grid, align_corners=False, padding_mode='border')
    unit = ((x + 2) / 4).clamp(1e-3, 1)
    unit = unit ** torch.exp(spread(n, 1, 1, 1) * 0.3)
    x = (unit * 4 - 2) * (1 + spread(n, 1, 1, 1) * 0.25) + spread(n, 1, 1, 1) * 0.3
    x = x + strength * 0.04 * uniform(n, 1, 1, 1) * torch.randn_like(x)
    for i in (torch.rand(n) < 0.25 * strength).nonzero().flatten().tolist():
        size = int(side * (0.1 + 0.2 * torch.rand(()).item()))
        top, left = (torch.rand(2) * (side - size)).int().tolist()
        x[i, :, top : top + size, left : left + size] = torch.randn(()).item() * 0.5
    for i in (torch.rand(n) < 0.4 * strength).nonzero().flatten().tolist():
        hide_edge(x[i, 0])
    if masks is None:
        return x
    if len(films):
        masks = functional.grid_sample(masks[:, None], grid[films], align_corners=False)[:, 0]
    return x, masks


def hide_edge(film):
    """Blanks a strip along one edge, or one corner, of a film [side, side] in place: letters, markers and the collimator
    lie there, and they tell more of the machine than of the patient."""
    side, place = len(film), int(torch.randint(4, ()))
    depth, along = (int(side * (0.04 + share * torch.rand(()).item())) for share in (0.1, 0.26))

    def strip(width, far):
        return slice(side - width, side) if far else slice(0, width)

    if torch.rand(()) < 0.5:
        where = (strip(along, place & 1), strip(along, place & 2))
    else:
        where = (strip(depth, place & 1), slice(None)) if place & 2 else (slice(None), strip(depth, place & 1))
    film[where] = torch.rand(()).item() * 3 - 2


def mix(x, targets, weights, alpha=0.4):
    """Mixup: x, targets and target weights of a batch blended with those of the shuffled batch."""
    share = torch.distributions.Beta(alpha, alpha).sample().item()
    share = max(share, 1 - share)
    order = torch.randperm(len(x))
    return (
        share * x + (1 - share) * x[order],
        share * targets + (1 - share) * targets[order],
        (share * weights + (1 - share) * weights[order]) * (weights * weights[order] > 0),
    )
