// What a threshold does: the four counts, and the shares made of them with Wilson's intervals.
//
// Source: E. Wilson, Journal of the American Statistical Association 22 (1927) 209.
#pragma once

#include <optional>

#include "metrics/sample.h"

namespace chestlight {

struct Confusion {
  int true_positives = 0, false_positives = 0, true_negatives = 0, false_negatives = 0;
};

Confusion confusion_at(const Sample& sample, double threshold);

/// Wilson's interval of part / whole; {0, 1} where whole is 0.
Interval wilson_interval(int part, int whole, double confidence = 0.95);

struct Share {
  int part = 0, whole = 0;
  std::optional<double> value;  // empty where whole is 0
  Interval interval{0, 1};
};

Share share_of(int part, int whole, double confidence = 0.95);

struct Rates {
  Share sensitivity, specificity;
  Share ppv, npv;  // of these films: they change with the share of films that have the finding
};

Rates rates_of(const Confusion& confusion, double confidence = 0.95);

}  // namespace chestlight
