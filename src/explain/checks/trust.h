// Whether a map deserves trust: five checks that anybody can repeat, on this very film.
//
//   adds-up     the exact evidence and the bias sum to the score
//   erase       the region that the map points at is blurred away: the score must fall more than when regions of the same
//               shape and size elsewhere are (fidelity; Samek et al., IEEE TNNLS 2017)
//   order       the film is blurred away from the most important pixel to the least (deletion), and brought back in the
//               same order (insertion): the score must fall sooner and rise sooner than in random order
//               (Petsiuk et al., BMVC 2018)
//   stability   small shifts and changes of contrast: the score must stay on its side of the threshold, the map in place
//   sanity      the same method where it should find something else: for random mixtures of the findings' outputs; with a
//               head of random weights, which weighs the features in a way that no finding does; and with the last block's
//               weights in random order, which sees other features (graph/weight_randomisation.h says what each tells). The map
//               must be another one each time, or it shows the film rather than the finding, or what any network would
//               show (Adebayo et al., NeurIPS 2018). Methods of many requests are asked with the random head only; a network that
//               is known as a finished graph only has no untrained form, and is asked for the mixtures.
//
// Passing them does not make a finding true: they ask whether the map says what the network does.
// All random choices are seeded: the same film always gets the same answers.
#pragma once

#include "contract/explanation.h"
#include "explain/methods/methods.h"

namespace chestlight {

using contract::TrustCheck;
using contract::TrustReport;

/// Checks `map`, which `method` gave for `question` (looked at). `cutoff` as in explain/regions.h.
Procedure<TrustReport> check_trust(Network& network, const Question& question, const Method& method, const ExplanationMap& map,
                                   float cutoff);

/// How often check_trust() asks the network. `reinitialised`: networks with a part untrained can be asked.
int trust_requests(const Method& method, bool reinitialised = true);

// The checks themselves.
TrustCheck check_adds_up(const Question& question);
Procedure<TrustCheck> check_erase(Network&, const Question&, const ExplanationMap&, float cutoff);
Procedure<TrustCheck> check_order(Network&, const Question&, const ExplanationMap&);
Procedure<TrustCheck> check_stability(Network&, const Question&, const Method&, const ExplanationMap&);
Procedure<TrustCheck> check_sanity(Network&, const Question&, const Method&, const ExplanationMap&);

/// Pearson's correlation of two maps of one size; 0 where one of them is flat.
double correlation(GridView<const float> a, GridView<const float> b);

}  // namespace chestlight
