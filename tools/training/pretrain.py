#!/usr/bin/python3
"""Trains the features of a network without a label, by Barlow Twins (Zbontar et al. 2021): two varied views of a film are to
give the same numbers, and no two of the numbers are to say the same. `train.py --begin-with` goes on from what is kept.

Usage: pretrain.py --films FOLDER --split split.json --out features.pt --network compact --side 64 --epochs 6
Training films only. Writes OUT at the end and, after every epoch, OUT.csv (epoch, loss, seconds) and OUT.state, from which
the same command goes on when it was cut off.
"""
import argparse
import csv
import json
import math
import time
from pathlib import Path

import torch

import films as films_module
import network as network_module
import precision
import progress
from augment import augment
from averaging import load, save
from train import keep_memory

WIDTH = 512  # numbers compared; the paper has 8192, for networks and batches ten times as large
REDUNDANCY = 0.005  # weight of what two numbers share, the paper's


def twins_loss(first, second):
    """first, second [n, width]: the same films' numbers in two views. 0 where every number agrees with itself in the other
    view and with no other number."""
    standard = [(z - z.mean(0)) / (z.std(0) + 1e-5) for z in (first, second)]
    likeness = standard[0].T @ standard[1] / len(first)
    wanted = torch.eye(likeness.shape[0], device=likeness.device)
    weights = wanted + REDUNDANCY * (1 - wanted)
    return (weights * (likeness - wanted) ** 2).sum()


class Projector(torch.nn.Sequential):
    """From pooled features to the numbers that are compared; thrown away afterwards."""

    def __init__(self, features):
        super().__init__(
            torch.nn.Linear(features, WIDTH, bias=False),
            torch.nn.BatchNorm1d(WIDTH),
            torch.nn.ReLU(),
            torch.nn.Linear(WIDTH, WIDTH, bias=False),
        )


def pretrain(net, pixels, chosen):
    """Trains `net.features` on uint8 films [n, 128, 128], from where `chosen.out`.state was left; a row (epoch, loss, seconds)
    for every epoch."""
    torch.manual_seed(chosen.seed)
    device = torch.device(chosen.device)
    pixels, net = torch.from_numpy(pixels).to(device), net.to(device).train()
    projector = Projector(network_module.head(net).in_features).to(device)
    learnt = [*net.features.parameters(), *projector.parameters()]
    optimiser = torch.optim.AdamW(learnt, lr=chosen.rate, weight_decay=0.01)
    steps, rows = len(pixels) // chosen.batch, []
    if not steps:
        raise films_module.DataError(f'{len(pixels)} films are fewer than a batch of {chosen.batch}: give a smaller --batch')
    parts, path = {'net': net, 'projector': projector, 'optimiser': optimiser}, Path(f'{chosen.out}.state')
    if path.exists():
        state = load(path, device)
        if state['network'] != chosen.network:
            raise films_module.DataError(f'{path} holds a {state["network"]}, not a {chosen.network}: give another --out')
        for name, part in parts.items():
            part.load_state_dict(state[name])
        rows = state['rows']
        print(f'goes on after epoch {len(rows)}', flush=True)
    for epoch in range(len(rows), chosen.epochs):
        torch.manual_seed(chosen.seed + 1000 * epoch)
        order, total, started = torch.randperm(len(pixels)), 0.0, time.time()
        for step in range(steps):
            done = (epoch * steps + step) / (chosen.epochs * steps)
            for group in optimiser.param_groups:
                group['lr'] = chosen.rate * min(1.0, done / 0.1 + 0.01) * (1 + math.cos(math.pi * done)) / 2
            x = network_module.normalise(pixels[order[step * chosen.batch : (step + 1) * chosen.batch]])
            views = []
            for _ in range(2):
                view = augment(x, chosen.side).contiguous(memory_format=torch.channels_last)
                with precision.autocast(device.type):
                    pooled = torch.relu(net.features(view)).mean((2, 3))
                views.append(projector(pooled.float()))
            loss = twins_loss(*views)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learnt, 2.0)
            optimiser.step()
            total += loss.item()
            progress.show(epoch, step + 1, steps, f'loss {total / (step + 1):.3f} {time.time() - started:.0f} s')
        rows.append((epoch + 1, f'{total / steps:.3f}', f'{time.time() - started:.0f}'))
        save(path, {'network': chosen.network, 'rows': rows, **{name: part.state_dict() for name, part in parts.items()}})
        with open(f'{chosen.out}.csv', 'w', newline='') as file:
            csv.writer(file).writerows([('epoch', 'loss', 'seconds'), *rows])
    return rows


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    films_module.add_folder_option(options)
    options.add_argument('--split', required=True)
    options.add_argument('--out', required=True)
    options.add_argument('--network', choices=network_module.NAMES, default='compact')
    options.add_argument('--side', type=int, default=64)
    options.add_argument('--epochs', type=int, default=6)
    options.add_argument('--batch', type=int, default=128)
    options.add_argument('--rate', type=float, default=1e-3)
    options.add_argument('--seed', type=int, default=0)
    options.add_argument('--device', default='cuda' if torch.cuda.is_available() else 'cpu')
    options.add_argument('--threads', type=int, default=1)
    options.add_argument('--cache')
    chosen = options.parse_args()
    if chosen.device == 'cpu':
        keep_memory()
    torch.set_num_threads(chosen.threads)
    names = json.loads(Path(chosen.split).read_text())['films']['train']
    train = films_module.load(chosen.films, chosen.cache).of(names)
    net = network_module.build(chosen.network)
    pretrain(net, train.pixels, chosen)
    features = {key: value.cpu() for key, value in net.state_dict().items() if key.startswith('features.')}
    save(Path(chosen.out), {'network': chosen.network, 'side': chosen.side, 'weights': features})


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'pretrain: {error}')
