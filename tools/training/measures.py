"""Figures of merit on arrays: AUROC with patient-bootstrap intervals, average precision, Brier, calibration
error.

Labels and scores are [n] or [n, findings]; nothing here knows about films or networks.
"""
import numpy as np


def auroc(labels, scores, weights=None):
    """Weighted AUROC, ties count half; nan when one class is missing."""
    weights = np.ones(len(labels)) if weights is None else weights
    order = np.argsort(scores, kind='stable')
    y, w, s = labels[order] > 0.5, weights[order], scores[order]
    group = np.concatenate([[0], np.cumsum(s[1:] != s[:-1])])
    positive = np.bincount(group, w * y)
    negative = np.bincount(group, w * ~y)
    total = positive.sum() * negative.sum()
    if total == 0:
        return float('nan')
    below = np.cumsum(negative) - negative
    return float((positive * (below + negative / 2)).sum() / total)


def mean_auroc(labels, scores):
    """Mean over the findings that occur."""
    present = [i for i in range(labels.shape[1]) if 0 < labels[:, i].sum() < len(labels)]
    return float(np.mean([auroc(labels[:, i], scores[:, i]) for i in present]))


def average_precision(labels, scores):
    order = np.argsort(-scores, kind='stable')
    y = labels[order] > 0.5
    if not y.any():
        return float('nan')
    return float((np.cumsum(y) / np.arange(1, len(y) + 1))[y].mean())


def bootstrap_counts(patients, rounds=1000, seed=0):
    """[rounds, n] how often each film is drawn when patients are drawn with replacement."""
    random = np.random.default_rng(seed)
    _, index = np.unique(patients, return_inverse=True)
    number = index.max() + 1
    draws = random.multinomial(number, np.full(number, 1 / number), size=rounds)
    return draws[:, index]


def interval(values):
    """2.5 and 97.5 percentile, nan left out."""
    values = np.asarray(values, float)
    values = values[~np.isnan(values)]
    return [float(v) for v in np.percentile(values, [2.5, 97.5])] if len(values) else [float('nan')] * 2


def auroc_draws(labels, scores, counts):
    """[rounds] AUROC of one column, each film counted as often as counts [rounds, n] says; as auroc() with weights."""
    order = np.argsort(scores, kind='stable')
    y, s = labels[order] > 0.5, scores[order]
    starts = np.concatenate([[0], np.flatnonzero(s[1:] != s[:-1]) + 1])
    values = []
    for part in np.array_split(counts, max(1, counts.size // 2**22)):
        weights = part[:, order].astype(float)
        positive, negative = (np.add.reduceat(weights * of, starts, axis=1) for of in (y, ~y))
        below = np.cumsum(negative, 1) - negative
        total = positive.sum(1) * negative.sum(1)
        with np.errstate(invalid='ignore', divide='ignore'):
            values.append(np.where(total > 0, (positive * (below + negative / 2)).sum(1) / total, np.nan))
    return np.concatenate(values)


def auroc_table(labels, scores, patients, rounds=1000):
    """Per column (auroc, low, high), and the same of the mean over the columns that have both classes."""
    counts = bootstrap_counts(patients, rounds)
    columns = range(labels.shape[1])
    values = [auroc(labels[:, c], scores[:, c]) for c in columns]
    draws = np.stack([auroc_draws(labels[:, c], scores[:, c], counts) for c in columns], 1)
    rows = [(values[c], *interval(draws[:, c])) for c in columns]
    drawn = draws[~np.isnan(draws).all(1)]  # of draws without a single true film nothing is known
    return rows, (float(np.nanmean(values)), *interval(np.nanmean(drawn, 1)))


def brier(labels, probabilities):
    return float(np.mean((probabilities - labels) ** 2))


def calibration_error(labels, probabilities, bins=10):
    """Expected calibration error over bins of equal count: mean |share of positives - mean probability|."""
    order = np.argsort(probabilities, kind='stable')
    parts = np.array_split(order, bins)
    return float(
        sum(len(p) * abs(labels[p].mean() - probabilities[p].mean()) for p in parts if len(p)) / len(labels)
    )


def sensitivity_specificity(labels, called):
    positive = labels > 0.5
    sensitivity = float(called[positive].mean()) if positive.any() else float('nan')
    return sensitivity, float((~called[~positive]).mean())


def sigmoid(x):
    return 1 / (1 + np.exp(-np.asarray(x, float)))
