#include "findings/statement.h"

#include <algorithm>

#include "base/text.h"

namespace chestlight {

namespace {

std::string counted(std::ptrdiff_t count, std::string_view noun) { return text(count, " ", noun, count == 1 ? "" : "s"); }

/// The operating point's explanation as a sentence of its own.
std::string as_sentence(std::string words) {
  if (!words.empty() && words.back() != '.') words += '.';
  return words;
}

}  // namespace

Summary summarise(std::span<const FindingState> states) {
  auto above = std::count(states.begin(), states.end(), FindingState::kAbove);
  auto borderline = std::count(states.begin(), states.end(), FindingState::kBorderline);
  const std::string also = borderline > 0 ? text(", ", borderline, " borderline") : "";
  if (above > 0)
    return {counted(above, "finding") + " above threshold" + also,
            "A score above its threshold is a reason to look, not a diagnosis."};
  if (borderline > 0)
    return {"No finding clearly above threshold" + also,
            "Borderline scores can tip either way with a small change of the picture. This is not the same "
            "as normal."};
  return {"No finding above threshold", not_normal_caveat(states.size())};
}

std::string finding_sentence(const Label& label, Calibrated score, Calibrated threshold, const OperatingPoint& operating_point) {
  const std::string figures =
      text(label.name, " scores ", score_figure(score), " against a threshold of ", score_figure(threshold));
  switch (finding_state(score, threshold)) {
    case FindingState::kAbove:
      return text(figures, ": above. A reason to look, not a diagnosis. ", as_sentence(operating_point.explanation));
    case FindingState::kBorderline:
      return text(figures, ": borderline, a small change of the picture could tip it either way. ",
                  as_sentence(operating_point.explanation));
    case FindingState::kBelow:
      return text(figures, ": below. Below threshold does not exclude it; do not rely on its map. ",
                  as_sentence(operating_point.explanation));
  }
  return figures;
}

}  // namespace chestlight
