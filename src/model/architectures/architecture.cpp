#include "model/architectures/architecture.h"

#include "base/text.h"

namespace chestlight {
namespace {

struct NamedVariant {
  std::string_view name;
  GraphVariant variant;
};

constexpr NamedVariant kVariants[] = {
    {"forward", {false, Randomised::kNothing}},
    {"reverse", {true, Randomised::kNothing}},
    {"forward-random-head", {false, Randomised::kHead}},
    {"reverse-random-head", {true, Randomised::kHead}},
    {"forward-random-block", {false, Randomised::kLastBlock}},
    {"reverse-random-block", {true, Randomised::kLastBlock}},
};

}  // namespace

std::string_view graph_name(GraphVariant variant) {
  for (const NamedVariant& known : kVariants)
    if (known.variant == variant) return known.name;
  return "";
}

Result<GraphVariant> graph_variant(std::string_view name) {
  for (const NamedVariant& known : kVariants)
    if (known.name == name) return known.variant;
  return Error{ErrorCode::kInvalidRequest, text("There is no graph \"", name, "\"."),
               "Ask for \"forward\" or \"reverse\", either also with \"-random-head\" or \"-random-block\"."};
}

}  // namespace chestlight
