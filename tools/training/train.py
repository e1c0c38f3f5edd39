#!/usr/bin/python3
"""Trains one network until a time of day, and can be stopped and started at any moment.

Usage: train.py --films FOLDER --split split.json --run FOLDER --network three-block --until 21:00
                [--small-until 20:15 --small-side 96] [--decay-minutes 22] [--workers 2 --worker 0]
Schedule: warm-up, constant rate, then a straight line to zero over the last --decay-minutes before
--until. Clock time sets it because the share of the processor a background run gets is not known
beforehand. Weights are averaged (EMA) and the average is what is validated and kept. Files in the run's
folder: state-W.pt (to go on), best.pt (highest validation mean AUROC), final.pt (end of the line),
log-W.csv (one row per epoch), settings.json; W is the worker.
"""
import argparse
import csv
import datetime
import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as functional
from sklearn.metrics import roc_auc_score

import films as films_module
import network as network_module
from augment import augment, mix
from split import assert_disjoint

LOG_COLUMNS = [
    'epoch',
    'phase',
    'side',
    'rate',
    'loss',
    'validation_auroc',
    'validation_any',
    'seconds',
    'clock',
]


def targets_of(films):
    """[n, 18] targets and their weights: 14 findings, any, view AP, sex F, age (centuries from 50). A missing
    value weighs 0."""
    view, sex = films.column('view'), films.column('sex')
    age = np.array([float(a) if a.isdigit() and int(a) <= 100 else np.nan for a in films.column('age')])
    findings = films.labels.copy()
    readers_normal = (
        films.column('rsna_class') == 'Normal'
        if 'rsna_class' in films.rows[0]
        else np.zeros(len(films), bool)
    )
    findings[readers_normal] *= 0.7  # a text-mined finding that RSNA's readers did not see
    targets = np.column_stack(
        [findings, films.labels.max(1), view == 'AP', sex == 'F', np.nan_to_num(age - 50) / 100]
    )
    weights = np.ones_like(targets)
    weights[:, : network_module.FINDINGS] = source_weights(films.labels, films.column('resolution'))
    weights[:, network_module.VIEW] = np.isin(view, ['AP', 'PA'])
    weights[:, network_module.SEX] = np.isin(sex, ['M', 'F'])
    weights[:, network_module.AGE] = ~np.isnan(age)
    return torch.from_numpy(targets.astype(np.float32)), torch.from_numpy(weights.astype(np.float32))


def source_weights(labels, source):
    """[n, 14] weights under which a finding's share is the same in every source group (Kamiran and Calders
    2012): P(label) P(group) / P(label, group), kept within 0.1 and 10. Without them pneumonia is learnt
    from sharpness alone.
    """
    weights = np.ones_like(labels)
    groups = np.where(np.isin(source, ['128', '1024']), source, 'between')
    for c in range(labels.shape[1]):
        for group in set(groups):
            for value in (0, 1):
                cell = (groups == group) & (labels[:, c] == value)
                if cell.any():
                    expected = (labels[:, c] == value).mean() * (groups == group).mean()
                    weights[cell, c] = np.clip(expected / cell.mean(), 0.1, 10)
    return weights


def finding_weights(labels):
    """Weight of each finding in the loss: rarer findings somewhat more, mean 1, at most 3."""
    share = labels.mean(0).clip(1e-3, None)
    weights = (1 / np.sqrt(share * (1 - share))).astype(np.float32)
    weights = np.minimum(weights / weights.mean(), 3)
    return torch.from_numpy(weights / weights.mean())


def loss_of(outputs, targets, weights, per_finding, smoothing, side_share):
    n = network_module.FINDINGS
    soft = targets[:, :n] * (1 - smoothing) + smoothing * 0.05
    findings = (
        functional.binary_cross_entropy_with_logits(outputs[:, :n], soft, reduction='none')
        * weights[:, :n]
        * per_finding
    ).mean()
    binary = slice(network_module.ANY, network_module.AGE)
    side = (
        functional.binary_cross_entropy_with_logits(outputs[:, binary], targets[:, binary], reduction='none')
        * weights[:, binary]
    ).mean()
    age = (
        functional.smooth_l1_loss(
            outputs[:, network_module.AGE], targets[:, network_module.AGE], reduction='none', beta=0.1
        )
        * weights[:, network_module.AGE]
    ).mean()
    return findings + side_share * (side + age)


@torch.no_grad()
def predict(network, pixels, side=128, batch=128, mirror=False):
    """Logits [n, outputs] of uint8 films; side below 128 shrinks them first (as in the early phase of
    training)."""
    network.eval()
    results = []
    for start in range(0, len(pixels), batch):
        x = network_module.normalise(torch.from_numpy(pixels[start : start + batch]))
        if side != x.shape[-1]:
            x = functional.interpolate(x, (side, side), mode='bilinear', align_corners=False, antialias=True)
        x = x.contiguous(memory_format=torch.channels_last)
        with torch.autocast('cpu', dtype=torch.bfloat16):
            results.append(network(x).float())
    return torch.cat(results).numpy()


def mean_auroc(labels, scores):
    """Mean over the findings that occur."""
    present = [i for i in range(labels.shape[1]) if 0 < labels[:, i].sum() < len(labels)]
    return float(np.mean([roc_auc_score(labels[:, i], scores[:, i]) for i in present]))


class Average:
    """Exponential moving average of weights and of batch-norm statistics."""

    def __init__(self, network, decay):
        self.decay, self.steps = decay, 0
        self.state = {k: v.detach().clone() for k, v in network.state_dict().items()}

    @torch.no_grad()
    def update(self, network, shorter=False):
        """shorter: a memory of some hundred steps, for the end of the run, where the weights themselves settle."""
        self.steps += 1
        keep = min(0.99 if shorter else self.decay, (1 + self.steps) / (10 + self.steps))
        for key, value in network.state_dict().items():
            if value.dtype.is_floating_point:
                self.state[key].lerp_(value, 1 - keep)
            else:
                self.state[key].copy_(value)


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
                theirs = torch.load(self.path(other))
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


def save(path, content):
    """Writes beside the file and renames, so that an interruption leaves the old file whole."""
    partial = Path(str(path) + '.part')
    torch.save(content, partial)
    os.replace(partial, path)


def clock(text):
    """The next moment the clock shows HH:MM, in seconds of time.time()."""
    hours, minutes = map(int, text.split(':'))
    now = datetime.datetime.now()
    then = now.replace(hour=hours, minute=minutes, second=0, microsecond=0)
    if then < now - datetime.timedelta(hours=12):
        then += datetime.timedelta(days=1)
    return then.timestamp()


class Run:
    def __init__(self, chosen):
        self.chosen, self.folder = chosen, Path(chosen.run)
        self.folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(chosen.seed)
        films = films_module.load(chosen.films, self.folder.parent / 'nih-128.npz')
        split = json.loads(Path(chosen.split).read_text())
        where = {name: part for part in ('train', 'validation', 'test') for name in split['films'][part]}
        part = np.array([where.get(name, 'none') for name in films.names])
        assert_disjoint(films.column('patient'), part)
        self.train, self.validation = films.take(np.where(part == 'train')[0]), films.take(
            np.where(part == 'validation')[0]
        )
        self.targets, self.weights = targets_of(self.train)
        self.per_finding = finding_weights(self.train.labels)
        self.net = network_module.build(chosen.network)
        decayed = [p for p in self.net.parameters() if p.ndim > 1]
        plain = [p for p in self.net.parameters() if p.ndim <= 1]
        self.optimiser = torch.optim.AdamW(
            [
                {'params': decayed, 'weight_decay': chosen.weight_decay},
                {'params': plain, 'weight_decay': 0.0},
            ],
            lr=chosen.rate,
        )
        self.average = Average(self.net, chosen.average)
        self.epoch, self.step, self.best = 0, 0, 0.0
        self.partner = Partner(self.folder, chosen.worker, chosen.workers)
        self.load_state()
        torch.manual_seed(chosen.seed + 1000 * self.epoch + 100003 * chosen.worker)

    def state_path(self):
        return self.folder / f'state-{self.chosen.worker}.pt'

    def load_state(self):
        path = self.state_path()
        if not path.exists():
            return
        state = torch.load(path)
        if state['network'] != self.chosen.network:
            raise films_module.DataError(
                f'{path} holds a {state["network"]}, not a {self.chosen.network}: '
                'give another --run folder or the same --network'
            )
        self.net.load_state_dict(state['weights'])
        self.optimiser.load_state_dict(state['optimiser'])
        self.average.state, self.average.steps = state['average'], state['average_steps']
        self.epoch, self.step, self.best = state['epoch'], state['step'], state['best']
        print(
            f'goes on after epoch {self.epoch}, step {self.step}, best validation AUROC {self.best:.4f}',
            flush=True,
        )

    def store_state(self):
        save(
            self.state_path(),
            {
                'network': self.chosen.network,
                'weights': self.net.state_dict(),
                'optimiser': self.optimiser.state_dict(),
                'average': self.average.state,
                'average_steps': self.average.steps,
                'epoch': self.epoch,
                'step': self.step,
                'best': self.best,
            },
        )

    def phase(self):
        """('constant' | 'decay' | 'over', rate, side) at this moment."""
        now, end = time.time(), clock(self.chosen.until)
        start_of_decay = end - self.chosen.decay_minutes * 60
        rate = self.chosen.rate * min(1.0, (self.step + 1) / self.chosen.warm_up)
        side = (
            self.chosen.small_side
            if self.chosen.small_until and now < clock(self.chosen.small_until)
            else 128
        )
        if now >= end:
            return 'over', 0.0, side
        if now >= start_of_decay:
            return 'decay', rate * max(0.005, (end - now) / (end - start_of_decay)), side
        return 'constant', rate, side

    def train_epoch(self):
        """One pass over the training films; ends early when the time is over. Mean loss, or None when
        nothing was done."""
        self.net.train()
        order, batch = torch.randperm(len(self.train)), self.chosen.batch
        total, count, started, stored = 0.0, 0, time.time(), time.time()
        steps = len(order) // batch
        for i in range(steps):
            phase, rate, side = self.phase()
            if phase == 'over':
                break
            for group in self.optimiser.param_groups:
                group['lr'] = rate
            index = order[i * batch : (i + 1) * batch]
            x = augment(network_module.normalise(torch.from_numpy(self.train.pixels[index.numpy()])), side)
            targets, weights = self.targets[index], self.weights[index]
            if phase == 'constant' and torch.rand(()) < self.chosen.mixup:
                x, targets, weights = mix(x, targets, weights)
            with torch.autocast('cpu', dtype=torch.bfloat16):
                outputs = self.net(x.contiguous(memory_format=torch.channels_last))
            loss = loss_of(
                outputs.float(),
                targets,
                weights,
                self.per_finding,
                self.chosen.smoothing,
                0.3 if phase == 'constant' else 0.1,
            )
            self.optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
            self.optimiser.step()
            self.average.update(self.net, phase == 'decay')
            self.step += 1
            if self.chosen.workers > 1 and self.step % self.chosen.exchange == 0:
                self.partner.exchange(self.net, self.average, self.step)
            total, count = total + loss.item(), count + 1
            if time.time() - stored > 180:
                self.store_state()
                stored = time.time()
            if i % 10 == 9 or i == steps - 1:
                print(
                    (
                        f'\repoch {self.epoch} [{"#" * (20 * (i + 1) // steps):20}] {i + 1}/{steps} side'
                        f' {side} rate {rate:.1e} loss {total / count:.4f} {time.time() - started:.0f} s'
                    ),
                    end='' if sys.stdout.isatty() else '\n',
                    flush=True,
                )
        return total / count if count else None

    def validate(self, side):
        keep = network_module.build(self.chosen.network)
        keep.load_state_dict(self.average.state)
        logits = predict(keep, self.validation.pixels, side)
        return (
            mean_auroc(self.validation.labels, logits[:, : network_module.FINDINGS]),
            float(roc_auc_score(self.validation.labels.max(1), logits[:, network_module.ANY])),
        )

    def keep(self, name, auroc):
        save(
            self.folder / name,
            {
                'network': self.chosen.network,
                'weights': self.average.state,
                'epoch': self.epoch,
                'validation_auroc': auroc,
            },
        )

    def log(self, row):
        path = self.folder / f'log-{self.chosen.worker}.csv'
        fresh = not path.exists()
        with open(path, 'a', newline='') as file:
            writer = csv.writer(file)
            if fresh:
                writer.writerow(LOG_COLUMNS)
            writer.writerow(row)

    def go(self):
        (self.folder / 'settings.json').write_text(json.dumps(vars(self.chosen), indent=1))
        while True:
            started = time.time()
            phase, rate, side = self.phase()
            if phase == 'over' or self.epoch >= self.chosen.epochs:
                break
            loss = self.train_epoch()
            if loss is None:
                break
            self.epoch += 1
            auroc, any_auroc = self.validate(side) if self.chosen.worker == 0 else (0.0, 0.0)
            if auroc > self.best and side == 128:
                self.best = auroc
                self.keep('best.pt', auroc)
            self.store_state()
            row = [
                self.epoch,
                phase,
                side,
                f'{rate:.2e}',
                f'{loss:.4f}',
                f'{auroc:.4f}',
                f'{any_auroc:.4f}',
                f'{time.time() - started:.0f}',
                datetime.datetime.now().strftime('%H:%M:%S'),
            ]
            self.log(row)
            print('\n' + ', '.join(f'{k} {v}' for k, v in zip(LOG_COLUMNS, row)), flush=True)
        if self.chosen.workers > 1:
            self.partner.exchange(self.net, self.average, self.step)
        if self.chosen.worker:
            return
        auroc, any_auroc = self.validate(128)
        self.keep('final.pt', auroc)
        if auroc > self.best:
            self.keep('best.pt', auroc)
        print(
            (
                f'over after {self.epoch} epochs, {self.step} steps: validation AUROC {auroc:.4f}, any'
                f' finding {any_auroc:.4f}'
            ),
            flush=True,
        )


def main():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    films_module.add_folder_option(options)
    options.add_argument('--split', required=True)
    options.add_argument('--run', required=True)
    options.add_argument('--network', choices=sorted(network_module.CONFIGURATIONS), default='three-block')
    options.add_argument('--until', required=True, help='HH:MM, when the rate reaches zero')
    options.add_argument('--decay-minutes', type=float, default=22)
    options.add_argument('--small-until', help='HH:MM, until when films are shown at --small-side')
    options.add_argument('--small-side', type=int, default=96)
    options.add_argument('--epochs', type=int, default=10**6)
    options.add_argument('--batch', type=int, default=64)
    options.add_argument('--rate', type=float, default=2e-3)
    options.add_argument('--warm-up', type=int, default=300, help='steps')
    options.add_argument('--weight-decay', type=float, default=0.05)
    options.add_argument('--average', type=float, default=0.998)
    options.add_argument('--mixup', type=float, default=0.5, help='share of batches')
    options.add_argument('--smoothing', type=float, default=0.02)
    options.add_argument('--seed', type=int, default=0)
    options.add_argument('--threads', type=int, default=1)
    options.add_argument(
        '--worker', type=int, default=0, help='number of this worker; worker 0 validates and keeps'
    )
    options.add_argument(
        '--workers', type=int, default=1, help='start as many runs with the same --run folder'
    )
    options.add_argument('--exchange', type=int, default=40, help='steps between exchanges of weights')
    chosen = options.parse_args()
    torch.set_num_threads(chosen.threads)
    Run(chosen).go()


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'train: {error}')
