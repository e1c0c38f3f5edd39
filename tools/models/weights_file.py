"""weights.safetensors, read and written; numpy only. The one place in Python that knows how weights are stored:

an I8 tensor X is int8 times X.scale, one scale per output channel; F32 and F16 are themselves.
"""
import json
import pathlib
import struct

import numpy as np

STORED = {'F32': np.dtype('<f4'), 'F16': np.dtype('<f2'), 'I8': np.dtype('i1'), 'I64': np.dtype('<i8')}
SCALE = '.scale'


def read(path):
    """{name: array} in file order, as stored; step counters of batch norm are left out."""
    file = pathlib.Path(path).read_bytes()
    begin = 8 + struct.unpack('<Q', file[:8])[0]
    tensors = {}
    for name, entry in json.loads(file[8:begin]).items():
        if name != '__metadata__' and not name.endswith('.num_batches_tracked'):
            first, last = entry['data_offsets']
            tensors[name] = np.frombuffer(file[begin + first:begin + last], STORED[entry['dtype']]).reshape(entry['shape'])
    return tensors


def widened(stored):
    """{name: float32 array} of tensors as stored."""
    weights = {}
    for name, tensor in stored.items():
        if name.endswith(SCALE) and name[:-len(SCALE)] in stored:
            continue
        weights[name] = tensor.astype(np.float32)
        if tensor.dtype == np.int8:
            weights[name] *= stored[name + SCALE].astype(np.float32).reshape((-1,) + (1,) * (tensor.ndim - 1))
    return weights


def read_widened(path):
    """{name: float32 array}: what the network is run with."""
    return widened(read(path))


def write(path, tensors):
    """Larger elements first, so that every tensor is aligned; then by name. The same tensors give the same bytes."""
    spelling = {dtype: name for name, dtype in STORED.items()}
    ordered = sorted(tensors, key=lambda name: (-tensors[name].dtype.itemsize, name))
    header, offset = {}, 0
    for name in ordered:
        tensor = tensors[name]
        header[name] = {'dtype': spelling[tensor.dtype], 'shape': list(tensor.shape),
                        'data_offsets': [offset, offset + tensor.nbytes]}
        offset += tensor.nbytes
    head = json.dumps(header, sort_keys=True, separators=(',', ':')).encode()
    head += b' ' * (-len(head) % 8)
    data = b''.join(tensors[name].tobytes() for name in ordered)
    pathlib.Path(path).write_bytes(struct.pack('<Q', len(head)) + head + data)
