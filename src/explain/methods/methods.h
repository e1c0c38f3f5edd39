// The methods that answer "where": one table, one procedure per method. No method is the truth; the page shows several
// and checks them (explain/checks/trust.h).
//
// Every map covers the network's whole input, so explain/map_geometry.h places it on the film whatever its cells are.
// What positive, zero and a unit mean is the method's own and stands in the table; names, signs and scaling are those of
// the papers and of the libraries most people know them from (pytorch-grad-cam, Captum).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/grid.h"
#include "base/result.h"
#include "explain/procedure.h"
#include "explain/question.h"

namespace chestlight {

struct ExplanationMap {
  Grid<float> values;
  Grid<float> spread;                                    // standard deviation per cell where a method has one, else empty
  std::vector<std::pair<std::string, double>> measures;  // what else the method found out, by name
};

struct Method {
  std::string_view id;  // stable, kebab-case
  std::string_view name;
  std::string_view explanation;  // one sentence for a reader who does not know it
  std::string_view paper;
  std::string_view unit;       // of the map's values
  bool is_signed = false;      // negative values mean evidence against
  bool needs_reverse = false;  // asks for gradients
  bool has_layers = false;     // Question::layer chooses where to look
  std::string_view default_layer;
  int requests = 0;  // how often it asks the network, after look_at()
  Procedure<ExplanationMap> (*map)(Network&, const Question&) = nullptr;
};

/// All methods, in the order they are offered.
std::span<const Method> methods();

/// Where methods with layers can look: each of the network's layers (Question::layers), and "fused", the mean of them all.
std::vector<std::string> layer_choices(std::span<const std::string> layers);

struct MethodChoice {
  const Method* method = nullptr;
  std::string layer;  // empty for methods without layers
};

/// A method by id, and its layer or default. Error "invalid-request" with the known ones.
Result<MethodChoice> choose_method(std::string_view id, std::string_view layer, std::span<const std::string> layers);

// Forward only.
Procedure<ExplanationMap> evidence(Network&, const Question&);
Procedure<ExplanationMap> fine_evidence(Network&, const Question&);
Procedure<ExplanationMap> occlusion(Network&, const Question&);
Procedure<ExplanationMap> rise(Network&, const Question&);

// With gradients.
Procedure<ExplanationMap> grad_cam(Network&, const Question&);
Procedure<ExplanationMap> grad_cam_plus_plus(Network&, const Question&);
Procedure<ExplanationMap> hires_cam(Network&, const Question&);
Procedure<ExplanationMap> layer_cam(Network&, const Question&);
Procedure<ExplanationMap> input_gradient(Network&, const Question&);
Procedure<ExplanationMap> gradient_times_input(Network&, const Question&);
Procedure<ExplanationMap> smooth_grad(Network&, const Question&);
Procedure<ExplanationMap> integrated_gradients(Network&, const Question&);

}  // namespace chestlight
