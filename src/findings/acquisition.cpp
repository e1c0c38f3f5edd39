#include "findings/acquisition.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"

namespace chestlight {
namespace {

constexpr std::array<std::string_view, 2> kUsual{"CR", "DX"};
constexpr std::array<std::string_view, 4> kUnusual{"RG", "RF", "OT", "SC"};
constexpr std::array<std::string_view, 8> kLateral{"LL", "RL", "LAT", "LATERAL", "LLD", "RLD", "LLO", "RLO"};
constexpr std::array<std::string_view, 4> kChest{"CHEST", "THORAX", "LUNG", "RIB"};

template <class List>
bool among(std::string_view word, const List& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

constexpr double kMostLossy = 20;  // to 1

// Codes come from a list of at most 16 capitals; anything else in the field is not repeated to anybody.
std::string code(const std::string& word) {
  const bool plain = word.size() <= 16 && std::all_of(word.begin(), word.end(),
                                                      [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
  return plain ? text(" (", word, ")") : "";
}

}  // namespace

std::vector<Reason> check_acquisition(const DicomFacts& facts) {
  std::vector<Reason> reasons;
  auto refuse = [&](const char* id, std::string sentence) { reasons.push_back({id, Severity::kRefuse, std::move(sentence)}); };
  auto warn = [&](const char* id, std::string sentence) { reasons.push_back({id, Severity::kWarn, std::move(sentence)}); };
  const bool usual = among(facts.modality, kUsual);
  const bool unusual = facts.modality.empty() || among(facts.modality, kUnusual);

  if (!usual && !unusual)
    refuse("other-modality", text("Not a radiograph by its own account: its modality", code(facts.modality),
                                  " is none of CR, DX, RG, RF, OT and SC; use a chest radiograph."));
  if (among(facts.view_position, kLateral))
    refuse("lateral",
           text("A lateral view", code(facts.view_position), ": the model knows frontal films only; use the PA or AP film."));
  if (facts.presentation_intent == "FOR PROCESSING")
    refuse("for-processing",
           "Raw detector data (FOR PROCESSING), not a picture for reading; use the file marked FOR PRESENTATION.");
  if (facts.dual_energy)
    refuse("dual-energy",
           "A dual-energy picture of soft tissue or bone alone, by its own account (Image Type): the model knows "
           "ordinary films only; use the standard picture.");
  if (facts.frames > 1 && !facts.frame_chosen)
    refuse("frame-not-chosen",
           text("One of ", facts.frames, " frames: go to the one to analyse (PgUp, PgDn), then choose it (A)."));

  if (unusual)
    warn("unusual-modality", facts.modality.empty()
                                 ? "The file does not say that it is a radiograph (no modality); check that it is one."
                                 : text("Not marked as a digital radiograph", code(facts.modality),
                                        ": it may be a scan or a screen capture; check that it is a chest film."));
  const bool chest = std::any_of(kChest.begin(), kChest.end(),
                                 [&](std::string_view part) { return facts.body_part.find(part) != std::string::npos; });
  if (!facts.body_part.empty() && !chest)
    warn("other-body-part",
         text("The file names a body part other than the chest", code(facts.body_part), "; check that it is a chest film."));
  if (facts.frames > 1 && facts.frame_chosen)
    warn("one-frame", text("Only frame ", facts.frame, " of ", facts.frames, " was analysed, as chosen."));
  if (facts.burned_in)
    warn("burned-in",
         "The file says that text is burned into its picture: letters and markers can change scores, and they may "
         "say whom the film is about; look before you share the picture or a map over it.");
  if (facts.lossy_ratio > kMostLossy)
    warn("lossy",
         text("Compressed ", fixed(facts.lossy_ratio, 0), " : 1 with loss: fine findings may be gone; use the original."));
  const auto separator = facts.orientation.find('\\');
  if (separator != std::string::npos && facts.orientation.find('F', separator) == std::string::npos)
    warn("turned", "The file says that the film does not stand upright; the model knows upright films only.");
  if (usual && facts.view_position != "PA" && facts.view_position != "AP" && !among(facts.view_position, kLateral))
    warn("unknown-view", "The file does not say that the view is frontal (PA or AP); check that it is.");
  return reasons;
}

}  // namespace chestlight
