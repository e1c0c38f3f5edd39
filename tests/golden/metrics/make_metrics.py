#!/usr/bin/python3
"""Golden figures for src/metrics, by programs that share no line with it; writes metrics.json beside this file.

    apt-get install r-cran-proc python3-sklearn python3-scipy
    python3 tests/golden/metrics/make_metrics.py

Areas, variances, intervals and the paired test are pROC's (roc.R); average precision, calibration bins, Brier score, ROC points and
logistic regression scikit-learn's; distributions SciPy's. The rest are closed forms, written here as the text books have them: Wilson,
net benefit, expectation and maximisation, stability index, and the binomial tests of the three zones, all by brute force.
scikit-learn may warn that it did not converge: it then stopped at the rounding of its own slope.
Scores are made up and seeded: normal around 0 and around a shift, through a logistic function, some rounded so that they tie.
"""
import json
import math
import subprocess
from pathlib import Path

import numpy
import scipy
import scipy.special
import scipy.stats
import sklearn
from sklearn.calibration import calibration_curve
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, roc_curve

HERE = Path(__file__).parent


def made_up_scores(name, seed, positives, negatives, shift, second_shift, digits):
    random = numpy.random.RandomState(seed)
    truth = numpy.array([1] * positives + [0] * negatives)
    random.shuffle(truth)
    shared = random.normal(size=truth.size)
    probability = lambda gain: 1 / (1 + numpy.exp(-(0.8 * shared + 0.6 * random.normal(size=truth.size) + gain * truth - 1)))
    first, second = (numpy.round(probability(gain), digits) for gain in (shift, second_shift))
    return {'name': name, 'truth': truth.tolist(), 'first': first.tolist(), 'second': second.tolist()}


def wilson(part, whole, confidence):
    z = scipy.stats.norm.ppf(0.5 + confidence / 2)
    p = part / whole
    middle = p + z * z / (2 * whole)
    reach = z * math.sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole))
    return [(middle - reach) / (1 + z * z / whole), (middle + reach) / (1 + z * z / whole)]


def expectation_maximisation(probabilities, prior):
    p, q = numpy.array(probabilities), prior
    for _ in range(200000):
        corrected = (q / prior * p) / (q / prior * p + (1 - q) / (1 - prior) * (1 - p))
        step, q = abs(corrected.mean() - q), corrected.mean()
        if step < 1e-16:
            break
    return q, corrected.tolist()


def shift_interval(probabilities, prior, q):
    """Of the prevalence, by the curvature of the log likelihood at its maximum, which is taken from differences; None at the border."""
    if not 0.01 < q < 0.99:
        return None
    p = numpy.array(probabilities)
    likelihood = lambda x: numpy.sum(numpy.log(x * p / prior + (1 - x) * (1 - p) / (1 - prior)))
    h = 1e-4 * min(q, 1 - q)
    curvature = (likelihood(q + h) - 2 * likelihood(q) + likelihood(q - h)) / (h * h)
    reach = 1.959963984540054 / math.sqrt(-curvature)
    return [max(0, q - reach), min(1, q + reach)]


def stability(reference, batch, bins):
    ordered = sorted(reference)
    edges = [ordered[len(ordered) * k // bins] for k in range(1, bins)]
    edges = sorted(set(edges))
    count = lambda values: [sum(1 for value in values if (k == 0 or value >= edges[k - 1]) and (k == len(edges) or value < edges[k]))
                            for k in range(len(edges) + 1)]
    shares = lambda values: [(n + 0.5) / (len(values) + 0.5 * (len(edges) + 1)) for n in count(values)]
    return sum((b - a) * math.log(b / a) for a, b in zip(shares(reference), shares(batch)))


def proved_zones(scores, right, goal, level):
    """Every zone (films above one of the scores) that is proved; `scores` fall where the zone is that of called films."""
    n = len(scores)
    fewest = next(k for k in range(1, 10 ** 6) if goal ** k <= level)
    starts = {int(fewest * (n / fewest) ** (i / 8) + 0.5) for i in range(8)} if fewest < n else set()
    proved = set()
    for start in starts:
        for size in range(start, n):
            zone = [k for k in range(n) if scores[k] > scores[size]]
            tail = scipy.stats.binom.sf(sum(right[k] for k in zone) - 1, len(zone), goal) if zone else 1
            if tail > level:
                break
            proved.add((scores[size], len(zone), sum(right[k] for k in zone)))
    return proved


def three_zones(case, ppv, npv, confidence):
    level = (1 - confidence) / 2 / 8
    pairs = sorted(zip(case['first'], case['truth']), reverse=True)
    called = proved_zones([s for s, _ in pairs], [t == 1 for _, t in pairs], ppv, level) | {None}
    pairs = sorted((-s, t) for s, t in pairs)[::-1]
    cleared = proved_zones([s for s, _ in pairs], [t == 0 for _, t in pairs], npv, level) | {None}
    best = max(((a[1] if a else 0) + (b[1] if b else 0)) for a in called for b in cleared if not (a and b and a[0] < -b[0]))
    return {'ppv': ppv, 'npv': npv, 'confidence': confidence, 'decided': best,
            'largest_called': max((a[1] for a in called if a), default=0),
            'largest_cleared': max((b[1] for b in cleared if b), default=0)}


def by_proc(cases):
    lines = ['case,truth,first,second'] + [f"{case['name']},{t},{a!r},{b!r}" for case in cases
                                           for t, a, b in zip(case['truth'], case['first'], case['second'])]
    answer = subprocess.run(['Rscript', str(HERE / 'roc.R')], input='\n'.join(lines) + '\n', text=True, check=True, capture_output=True)
    keys = ['area', 'variance', 'low', 'high', 'second_area', 'second_variance', 'covariance', 'z', 'p']
    return {line.split(',')[0]: dict(zip(keys, map(float, line.split(',')[1:]))) for line in answer.stdout.splitlines()}


def logistic_case(seed, rows, columns, inverse_penalty, balanced):
    random = numpy.random.RandomState(seed)
    features = random.normal(size=(rows, columns)).round(3)
    logits = features @ random.normal(size=columns) - 1
    truth = (random.uniform(size=rows) < 1 / (1 + numpy.exp(-logits))).astype(int)
    model = LogisticRegression(C=inverse_penalty, class_weight='balanced' if balanced else None, solver='newton-cg', tol=1e-8, max_iter=100000)
    model.fit(features.astype(numpy.float32).astype(float), truth)
    return {'features': features.tolist(), 'truth': truth.tolist(), 'inverse_penalty': inverse_penalty, 'balanced': balanced,
            'weights': model.coef_[0].tolist(), 'bias': model.intercept_[0]}


def main():
    cases = [made_up_scores('300 films', 1, 90, 210, 1.5, 1.0, 15), made_up_scores('ties', 2, 25, 35, 1.2, 1.1, 1),
             made_up_scores('11 with the finding', 3, 11, 140, 0.8, 1.3, 15), made_up_scores('no better than chance', 4, 40, 40, 0, 0.2, 3),
             made_up_scores('well apart', 5, 130, 200, 4.5, 2.5, 15)]
    proc = by_proc(cases)
    for case in cases:
        truth, scores = numpy.array(case['truth']), numpy.array(case['first'])
        false_positives, true_positives, thresholds = roc_curve(truth, scores, drop_intermediate=False)
        case['roc'] = proc[case['name']]
        case['curve'] = [list(point) for point in zip(thresholds[1:], false_positives[1:], true_positives[1:])][::max(1, thresholds.size // 20)]
        case['average_precision'] = average_precision_score(truth, scores)
        case['brier'] = brier_score_loss(truth, scores)
        for strategy in ('uniform', 'quantile'):
            share, mean = calibration_curve(truth, scores, n_bins=8, strategy=strategy)
            case[strategy] = {'share': share.tolist(), 'mean': mean.tolist()}
        case['net_benefit'] = []
        for t in (0.05, 0.2, 0.5, 0.9):
            called = scores >= t
            w = t / (1 - t)
            case['net_benefit'].append([t, (numpy.sum(called & (truth == 1)) - w * numpy.sum(called & (truth == 0))) / truth.size,
                                        truth.mean() - (1 - truth.mean()) * w])
        case['zones'] = [three_zones(case, *goal) for goal in ((0.8, 0.8, 0.9), (0.7, 0.9, 0.95))]
        prevalence, corrected = expectation_maximisation(scores, 0.35)
        case['prior_shift'] = {'model_prevalence': 0.35, 'prevalence': prevalence, 'corrected': corrected[:5],
                               'interval': shift_interval(scores, 0.35, prevalence)}
        gap = scipy.stats.ks_2samp(case['first'], case['second']).statistic
        n = truth.size
        case['drift'] = {'stability_index': stability(case['first'], case['second'], 10), 'largest_gap': gap,
                         'p': scipy.special.kolmogorov(math.sqrt(n / 2) * gap)}
    golden = {
        'made_by': f"pROC (Debian r-cran-proc), scikit-learn {sklearn.__version__}, SciPy {scipy.__version__}",
        'cases': cases,
        'wilson': [[k, n, c, *wilson(k, n, c)] for k, n, c in ((3, 10, 0.95), (0, 8, 0.95), (8, 8, 0.95), (81, 263, 0.9), (15, 148, 0.99))],
        'normal_quantiles': [[p, scipy.stats.norm.ppf(p)] for p in (1e-12, 1e-6, 0.0025, 0.3, 0.5, 0.8, 0.975, 0.9999999)],
        'binomial': [[k, n, p, scipy.stats.binom.cdf(k, n, p)] for k, n, p in
                     ((0, 5, 0.3), (4, 5, 0.3), (90, 100, 0.9), (50, 100, 0.9), (99000, 100000, 0.99), (3, 1000, 0.01), (999, 1000, 0.99))],
        'kolmogorov': [[x, scipy.special.kolmogorov(x)] for x in (0.3, 0.7, 0.99, 1.0, 1.5, 2.5)],
        'logistic': [logistic_case(6, 60, 4, 1, False), logistic_case(7, 80, 5, 0.1, True), logistic_case(8, 20, 30, 10, False)],
    }
    (HERE / 'metrics.json').write_text(json.dumps(golden) + '\n')


main()
