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


class Schedule:
    """phase(step) says where the run stands. steps: all of the run, or None for a run by the clock."""

    def __init__(self, chosen, steps_per_epoch):
        self.chosen = chosen
        self.steps = None if chosen.until else chosen.epochs * steps_per_epoch

    def left(self, step):
        """(is it over, share of the decay that is left or 1 before it, are films small)."""
        chosen = self.chosen
        if self.steps is not None:
            done = step / self.steps
            return done >= 1, min(1.0, (1 - done) / chosen.decay_share), done < chosen.small_share
        now, end = time.time(), clock(chosen.until)
        share = (end - now) / (chosen.decay_minutes * 60)
        return now >= end, min(1.0, share), bool(chosen.small_until) and now < clock(chosen.small_until)

    def phase(self, step):
        """('constant' | 'decay' | 'over', rate, side) before this step."""
        over, share, small = self.left(step)
        side = self.chosen.small_side if small else self.chosen.side
        rate = self.chosen.rate * min(1.0, (step + 1) / self.chosen.warm_up)
        if over:
            return 'over', 0.0, side
        return ('constant', rate, side) if share >= 1 else ('decay', rate * max(0.005, share), side)
