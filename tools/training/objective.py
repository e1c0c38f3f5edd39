"""What the network is asked for: targets of every film, their weights, and the loss. Arrays in, tensors out;
no training."""
import numpy as np
import torch
import torch.nn.functional as functional

import network as network_module


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
    groups = np.where(np.isin(source, ['64', '128', '1024']), source, 'between')
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


LOSSES = {
    'balanced': 'cross-entropy, rarer findings and finding-source pairs weighted up',
    'plain': 'cross-entropy, every film and finding alike',
    'asymmetric': 'Ridnik et al. 2021: easy negatives count less (focus 4, margin 0.05), no other weights',
}
ASYMMETRIC_FOCUS, ASYMMETRIC_MARGIN = 4, 0.05


def asymmetric(logits, targets):
    """Elementwise: cross-entropy of the positive share; that of the negative share after its probability was lowered by
    the margin, times that probability to the power of the focus."""
    positive = functional.logsigmoid(logits)
    probability = (torch.sigmoid(logits) - ASYMMETRIC_MARGIN).clamp(min=0)
    return -targets * positive - (1 - targets) * probability**ASYMMETRIC_FOCUS * torch.log1p(-probability)


def findings_loss(kind, logits, targets, weights, per_finding):
    if kind == 'asymmetric':
        return asymmetric(logits, targets).mean()
    each = functional.binary_cross_entropy_with_logits(logits, targets, reduction='none')
    return (each if kind == 'plain' else each * weights * per_finding).mean()


def distillation(outputs, taught):
    """Cross-entropy of the findings against probabilities that other networks give them (Hinton et al. 2015, temperature 1)."""
    return functional.binary_cross_entropy_with_logits(outputs[:, : network_module.FINDINGS], taught)


def loss_of(kind, outputs, targets, weights, per_finding, smoothing, side_share):
    """kind: of LOSSES, for the 14 findings; the side tasks are the same in all of them."""
    n = network_module.FINDINGS
    soft = targets[:, :n] * (1 - smoothing) + smoothing * 0.05
    findings = findings_loss(kind, outputs[:, :n], soft, weights[:, :n], per_finding)
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
