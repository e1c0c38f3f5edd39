// The published state: what the text of the page reads out and what browser tests assert on. A function of the state alone, in
// sections, so that only those that changed need be written down again, and only when somebody asks for them.
#pragma once

#include "base/json.h"
#include "viewer/actions/action.h"
#include "viewer/state/state.h"

namespace chestlight::viewer {

/// What the page did so far to be seen.
struct Drawn {
  long long frames = 0;
  long long pixels = 0;        // device pixels that frames changed and so drew again
  long long film_uploads = 0;  // how often a film's pixels were sent to the graphics device
};

enum class Section {
  kFilms,
  kWorklist,
  kSelected,
  kFindings,
  kExplanation,
  kSideBySide,
  kEvaluation,
  kStudy,
  kOverlay,
  kView,
  kStatus,
  kEngine,
  kCommands,
  kPage,
  kDrawn,  // changes with every frame
};
inline constexpr int kSections = static_cast<int>(Section::kDrawn) + 1;

/// A set of sections, a bit for each.
using Sections = unsigned;
constexpr Sections bit(Section section) { return 1u << static_cast<int>(section); }
inline constexpr Sections kAllSections = (1u << kSections) - 1;

/// The section's fields of the published state; no two sections share one.
Json section_json(const State& state, const Drawn& drawn, Section section);

/// Sections that the action may have changed; never fewer than it did.
Sections sections_changed_by(const Action& action);

/// All sections together.
Json snapshot(const State& state, const Drawn& drawn);

}  // namespace chestlight::viewer
