"""The geometric phantom: exact shapes at known places, as a 16-bit grey PNG, for tests of geometry and of pixel values.

Not an anatomical picture. 512 × 384 px (not square: a crop or letterbox must be undone), every value an integer that a
test can state. Coordinates are pixel indices, x to the right, y down; ranges are half open.
"""
import struct
import zlib

import numpy as np

WIDTH, HEIGHT = 512, 384
BACKGROUND = 8192
STEPS = [4096 * step for step in range(16)]  # 0, 4096, … 61440: bars 24 px wide from x = 64, y in [320, 352)
TARGET = (352, 96, 24, 60000)                # disc: centre x, centre y, radius, value
SQUARE = (96, 64, 64, 64, 32768)             # x, y, width, height, value
CORNER = (0, 0, 8, 8, 65535)                 # marks the first pixel's corner


def pixels():
    film = np.full((HEIGHT, WIDTH), BACKGROUND, np.uint16)
    for step, value in enumerate(STEPS):
        film[320:352, 64 + 24 * step:88 + 24 * step] = value
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    cx, cy, radius, value = TARGET
    film[(x - cx) ** 2 + (y - cy) ** 2 <= radius ** 2] = value
    for left, top, width, height, value in (SQUARE, CORNER):
        film[top:top + height, left:left + width] = value
    for spacing in range(8):  # line pairs: 1, 2, … 8 px lines from x = 96, y = 176 downwards
        period = 2 * (spacing + 1)
        columns = np.arange(96, 96 + 16 * period) if period * 16 < 256 else np.arange(96, 352)
        film[176 + 16 * spacing:188 + 16 * spacing, columns] = np.where((columns - 96) % period < period // 2, 49152, 16384)
    film[176:304, 400:480] = (np.arange(128)[:, None] * 512).astype(np.uint16)  # ramp downwards: row r is 512 · r
    return film


def png16(film):
    """A 16-bit grey PNG, filter 2 (up) on every row; no clock and no library version in the bytes but zlib's."""
    def chunk(kind, body):
        return struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body))
    rows = film.astype('>u2').view(np.uint8).reshape(film.shape[0], -1)
    above = np.vstack([np.zeros_like(rows[:1]), rows[:-1]])
    filtered = np.hstack([np.full((len(rows), 1), 2, np.uint8), rows - above])
    header = struct.pack('>IIBBBBB', film.shape[1], film.shape[0], 16, 0, 0, 0, 0)
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', header) + chunk(b'IDAT', zlib.compress(filtered.tobytes(), 9))
            + chunk(b'IEND', b''))
