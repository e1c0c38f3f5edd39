"""Films of nobody for the tests of tools/training: random greys, and a label table that belongs to them."""
import csv
import io
import pathlib
import sys
import tarfile

import numpy as np
from PIL import Image

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'tools' / 'training'))
import films


def row(name, patient, **values):
    made = {
        'image': name,
        'patient': patient,
        'age': '50',
        'sex': 'F',
        'view': 'PA',
        'resolution': '128',
        'source': 's',
    }
    made.update({label: '0' for label in films.LABELS})
    made.update(values)
    return made


def write_pack(folder, names, rows, side=128):
    random = np.random.default_rng(1)
    with tarfile.open(folder / films.PACK, 'w') as pack:
        for name in names:
            buffer = io.BytesIO()
            Image.fromarray(random.integers(0, 255, (side, side), np.uint8)).save(buffer, 'JPEG')
            member = tarfile.TarInfo(name.replace('.png', '.jpg'))
            member.size = buffer.tell()
            buffer.seek(0)
            pack.addfile(member, buffer)
    with open(folder / films.TABLE, 'w', newline='') as file:
        writer = csv.DictWriter(file, films.NEEDED_COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
