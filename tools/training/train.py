#!/usr/bin/python3
"""Trains one network for some epochs or until a time of day, and can be stopped and started at any moment.

Usage: train.py --films FOLDER --folds folds.json --fold 1 --run FOLDER --network mobilenetv2 --epochs 12
       train.py --films FOLDER --split split.json --run FOLDER --network compact --epochs 6
       train.py … --until 21:00 [--sides "96@20:15 128"] [--decay-minutes 22] [--workers 2 --worker 0]
Weights are averaged (EMA) and the average is what is validated and kept. Files in the run's folder: state-W.pt (to go on),
final.pt (end of the line), log-W.csv (one row per epoch), settings.json; W is the worker. With --split also best.pt, of the
epoch with the highest validation mean AUROC; with --folds nothing is chosen by the fold that is kept out.
"""
import argparse
import csv
import datetime
import json
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import torch

import boxes
import films as films_module
import folds
import inference
import measures
import network as network_module
import precision
import progress
from augment import augment, mix
from averaging import Average, Partner, halved, load, save
from lessons import MORE, beginnings_patients, lessons_of
from objective import LOSSES, distillation, finding_weights, loss_of
from schedule import Schedule
import split as split_module

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


def chance():
    """The state of torch's random numbers, to go on from with set_chance()."""
    return {'processor': torch.get_rng_state(), 'devices': torch.cuda.get_rng_state_all()}


def set_chance(state):
    torch.set_rng_state(state['processor'].cpu())
    torch.cuda.set_rng_state_all([each.cpu() for each in state['devices']])


class Run:
    def __init__(self, chosen):
        self.chosen, self.folder = chosen, Path(chosen.run)
        self.folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(chosen.seed)
        films = films_module.load(chosen.films, chosen.cache or self.folder.parent / 'nih-128.npz', whole=bool(chosen.folds))
        part = folds.parts_of(films, chosen.folds, chosen.fold) if chosen.folds else split_module.parts_of(films, chosen.split)
        self.train, self.validation = (films.take(np.where(part == name)[0]) for name in ('train', 'validation'))
        self.device = torch.device(chosen.device)
        kept_out = self.validation.column('patient') if len(self.validation) else []
        lessons = lessons_of(self.train, kept_out, chosen.films, chosen.more, chosen.teachers)
        if chosen.begin_with and chosen.folds:
            lessons.patients = sorted({*lessons.patients, *beginnings_patients(chosen.begin_with, set(kept_out))})
        self.trained_on, self.count = lessons.patients, len(lessons.pixels)
        self.schedule = Schedule(chosen, self.count // chosen.batch)
        self.places = boxes.Places(lessons.rows, self.device)
        self.pixels, self.targets, self.weights, self.per_finding = (
            t.to(self.device)
            for t in (torch.from_numpy(lessons.pixels), lessons.targets, lessons.weights, finding_weights(lessons.labels))
        )
        self.net = network_module.build(chosen.network).to(self.device)
        with torch.no_grad():  # the share of a finding belongs in the bias: else the maps say "rare" everywhere a lung is
            share = torch.from_numpy(lessons.labels.mean(0)).clamp(1e-3, 0.5)
            network_module.head(self.net).bias[: network_module.FINDINGS] = torch.logit(share).to(self.device)
        if chosen.begin_with:
            network_module.begin_with(self.net, inference.read_weights(chosen.begin_with), chosen.begin_with)
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
        self.epoch, self.step, self.best, self.stopped = 0, 0, 0.0, False
        self.begun = None  # of an epoch that was cut off: its order of films, batches done, losses, seconds, state of chance
        self.partner = Partner(self.folder, chosen.worker, chosen.workers)
        self.load_state()

    def stop(self, *_):
        """For a signal: finish the step, store the state, end."""
        self.stopped = True

    def state_path(self):
        return self.folder / f'state-{self.chosen.worker}.pt'

    def load_state(self):
        path = self.state_path()
        if not path.exists():
            return
        state = load(path, self.device)
        if state['network'] != self.chosen.network:
            raise films_module.DataError(
                f'{path} holds a {state["network"]}, not a {self.chosen.network}: '
                'give another --run folder or the same --network'
            )
        self.net.load_state_dict(state['weights'])
        self.optimiser.load_state_dict(state['optimiser'])
        self.average.state, self.average.steps = state['average'], state['average_steps']
        self.epoch, self.step, self.best, self.begun = state['epoch'], state['step'], state['best'], state.get('begun')
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
                'begun': self.begun and {**self.begun, 'chance': chance()},
            },
        )

    def begin_epoch(self):
        """A new pass over the training films, or what is left of one that was cut off: then everything goes on as if it had
        not been."""
        if self.begun:
            set_chance(self.begun['chance'])
        else:
            torch.manual_seed(self.chosen.seed + 1000 * self.epoch + 100003 * self.chosen.worker)
            self.begun = {'order': torch.randperm(self.count), 'done': 0, 'total': 0.0, 'seconds': 0.0}

    def train_epoch(self):
        """One pass over the training films; ends early when the time is over. Mean loss, or None when
        nothing was done."""
        self.net.train()
        self.begin_epoch()
        order, count, total = self.begun['order'].to(self.device), self.begun['done'], self.begun['total']
        batch, started, stored = self.chosen.batch, time.time() - self.begun['seconds'], time.time()
        steps = len(order) // batch
        for i in range(count, steps):
            phase, rate, side = self.schedule.phase(self.step)
            if phase == 'over' or self.stopped:
                break
            for group in self.optimiser.param_groups:
                group['lr'] = rate
            index = order[i * batch : (i + 1) * batch]
            rows, findings, masks = self.places.masks(index)
            x, masks = augment(
                network_module.normalise(self.pixels[index]),
                side,
                self.chosen.augment,
                films=rows,
                masks=masks,
                blur=self.chosen.blur,
            )
            targets, weights = self.targets[index], self.weights[index]
            mixed = phase == 'constant' and torch.rand(()) < self.chosen.mixup
            if mixed:
                x, targets, weights = mix(x, targets, weights)
            with precision.autocast(self.device.type):
                features = torch.relu(self.net.features(x.contiguous(memory_format=torch.channels_last)))
                outputs = self.net.classifier(features.mean((2, 3)))
            loss = loss_of(
                self.chosen.loss,
                outputs.float(),
                targets,
                weights,
                self.per_finding,
                self.chosen.smoothing,
                self.chosen.side_tasks * (0.3 if phase == 'constant' else 0.1),
            )
            if self.chosen.teachers:
                loss = loss + self.chosen.teaching * distillation(outputs.float(), targets[:, network_module.OUTPUTS :])
            if self.chosen.places and not mixed:
                loss = loss + self.chosen.places * boxes.loss_of(
                    features.float(), network_module.head(self.net).weight, rows, findings, masks, batch
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
            self.begun.update(done=count, total=total, seconds=time.time() - started)
            if time.time() - stored > 180:
                self.store_state()
                stored = time.time()
            words = f'side {side} rate {rate:.1e} loss {total / count:.4f} {time.time() - started:.0f} s'
            progress.show(self.epoch, i + 1, steps, words)
        return total / count if count else None

    def is_validated(self):
        """Whether this epoch is: by one worker, of every so many one, where films are kept out."""
        return self.chosen.worker == 0 and self.epoch % self.chosen.validate_every == 0 and len(self.validation) > 0

    def validate(self, side):
        keep = network_module.build(self.chosen.network).to(self.device)
        keep.load_state_dict(self.average.state)
        logits = inference.outputs_of(keep, self.validation.pixels, side)
        return (
            measures.mean_auroc(self.validation.labels, logits[:, : network_module.FINDINGS]),
            measures.auroc(self.validation.labels.max(1), logits[:, network_module.ANY]),
        )

    def keep(self, name, auroc):
        save(
            self.folder / name,
            {
                'network': self.chosen.network,
                'side': self.schedule.last_side,
                'weights': halved(self.average.state),
                'epoch': self.epoch,
                'validation_auroc': auroc,
                'fold': self.chosen.fold,
                'patients': self.trained_on,
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
            started = time.time() - (self.begun['seconds'] if self.begun else 0)
            phase, rate, side = self.schedule.phase(self.step)
            if phase == 'over':
                break
            loss = self.train_epoch()
            if self.stopped:
                self.store_state()
                print(f'\nstopped at step {self.step}; the same command goes on from here', flush=True)
                return
            if loss is None:
                break
            self.epoch, self.begun = self.epoch + 1, None
            auroc, any_auroc = self.validate(side) if self.is_validated() else (float('nan'), float('nan'))
            if auroc > self.best and side == self.schedule.last_side and not self.chosen.folds:
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
        auroc, any_auroc = self.validate(self.schedule.last_side) if len(self.validation) else (float('nan'), float('nan'))
        self.keep('final.pt', auroc)
        if auroc > self.best and not self.chosen.folds:
            self.keep('best.pt', auroc)
        print(
            (
                f'over after {self.epoch} epochs, {self.step} steps: validation AUROC {auroc:.4f}, any'
                f' finding {any_auroc:.4f}'
            ),
            flush=True,
        )


def parse(arguments=None):
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    films_module.add_folder_option(options)
    parts = options.add_mutually_exclusive_group(required=True)
    parts.add_argument('--split', help='split.json: trained on one part, the best epoch chosen on another')
    parts.add_argument('--folds', help='folds.json: trained on all folds but --fold, and no epoch chosen')
    options.add_argument('--fold', help='1, 2 ..., which is kept out, or "all": none is')
    options.add_argument('--run', required=True)
    options.add_argument('--cache', help='.npz of the films; by default beside the run')
    options.add_argument('--validate-every', type=int, default=1, help='epochs')
    options.add_argument('--network', choices=network_module.NAMES, default='three-block')
    options.add_argument('--until', help='HH:MM, when the rate reaches zero; without it --epochs counts')
    options.add_argument('--decay-minutes', type=float, default=22)
    options.add_argument('--decay-share', type=float, default=0.3, help='of the epochs')
    options.add_argument(
        '--sides',
        default='96@0.4 128@0.7 192',
        help='input sides in px and until when (share of the epochs, or HH:MM); the last is the network\'s',
    )
    options.add_argument('--epochs', type=int, default=40)
    options.add_argument('--batch', type=int, default=64)
    options.add_argument('--rate', type=float, default=2e-3)
    options.add_argument('--warm-up', type=int, default=300, help='steps')
    options.add_argument('--weight-decay', type=float, default=0.05)
    options.add_argument('--average', type=float, default=0.998)
    options.add_argument('--loss', choices=LOSSES, default='balanced', help='; '.join(f'{k}: {v}' for k, v in LOSSES.items()))
    options.add_argument('--augment', type=float, default=1.0, help='strength of what is done to films, 0: nothing')
    options.add_argument('--mixup', type=float, default=0.5, help='share of batches')
    options.add_argument('--places', type=float, default=0.5, help='weight of maps that miss the boxes of their film')
    options.add_argument('--side-tasks', type=float, default=1.0, help='weight of any finding, view, sex and age')
    options.add_argument('--begin-with', help='best.pt or weights.safetensors of the same network, or what pretrain.py kept, to go on from')
    options.add_argument('--teachers', nargs='*', default=[], help='files of teach.py, whose mean is learnt beside the labels')
    options.add_argument('--more', nargs='*', choices=MORE, default=[], help='further packs of the films\' folder; some have no labels')
    options.add_argument('--blur', type=float, default=0.0, help='share of films shown without what 64 px lack')
    options.add_argument('--teaching', type=float, default=1.0, help='weight of what the teachers say')
    options.add_argument('--smoothing', type=float, default=0.02)
    options.add_argument('--seed', type=int, default=0)
    options.add_argument('--device', default='cuda' if torch.cuda.is_available() else 'cpu')
    options.add_argument('--threads', type=int, default=1)
    options.add_argument(
        '--worker', type=int, default=0, help='number of this worker; worker 0 validates and keeps'
    )
    options.add_argument(
        '--workers', type=int, default=1, help='start as many runs with the same --run folder'
    )
    options.add_argument('--exchange', type=int, default=40, help='steps between exchanges of weights')
    return options.parse_args(arguments)


KEEP_MEMORY = {  # for glibc: what a step frees is kept for the next
    'MALLOC_MMAP_MAX_': '0',
    'MALLOC_TRIM_THRESHOLD_': '100000000000',
    'MALLOC_TOP_PAD_': '268435456',
}


def keep_memory():
    """Starts again with an allocator that keeps what was freed. By default large tensors go back to the system after every
    operator and come again page by page: two thirds of a step's time on a processor (measured: 1.9 s of 3.2 s a batch)."""
    if any(name not in os.environ for name in KEEP_MEMORY):
        os.execve(sys.executable, [sys.executable, *sys.argv], {**KEEP_MEMORY, **os.environ})


def main():
    chosen = parse()
    if chosen.device == 'cpu':
        keep_memory()
    torch.set_num_threads(chosen.threads)
    torch.backends.cudnn.benchmark = True  # sides change a few times only
    run = Run(chosen)
    signal.signal(signal.SIGTERM, run.stop)
    signal.signal(signal.SIGINT, run.stop)
    run.go()
    if run.stopped:  # whoever started it must not take best.pt for the end
        raise SystemExit(1)


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'train: {error}')
