"""The course of a run: warm-up, constant rate, then a straight line to zero; small films first.

Either by epochs, which gives the same run on every machine, or by the clock, for a run in the background
of other work whose share of the processor nobody knows beforehand.
"""
import datetime
import time


def clock(text):
    """The next moment the clock shows HH:MM, in seconds of time.time()."""
    hours, minutes = map(int, text.split(':'))
    now = datetime.datetime.now()
    then = now.replace(hour=hours, minute=minutes, second=0, microsecond=0)
    if then < now - datetime.timedelta(hours=12):
        then += datetime.timedelta(days=1)
    return then.timestamp()


def parse_sides(text):
    """[(side, until)] of "96@0.4 128@0.7 192": pixels, and until when they hold: a share of the epochs or HH:MM.
    The last side holds to the end and is the one that the network is kept for."""
    parts = [part.partition('@') for part in text.split()]
    sides = [(int(side), until) for side, _, until in parts]
    if not sides or sides[-1][1] or not all(until for _, until in sides[:-1]):
        raise ValueError(f'--sides {text!r}: expected SIDE@UNTIL ... SIDE, such as "96@0.4 128@0.7 192"')
    return sides


class Schedule:
    """phase(step) says where the run stands. steps: all of the run, or None for a run by the clock."""

    def __init__(self, chosen, steps_per_epoch):
        self.chosen = chosen
        self.sides = parse_sides(chosen.sides)
        self.steps = None if chosen.until else chosen.epochs * steps_per_epoch

    @property
    def last_side(self):
        return self.sides[-1][0]

    def is_past(self, until, step):
        if ':' in until:
            return time.time() >= clock(until)
        if self.steps is None:
            raise ValueError(f'--sides: {until} is a share of the epochs, but the run goes by the clock: give HH:MM')
        return step >= float(until) * self.steps

    def left(self, step):
        """(is it over, share of the decay that is left or 1 before it)."""
        chosen = self.chosen
        if self.steps is not None:
            done = step / self.steps
            return done >= 1, min(1.0, (1 - done) / chosen.decay_share)
        now, end = time.time(), clock(chosen.until)
        return now >= end, min(1.0, (end - now) / (chosen.decay_minutes * 60))

    def phase(self, step):
        """('constant' | 'decay' | 'over', rate, side) before this step."""
        over, share = self.left(step)
        side = next(side for side, until in self.sides if not until or not self.is_past(until, step))
        rate = self.chosen.rate * min(1.0, (step + 1) / self.chosen.warm_up)
        if over:
            return 'over', 0.0, side
        return ('constant', rate, side) if share >= 1 else ('decay', rate * max(0.005, share), side)
