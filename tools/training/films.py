"""Films and labels as arrays: reads the packs once, checks them, and keeps them as uint8 tensors.

Not an augmenter and not a splitter. Films are grey, 128 x 128, uint8 0..255; labels are float 0/1 in the
order of LABELS. Every film is taken from the 128-px pack, whatever its source had, because source
resolution gives findings away.
"""
import csv
import io
import os
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

LABELS = [
    'Atelectasis',
    'Cardiomegaly',
    'Effusion',
    'Infiltration',
    'Mass',
    'Nodule',
    'Pneumonia',
    'Pneumothorax',
    'Consolidation',
    'Edema',
    'Emphysema',
    'Fibrosis',
    'Pleural_Thickening',
    'Hernia',
]
SIDE = 128
PACK = 'nih-128.tar'
TABLE = 'nih-labels.csv'
END_OF_TAR = 1024  # bytes of zeros that close a tar file
NEEDED_COLUMNS = ['image', 'patient', 'age', 'sex', 'view', 'resolution', 'source'] + LABELS


class DataError(Exception):
    """What was found, what was expected, what to do: one line for a person."""


def present(path):
    """The path, which must be there: a pack that other packs can do without."""
    if not Path(path).exists():
        raise DataError(f'{path} is missing: give the folder that holds it with --films')
    return path


def add_folder_option(options):
    """--films FOLDER for an argparse parser, by default $CHESTLIGHT_FILMS."""
    folder = os.environ.get('CHESTLIGHT_FILMS')
    options.add_argument(
        '--films', default=folder, required=not folder, help='folder with the packs and the label table'
    )


@dataclass
class Films:
    names: list  # image names as in the table, e.g. 00000002_000.png
    pixels: np.ndarray  # [n, 128, 128] uint8
    labels: np.ndarray  # [n, 14] float32 0/1
    rows: list  # the table's row (dict of strings) of each film

    def __len__(self):
        return len(self.names)

    def column(self, name):
        return np.array([row[name] for row in self.rows])

    def take(self, index):
        index = np.asarray(index)
        return Films(
            [self.names[i] for i in index],
            self.pixels[index],
            self.labels[index],
            [self.rows[i] for i in index],
        )

    def of(self, names):
        """The films of these names, in this object's order."""
        names = set(names)
        return self.take([i for i, name in enumerate(self.names) if name in names])


def read_table(path):
    """Rows of the label table by image name, and a list of complaints about rows that were left out."""
    path = Path(path)
    if not path.exists():
        raise DataError(
            f'{path} is missing: give the folder that holds {TABLE} with --films or CHESTLIGHT_FILMS'
        )
    rows, complaints = {}, []
    with open(path, newline='') as file:
        reader = csv.DictReader(file)
        missing = [c for c in NEEDED_COLUMNS if c not in (reader.fieldnames or [])]
        if missing:
            raise DataError(
                f'{path} lacks the columns {", ".join(missing)}: take the table that belongs to {PACK}'
            )
        for number, row in enumerate(reader, 2):
            wrong = [c for c in LABELS if row[c] not in ('0', '1')]
            if not row['image'] or not row['patient']:
                complaints.append(f'line {number}: no image name or no patient')
            elif wrong:
                complaints.append(
                    f'line {number} ({row["image"]}): {wrong[0]} is {row[wrong[0]]!r}, expected 0 or 1'
                )
            elif row['image'] in rows:
                complaints.append(f'line {number}: {row["image"]} appears a second time')
            else:
                rows[row['image']] = row
    return rows, complaints


def read_pack(path):
    """(name, uint8 image) of every film of a tar of grey JPEGs, and complaints about members that could not
    be read."""
    path = Path(path)
    if not path.exists():
        raise DataError(
            f'{path} is missing: give the folder that holds the packs with --films or CHESTLIGHT_FILMS'
        )
    with open(path, 'rb') as file:
        file.seek(max(0, path.stat().st_size - END_OF_TAR))
        if file.read().strip(b'\0') or path.stat().st_size < END_OF_TAR:
            raise DataError(
                f'{path} is cut off or no tar file (its closing zeros are missing): copy it again'
            )
    films, complaints = [], []
    try:
        with tarfile.open(path) as pack:
            for member in pack:
                if not member.isfile():
                    continue
                try:
                    image = Image.open(io.BytesIO(pack.extractfile(member).read())).convert('L')
                    films.append((member.name, np.asarray(image)))
                except OSError as error:
                    complaints.append(f'{member.name}: {error}')
    except (tarfile.ReadError, EOFError) as error:
        raise DataError(
            f'{path} is cut off or no tar file after {len(films)} films ({error}): copy it again'
        ) from error
    if not films:
        raise DataError(f'{path} holds no readable film: copy it again')
    return films, complaints


def square(image):
    """[128, 128] uint8: the centre square of a picture in grey, resized with Lanczos."""
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return np.asarray(image.crop((left, top, left + side, top + side)).resize((SIDE, SIDE), Image.Resampling.LANCZOS))


def squares(path, wanted=lambda name: True):
    """[(name, square)] of a tar of pictures."""
    found = []
    with tarfile.open(present(path)) as pack:
        for member in pack:
            if member.isfile() and wanted(member.name):
                found.append((member.name, square(Image.open(io.BytesIO(pack.extractfile(member).read())).convert('L'))))
    return found


def load(folder, cache=None, say=print, whole=False):
    """All films that have both pixels and a sound row; with `whole` a film or row too many is an error. Kept in `cache` (a .npz path) when given; the cache is
    rebuilt when the pack or the table changed size or time."""
    folder = Path(folder)
    rows, complaints = read_table(folder / TABLE)
    pack_path = folder / PACK
    stamp = ''
    if pack_path.exists():
        stamp = f'{pack_path.stat().st_size}:{pack_path.stat().st_mtime_ns}'
    names = pixels = None
    if cache and Path(cache).exists():
        with np.load(cache) as stored:
            if str(stored['stamp']) == stamp and stamp:
                names, pixels = [str(n) for n in stored['names']], stored['pixels']
    if names is None:
        films, broken = read_pack(pack_path)
        complaints += broken
        odd = [name for name, image in films if image.shape != (SIDE, SIDE)]
        complaints += [f'{name}: not {SIDE} x {SIDE}' for name in odd]
        films = [
            (name.rsplit('/', 1)[-1].replace('.jpg', '.png'), image)
            for name, image in films
            if image.shape == (SIDE, SIDE)
        ]
        names, pixels = [name for name, _ in films], np.stack([image for _, image in films])
        if cache:
            Path(cache).parent.mkdir(parents=True, exist_ok=True)
            partial = Path(str(cache) + '.part.npz')
            np.savez(partial, names=np.array(names), pixels=pixels, stamp=np.array(stamp))
            partial.rename(cache)
    unlabelled = [name for name in names if name not in rows]
    filmless = sorted(set(rows) - set(names))
    complaints += [f'{name}: film without a row in {TABLE}' for name in unlabelled]
    complaints += [f'{name}: row without a film in {PACK}' for name in filmless]
    if complaints and whole:
        raise DataError(
            f'{folder}: {len(names)} films in {PACK} and {len(rows)} sound rows in {TABLE}, expected one of each for the other;'
            f' {len(complaints)} do not fit: ' + '; '.join(complaints[:5]) + '. Copy both again'
        )
    if complaints and say:
        say(f'{len(complaints)} films or rows left out; the first: ' + '; '.join(complaints[:5]))
    keep = np.array([i for i, name in enumerate(names) if name in rows])
    if not len(keep):
        raise DataError(f'no film of {PACK} has a row in {TABLE}: the two do not belong together')
    names = [names[i] for i in keep]
    labels = np.array([[float(rows[name][label]) for label in LABELS] for name in names], np.float32)
    films = Films(names, pixels[keep], labels, [rows[name] for name in names])
    films.complaints = complaints
    return films
