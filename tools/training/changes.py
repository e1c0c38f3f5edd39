"""What happens to a chest film before a user shows it to the page, done to films of ours: windows, borders, tilts, and what the
page should name, such as an inverted film. For fitting and measuring the gate; training has changes of its own (augment.py).

A change is a function of (film [128, 128] uint8, random generator) that gives such a film.
"""
import numpy as np
from PIL import Image


def window(low, high):
    return lambda film, random: np.uint8(np.clip((np.float32(film) - low) * 255 / (high - low), 0, 255))


def border(share, grey):
    """A border of that share of the picture's side at every edge."""

    def change(film, random):
        side = len(film)
        inner = round(side * (1 - 2 * share))
        framed = np.full_like(film, grey)
        start = (side - inner) // 2
        framed[start : start + inner, start : start + inner] = resized(film, inner, inner)
        return framed

    return change


def resized(film, width, height):
    return np.asarray(Image.fromarray(film).resize((width, height), Image.Resampling.BILINEAR))


def tilted(film, random):
    angle = random.uniform(-10, 10)
    fill = int(np.median(film[[0, -1]]))
    return np.asarray(Image.fromarray(film).rotate(angle, Image.Resampling.BILINEAR, fillcolor=fill))


def mirrored(film, random):
    return np.ascontiguousarray(film[:, ::-1])


def soft(film, random):
    """As from a copy of a quarter to a half of the side."""
    side = int(random.integers(len(film) // 4, len(film) // 2 + 1))
    return resized(resized(film, side, side), len(film), len(film))


def inverted(film, random):
    return 255 - film


def turned(film, random):
    return np.ascontiguousarray(np.rot90(film, random.integers(1, 4)))


def side_by_side(film, random):
    """Two films in one picture, as from a workstation's screen: the film beside a changed copy of it, on black."""
    side = len(film)
    half = side // 2
    other = window(int(random.integers(0, 60)), int(random.integers(200, 256)))(film, random)
    if random.random() < 0.5:
        other = mirrored(other, random)
    high = int(side * random.uniform(0.5, 1.0))
    picture, top = np.zeros_like(film), (side - high) // 2
    for i, each in enumerate((film, other)):
        picture[top : top + high, i * half : (i + 1) * half] = resized(each, half, high)
    return picture


def photographed(film, random):
    """A film on a screen that somebody took a picture of: from aside, unevenly lit, with the grid of the screen's dots."""
    side = len(film)
    corners = [(0, 0), (0, side), (side, side), (side, 0)]
    moved = [(x + random.uniform(-0.08, 0.08) * side, y + random.uniform(-0.08, 0.08) * side) for x, y in corners]
    seen = Image.fromarray(film).transform((side, side), Image.Transform.QUAD, [v for corner in moved for v in corner],
                                           Image.Resampling.BILINEAR, fillcolor=int(random.integers(0, 90)))  # fmt: skip
    y, x = np.mgrid[:side, :side] / side
    step, angle = random.uniform(2.2, 6.0) / side, random.uniform(-0.3, 0.3)
    across, along = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    grid = 1 - random.uniform(0.08, 0.3) * (np.sin(2 * np.pi * across / step) * np.sin(2 * np.pi * along / step) + 1) / 2
    light = 1 - random.uniform(0, 0.5) * np.hypot(x - random.random(), y - random.random())
    grey = (np.float32(np.asarray(seen)) * random.uniform(0.6, 0.9) + random.uniform(10, 50)) * grid * light
    return np.uint8(np.clip(grey + random.normal(0, 3, grey.shape), 0, 255))


# A chest film remains one under these: no reason may be given.
MILD = {
    'window 40 to 235': window(40, 235),
    'window 60 to 220': window(60, 220),
    'black border of 10 %': border(0.10, 0),
    'black border of 25 %': border(0.25, 0),
    'white border of 10 %': border(0.10, 255),
    'white border of 25 %': border(0.25, 255),
    'tilted up to 10°': tilted,
    'mirrored': mirrored,
    'less sharp': soft,
}
# These have a reason of their own.
NAMED = {'inverted': inverted, 'rotated': turned, 'two-in-one': side_by_side, 'photographed-screen': photographed}


def changed(films, change, seed=0):
    """uint8 [n, side, side] of such films, each with its own chance."""
    return np.stack([change(film, np.random.default_rng([seed, i])) for i, film in enumerate(films)])
