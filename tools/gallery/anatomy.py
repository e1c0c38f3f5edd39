"""Drawn anatomy: ribs, clavicles, vertebrae, lung vessels and lesions as maps to add to a statistical film.

Everything is drawn in the mean film's own geometry (512 × 512 px, heart towards the right of the picture), before the
film's shape is applied, so that bones bend with the chest they belong to. Units: px and pixel values 0..1. These are
drawings by rule and by random number; no film is looked at. They are meant to look familiar, not to teach anatomy.
"""
import numpy as np

SIDE = 512
MIDLINE = 262.0
DIAPHRAGM = 352.0
# half-width of the rib cage (px) at a height (px)
CAGE_Y = np.array([40, 62, 80, 100, 140, 180, 220, 260, 300, 340, 400, 511], float)
CAGE_HALF_WIDTH = np.array([34, 62, 92, 112, 130, 142, 150, 157, 163, 168, 172, 174], float)

_y, _x = np.mgrid[0:SIDE, 0:SIDE].astype(float)


def smooth_step(value, low, high):
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def lungs(softness=14):
    """1 inside the two lung fields, 0 outside."""
    half = np.interp(_y, CAGE_Y, CAGE_HALF_WIDTH)
    side = np.abs(_x - MIDLINE)
    heart = np.where(_x > MIDLINE, 24 + 62 * smooth_step(_y, 170, 330), 24 + 16 * smooth_step(_y, 170, 300))
    dome = DIAPHRAGM + 18 * ((side - 95) / 70) ** 2
    return (smooth_step(half - side, 0, softness) * smooth_step(side - heart, -softness, softness)
            * smooth_step(dome - _y, -softness, softness) * smooth_step(_y, 52, 72))


def _band(centre, slope, width, edge):
    """A long bone around y = centre(x): a plateau of `width` px with brighter cortex at both sides."""
    across = (_y - centre) / np.sqrt(1 + slope ** 2)
    inside = smooth_step(width / 2 + 1.2 - np.abs(across), 0, 2.4)
    cortex = np.exp(-((np.abs(across) - width / 2 + 1.0) / 1.3) ** 2)
    return inside * 0.55 + edge * cortex


def _rib(side, start, drop, lift, width, reach):
    """A posterior rib: from the spine outwards, a little up, then down along the cage. side: -1 or +1."""
    half = np.interp(start + drop * 0.6, CAGE_Y, CAGE_HALF_WIDTH) * reach
    t = np.clip(((_x - MIDLINE) * side - 16) / (half - 16), 0, 1.0)
    centre = start - lift * np.sin(np.pi * np.minimum(t * 1.1, 1)) + drop * t ** 2.6
    slope = (drop * 2.6 * t ** 1.6) / (half - 16)
    along = (_x - MIDLINE) * side
    present = smooth_step(along, 12, 30) * smooth_step(half - along, -1, 5)
    return _band(centre, slope, width, 0.6) * present


def _front_rib(side, start, drop, width):
    """The front half of a rib: from the cage's side downwards to the middle, fainter, ending in cartilage."""
    half = np.interp(start, CAGE_Y, CAGE_HALF_WIDTH)
    t = np.clip((half - (_x - MIDLINE) * side) / half, 0, 1)
    centre = start + drop * t ** 0.75
    slope = np.minimum(drop * 0.75 * np.maximum(t, 0.03) ** -0.25 / half, 3)
    present = smooth_step(t, 0.0, 0.06) * (1 - smooth_step(t, 0.42, 0.62))
    return _band(centre, slope, width, 0.25) * present


def skeleton(rng):
    """Ribs, clavicles and vertebrae, to be added (about 0..0.1)."""
    bones = np.zeros((SIDE, SIDE))
    spacing = 31 + rng.normal(0, 0.8)
    for side in (-1, 1):
        tilt = rng.normal(0, 2.0)
        for number in range(10):
            start = 66 + tilt + spacing * number + rng.normal(0, 1.2)
            drop = 26 + 6.5 * number + rng.normal(0, 2)
            fade = 1.0 if number < 8 else 0.45
            bones += 0.050 * fade * _rib(side, start, drop, 5 + number * 0.6, 12.5 + rng.normal(0, 0.5), 0.985)
        for number in range(6):
            start = 118 + tilt + 37 * number + rng.normal(0, 2)
            bones += 0.028 * _front_rib(side, start, 62 + 5 * number, 14)
        t = np.clip(((_x - MIDLINE) * side - 20) / 150, 0, 1)
        centre = 92 + rng.normal(0, 2) - 34 * t + 9 * np.sin(2 * np.pi * t)
        along = (_x - MIDLINE) * side
        present = smooth_step(along, 16, 26) * smooth_step(178 - along, 0, 30)
        bones += 0.060 * _band(centre, 0.25, 15 - 3 * np.sin(np.pi * t), 0.45) * present
    spine = smooth_step(19 - np.abs(_x - MIDLINE), -3, 6)
    phase = np.cumsum(1 / np.interp(np.arange(SIDE), [0, SIDE - 1], [20, 33]))[:, None]
    discs = np.exp(-((phase % 1 - 0.5) / 0.10) ** 2)
    bones += 0.022 * spine * (1 - discs)
    return bones


def _stroke(canvas, start, end, width, strength):
    """Adds the maximum of a soft line to the canvas."""
    (x0, y0), (x1, y1) = start, end
    reach = 3 * width + 2
    left, right = int(max(0, min(x0, x1) - reach)), int(min(SIDE, max(x0, x1) + reach + 1))
    top, bottom = int(max(0, min(y0, y1) - reach)), int(min(SIDE, max(y0, y1) + reach + 1))
    if left >= right or top >= bottom:
        return
    x, y = _x[top:bottom, left:right], _y[top:bottom, left:right]
    dx, dy = x1 - x0, y1 - y0
    t = np.clip(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy + 1e-9), 0, 1)
    distance = np.hypot(x - x0 - t * dx, y - y0 - t * dy)
    window = canvas[top:bottom, left:right]
    np.maximum(window, strength * np.exp(-(distance / width) ** 2), out=window)


def vessels(rng):
    """Lung vessels branching outwards from the two hila, to be added (about 0..0.12)."""
    canvas = np.zeros((SIDE, SIDE))

    def grow(x, y, angle, width, length):
        if width < 0.55:
            return
        steps = max(2, int(length / 6))
        for _ in range(steps):
            angle += rng.normal(0, 0.10)
            nx, ny = x + 6 * np.cos(angle), y + 6 * np.sin(angle)
            _stroke(canvas, (x, y), (nx, ny), width, 0.034 * width ** 0.65)
            x, y = nx, ny
        spread = rng.uniform(0.25, 0.55)
        grow(x, y, angle + spread, width * rng.uniform(0.62, 0.82), length * rng.uniform(0.65, 0.95))
        grow(x, y, angle - spread, width * rng.uniform(0.62, 0.82), length * rng.uniform(0.65, 0.95))

    for side, hilum in ((-1, (222, 205)), (1, (300, 195))):
        for bearing in (-1.15, -0.75, -0.3, 0.15, 0.5, 0.85, 1.15):
            angle = bearing + rng.normal(0, 0.1)
            grow(hilum[0], hilum[1] + 22 * bearing, angle if side > 0 else np.pi - angle,
                 rng.uniform(2.6, 4.0), rng.uniform(26, 46))
    return canvas * smooth_step(lungs(20), 0.0, 0.7)


def nodule(x, y, radius, strength=0.24):
    """A round opacity with a soft rim; (x, y) its centre, px of the mean film."""
    distance = np.hypot(_x - x, (_y - y) * 1.06)
    return strength * smooth_step(radius + 5 - distance, 0, 11) * (0.6 + 0.4 * np.sqrt(
        np.clip(1 - (distance / radius) ** 2, 0, 1)))


def effusion(side, level):
    """How much of each place is fluid, 0..1: below `level` px, its upper edge rising to the chest wall (meniscus)."""
    half = np.interp(_y, CAGE_Y, CAGE_HALF_WIDTH)
    along = (_x - MIDLINE) * side
    inward = np.clip((half - along) / half, 0, 1)  # 0 at the wall, 1 at the midline
    edge = level - 70 * np.exp(-inward / 0.12) + 6 * inward
    inside = smooth_step(half - along, -30, -4) * smooth_step(along, 24, 70)
    return smooth_step(_y - edge, -6, 16) * inside * smooth_step(470 - _y, 0, 110)


def pneumothorax(side, gap):
    """Air outside a collapsed lung: returns (darkening map, a thin bright pleural line, mask where no vessel runs)."""
    half = np.interp(_y, CAGE_Y, CAGE_HALF_WIDTH)
    along = (_x - MIDLINE) * side
    width = gap * (1.25 - 0.75 * smooth_step(_y, 70, 330))
    edge = half - 8 - width
    crown = 62 + 0.75 * gap  # the fallen apex
    depth = np.minimum(edge - along, (_y - crown) * 0.9)  # > 0 inside the lung
    cage = smooth_step(half - 6 - along, 0, 8) * smooth_step(_y, 58, 72) * smooth_step(along, 26, 40)
    free = cage * smooth_step(-depth, -1, 3) * smooth_step(345 - _y, 0, 30)
    line = np.exp(-(depth / 1.5) ** 2) * cage * smooth_step(335 - _y, 0, 40)
    return free, line


def consolidation(rng, x, y, width, height, strength=0.24):
    """A patchy, cloud-like opacity that fades outwards."""
    cloud = np.exp(-(((_x - x) / width) ** 2 + ((_y - y) / height) ** 2) ** 1.4)
    spectrum = np.fft.rfft2(rng.normal(size=(SIDE, SIDE)))
    fy, fx = np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE)[None]
    patches = np.fft.irfft2(spectrum / (0.008 + np.hypot(fx, fy)) ** 1.6, s=(SIDE, SIDE))
    patches = (patches - patches.mean()) / patches.std()
    return strength * cloud * np.clip(0.85 + 0.22 * patches, 0.2, 1.4)


def large_heart(growth):
    """How much of each place is heart, 0..1; growth in px to the picture's right, a third of it to the left."""
    distance = np.where(_x > MIDLINE + 10, (_x - MIDLINE - 10) / (88 + growth), (MIDLINE + 10 - _x) / (58 + growth / 3))
    height = np.where(_y < 290, (290 - _y) / (112 + growth * 0.35), (_y - 290) / 90)
    return smooth_step(1 - np.hypot(distance, height), -0.04, 0.16)
