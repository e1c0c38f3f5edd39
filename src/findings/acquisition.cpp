#include "findings/acquisition.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"

namespace chestlight {
namespace {

constexpr std::array<std::string_view, 2> kUsual{"CR", "DX"};
constexpr std::array<std::string_view, 4> kUnusual{"RG", "RF", "OT", "SC"};
// In no list of the standard, and written by makers of digital radiographs all the same.
constexpr std::array<std::string_view, 2> kOfMakers{"DR", "XR"};

template <class List>
bool among(std::string_view word, const List& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

constexpr double kMostLossy = 20;  // to 1

// Patient Orientation: where the rows and where the columns run to, by their first letters; '\0' where it is not stated.
struct Directions {
  char rows = 0, columns = 0;
  bool feet = false;  // the columns run to the feet, if not to them first
};

Directions directions(const std::string& orientation) {
  const auto separator = orientation.find('\\');
  if (separator == std::string::npos) return {};
  auto letter = [&](std::size_t at) { return at < orientation.size() && orientation[at] != '\\' ? orientation[at] : '\0'; };
  return {letter(0), letter(separator + 1), orientation.find('F', separator) != std::string::npos};
}

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
  const bool of_maker = among(facts.modality, kOfMakers);
  const bool usual = of_maker || among(facts.modality, kUsual);
  const bool unusual = facts.modality.empty() || among(facts.modality, kUnusual);

  if (!usual && !unusual)
    refuse("other-modality", text("Not a radiograph by its own account: its modality", code(facts.modality),
                                  " is none of CR, DX, RG, RF, OT and SC; use a chest radiograph."));
  const Directions runs = directions(facts.orientation);
  const bool from_the_side = runs.rows == 'A' || runs.rows == 'P';
  const bool frontal = facts.view == "frontal";
  const bool lateral = facts.view == "lateral" || (from_the_side && !frontal);
  if (lateral)
    refuse("lateral", text("A lateral view", code(facts.view_position), from_the_side ? " by its orientation" : "",
                           ": the model knows frontal films only; use the PA or AP film."));
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
  if (of_maker)
    warn("unusual-modality", text("The file’s modality", code(facts.modality),
                                  " is not of the standard; it was taken for that of a digital radiograph."));
  if (facts.other_part)
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
  if (runs.columns != 0 && !runs.feet)
    warn("turned", "The file says that the film does not stand upright; the model knows upright films only.");
  if (runs.rows == 'R' && runs.feet && !lateral)
    warn("mirrored",
         "The file says that its left and right are those of the patient, seen from behind: if so, mirror it for the model, "
         "which knows films with the patient's left side on the right.");
  if (usual && !frontal && !lateral)
    warn("unknown-view", "The file does not say that the view is frontal (PA or AP); check that it is.");
  return reasons;
}

}  // namespace chestlight
