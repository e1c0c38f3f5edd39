"""Weights kept beside the trained ones: a running average, two workers that share a network, and files
written whole."""
import os
from pathlib import Path

import torch


class Average:
    """Exponential moving average of weights and of batch-norm statistics; decay 0: the newest."""

    def __init__(self, network, decay):
        self.decay, self.steps = decay, 0
        self.state = {k: v.detach().clone() for k, v in network.state_dict().items()}

    @torch.no_grad()
    def update(self, network, shorter=False):
        """shorter: a memory of some hundred steps, for the end of the run, where the weights themselves
        settle."""
        self.steps += 1
        keep = min(self.decay, 0.99 if shorter else 1.0, (1 + self.steps) / (10 + self.steps))
        averaged = []
        for key, value in network.state_dict().items():
            if value.dtype.is_floating_point:
                averaged.append((self.state[key], value))
            else:
                self.state[key].copy_(value)
        if hasattr(torch, '_foreach_lerp_'):  # on a GPU one call is far quicker than hundreds; PyTorch 1.13 has none
            torch._foreach_lerp_(*map(list, zip(*averaged)), 1 - keep)
        else:
            for mine, value in averaged:
                mine.lerp_(value, 1 - keep)


class Partner:
    """Two single-threaded runs that train one network: each now and then moves towards the other's newest
    weights, in proportion to the steps the other did since (local SGD). On a shared machine two such runs
    do four times the work of one run with two threads, whose threads wait for each other."""

    def __init__(self, folder, worker, workers):
        self.folder, self.worker, self.workers = folder, worker, workers
        self.seen, self.last_step = {w: 0 for w in range(workers) if w != worker}, 0

    def path(self, worker):
        return self.folder / f'share-{worker}.pt'

    @torch.no_grad()
    def exchange(self, network, average, step):
        own = max(step - self.last_step, 1)
        for other in self.seen:
            try:
                theirs = load(self.path(other))
            except (OSError, RuntimeError, EOFError):
                continue
            done = theirs['step'] - self.seen[other]
            if done <= 0:
                continue
            share = min(done / (done + own), 0.5)
            for mine, news in ((network.state_dict(), theirs['weights']), (average.state, theirs['average'])):
                for key, value in mine.items():
                    if value.dtype.is_floating_point:
                        value.lerp_(news[key], share)
            self.seen[other] = theirs['step']
        self.last_step = step
        save(
            self.path(self.worker), {'step': step, 'weights': network.state_dict(), 'average': average.state}
        )


def load(path, device='cpu'):
    """What save() wrote: tensors and plain values. From PyTorch 2 on no code in the file is run; before, plain floats cannot be
    read that way."""
    plain = {'weights_only': True} if int(torch.__version__.split('.')[0]) >= 2 else {}
    return torch.load(path, map_location=device, **plain)


def halved(weights):
    """A state dict with its matrices in half precision, for files: their rounding is far below that of the stored integers."""
    return {key: value.half() if value.dtype == torch.float32 and value.ndim > 1 else value for key, value in weights.items()}


def widened(weights):
    return {key: value.float() if value.dtype == torch.float16 else value for key, value in weights.items()}


def save(path, content):
    """Writes beside the file and renames, so that an interruption leaves the old file whole."""
    partial = Path(str(path) + '.part')
    torch.save(content, partial)
    os.replace(partial, path)
