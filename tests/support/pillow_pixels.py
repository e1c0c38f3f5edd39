#!/usr/bin/python3
"""Writes up to COUNT pictures of a folder or tar file to stdout, each as Pillow decodes it to 8-bit grey.

    pillow_pixels.py FOLDER_OR_TAR COUNT

Per picture: a line "name bytes width height", the file itself, the pixels. Nothing is written to disk.
"""
import io
import sys
import tarfile
from pathlib import Path

from PIL import Image


def files(path):
    if path.is_dir():
        for file in sorted(path.iterdir()):
            yield file.name, file.read_bytes()
    else:
        with tarfile.open(path) as tar:
            for member in tar:
                if member.isfile():
                    yield Path(member.name).name, tar.extractfile(member).read()


left = int(sys.argv[2])
for name, data in files(Path(sys.argv[1])):
    if left == 0:
        break
    if not name.lower().endswith((".png", ".jpg", ".jpeg")):
        continue
    left -= 1
    image = Image.open(io.BytesIO(data))
    grey = image.convert("RGB").convert("L") if image.mode not in ("L", "1") else image.convert("L")
    line = f"{name.replace(' ', '_')} {len(data)} {grey.width} {grey.height}\n"
    sys.stdout.buffer.write(line.encode() + data + grey.tobytes())
