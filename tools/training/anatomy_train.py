#!/usr/bin/python3
"""Trains the anatomy network on the masks of anatomy_masks.py; can be stopped at any time and goes on where it was.

Usage: anatomy_train.py --films FOLDER --masks masks.npz --run FOLDER [--steps 9000 | --until HH:MM] [--batch 16] [--kept-out 1]
Writes FOLDER/state.pt (all of the run) and FOLDER/final.pt (the averaged weights) every --store steps, and log.csv. Films of the
fold that is kept out are never trained on, nor is a fifth of the pictures that show no chest (kept_out_picture()); both are for
anatomy_measure.py. A step sees --batch films and a quarter as many pictures without a chest: ood.tar without its chest films,
and jumbled films.
Loss: cross entropy and Dice of the three masks, cross entropy of what the network says of the picture. With --until the rate
goes to zero at that time, else at the last step.
"""
import argparse
import csv
import hashlib
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as functional

import anatomy_changes
import anatomy_masks
import anatomy_network
import averaging
import films as films_module
import precision
import schedule

STRANGE = 'ood.tar'
CHEST_CLASS = 'CXR'  # in the names of medical-mnist
ANSWER_SHARE = 0.25  # of the loss, beside the masks


def kept_out_picture(name):
    return hashlib.sha256(f'anatomy:{name}'.encode()).digest()[0] < 51


def strange_pictures(folder, side, kept_out):
    """[(name, [side,side] uint8)] of ood.tar without chest films; those kept out of training, or those trained on."""
    found = films_module.squares(Path(folder) / STRANGE, lambda name: CHEST_CLASS not in name and kept_out_picture(name) == kept_out)
    return [(name, anatomy_masks.resized(picture, side)) for name, picture in found]


def loss_of(masks, answers, batch, chest_films):
    """batch: of anatomy_changes; chest_films: how many of its first rows are chest films."""
    target = batch['masks']
    entropy = functional.binary_cross_entropy_with_logits(masks, target)
    own = slice(0, chest_films)
    probability = torch.sigmoid(masks[own])
    both = (probability * target[own]).sum((2, 3))
    sizes = (probability + target[own]).sum((2, 3))
    dice = 1 - (2 * both + 20) / (sizes + 20)
    lying = functional.cross_entropy(answers[own, :4], batch['turn'][own], reduction='none')
    mirrored = functional.binary_cross_entropy_with_logits(answers[own, 4], batch['mirrored'][own], reduction='none')
    inverted = functional.binary_cross_entropy_with_logits(answers[own, 5], batch['inverted'][own], reduction='none')
    whole = batch['chest'][own]
    chest = functional.binary_cross_entropy_with_logits(answers[:, 6], batch['chest'], reduction='none')
    said = ((lying + mirrored + inverted) * whole).sum() / whole.sum().clamp(min=1)
    said = said + (chest * batch['asked']).sum() / batch['asked'].sum().clamp(min=1)
    return entropy + dice.mean() + ANSWER_SHARE * said, entropy, dice.mean(), said


def joined(a, b):
    return {key: torch.cat([a[key], b[key]]) for key in a}


class Run:
    def __init__(self, chosen):
        self.chosen, self.folder = chosen, Path(chosen.run)
        self.folder.mkdir(parents=True, exist_ok=True)
        _, films, masks, fold = anatomy_masks.read(chosen.masks)
        train = fold != chosen.kept_out
        self.films, self.masks = torch.from_numpy(films[train]), torch.from_numpy(masks[train])
        pictures = strange_pictures(chosen.films, films.shape[-1], False)
        self.strange = torch.from_numpy(np.stack([picture for _, picture in pictures]))
        torch.manual_seed(chosen.seed)
        self.network = anatomy_network.AnatomyNetwork().to(memory_format=torch.channels_last)
        self.optimiser = torch.optim.AdamW(self.network.parameters(), chosen.rate, weight_decay=chosen.weight_decay)
        self.average = averaging.Average(self.network, 0.998)
        self.step, self.began, self.began_step = 0, time.time(), 0  # of this process
        self.first_began = self.began  # of the run, however often it went on
        state = self.folder / 'state.pt'
        if state.exists():
            stored = torch.load(state)
            self.network.load_state_dict(stored['weights'])
            self.optimiser.load_state_dict(stored['optimiser'])
            self.average.state, self.average.steps = stored['average'], stored['step']
            self.step = self.began_step = stored['step']
            self.first_began = stored.get('first_began', self.began)
            torch.set_rng_state(stored['random'])
            print(f'goes on at step {self.step}')

    def share_left(self):
        """1 at the beginning, 0 when the run is over."""
        if not self.chosen.until:
            return 1 - self.step / self.chosen.steps
        end = schedule.clock(self.chosen.until)
        return max(0.0, (end - time.time()) / max(end - self.first_began, 1e-9))

    def batch(self):
        n, strange = self.chosen.batch, self.chosen.batch // 4
        index = torch.randint(len(self.films), (n,))
        batch = anatomy_changes.changed(self.films[index], self.masks[index])
        jumbled = strange // 4
        pictures = self.strange[torch.randint(len(self.strange), (strange - jumbled,))]
        if jumbled:
            pictures = torch.cat([pictures, anatomy_changes.jumbled(self.films[torch.randint(len(self.films), (jumbled,))])])
        return joined(batch, anatomy_changes.no_chest(pictures))

    def train_step(self, share):
        rate = self.chosen.rate * min(1.0, (self.step + 1) / 200) * (0.5 - 0.5 * math.cos(math.pi * min(1.0, share / 0.75)))
        for group in self.optimiser.param_groups:
            group['lr'] = max(rate, 1e-6)
        batch = self.batch()
        with precision.autocast('cpu'):
            masks, answers = self.network(batch['x'].contiguous(memory_format=torch.channels_last))
        parts = loss_of(masks.float(), answers.float(), batch, self.chosen.batch)
        self.optimiser.zero_grad(set_to_none=True)
        parts[0].backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 2.0)
        self.optimiser.step()
        self.step += 1
        self.average.update(self.network)
        return [float(part) for part in parts]

    def store(self):
        state = {'weights': self.network.state_dict(), 'optimiser': self.optimiser.state_dict(), 'average': self.average.state,
                 'step': self.step, 'first_began': self.first_began, 'random': torch.get_rng_state()}
        record = {'weights': self.average.state, 'step': self.step, 'kept_out': self.chosen.kept_out, 'films': len(self.films)}
        for name, value in (('state.pt', state), ('final.pt', record)):
            torch.save(value, self.folder / f'{name}.part')
            (self.folder / f'{name}.part').rename(self.folder / name)

    def run(self):
        self.network.train()
        print(f'{len(self.films)} films, {len(self.strange)} pictures of no chest, {anatomy_network.parameters(self.network)} numbers', flush=True)
        sums = []
        while (share := self.share_left()) > 0:
            sums.append(self.train_step(share))
            if self.step % self.chosen.store == 0:
                mean = np.mean(sums, 0)
                spent = (time.time() - self.began) / (self.step - self.began_step)
                print(f'step {self.step}: loss {mean[0]:.4f}, entropy {mean[1]:.4f}, Dice loss {mean[2]:.4f}, answers {mean[3]:.4f}; {spent:.3f} s a step', flush=True)
                with open(self.folder / 'log.csv', 'a', newline='') as file:
                    csv.writer(file).writerow([self.step, *(f'{part:.5f}' for part in mean)])
                sums = []
                self.store()
        self.store()
        print(f'over at step {self.step}')


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    films_module.add_folder_option(options)
    options.add_argument('--masks', required=True)
    options.add_argument('--run', required=True)
    options.add_argument('--steps', type=int, default=9000)
    options.add_argument('--until', help='HH:MM: train by the clock instead')
    options.add_argument('--batch', type=int, default=16)
    options.add_argument('--rate', type=float, default=3e-3)
    options.add_argument('--weight-decay', type=float, default=1e-3)
    options.add_argument('--kept-out', type=int, default=1, help='the fold that is not trained on')
    options.add_argument('--store', type=int, default=200, help='steps between two stored states')
    options.add_argument('--threads', type=int, default=1)
    options.add_argument('--seed', type=int, default=0)
    chosen = options.parse_args()
    torch.set_num_threads(chosen.threads)
    Run(chosen).run()


if __name__ == '__main__':
    try:
        main()
    except films_module.DataError as error:
        raise SystemExit(f'anatomy_train: {error}')
