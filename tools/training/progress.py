"""The line that a long run keeps rewriting on a terminal, or adds to a log."""
import sys


def show(epoch, done, steps, words):
    """A bar for `done` of an epoch's steps and some words behind it; every tenth step and the last."""
    if done % 10 and done != steps:
        return
    bar = '#' * (20 * done // steps)
    end = '' if sys.stdout.isatty() else '\n'
    print(f'\repoch {epoch} [{bar:20}] {done}/{steps} {words}', end=end, flush=True)
