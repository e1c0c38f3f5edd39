// update(): the one place where the state changes. What the outside world must do about it comes back as
// values.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "app/action.h"
#include "app/state.h"

namespace chestlight::app {

// Effects: requests to the page that hosts us. protocol.h writes them as messages.
struct PickFiles {};
struct PickFolder {};
struct PasteFiles {};
struct RequestExample {
  std::string file;
};
struct RequestPixels {
  int id;
};
struct RequestAnalysis {
  int id;
};
struct RequestCancel {
  int id;
};
struct RequestClose {
  int id;
};
struct RequestModel {
  std::string id;
};
struct RequestFrame {
  int id;
  int frame;
  bool chosen;
};
struct SaveSettings {
  Settings settings;
};
struct CopyToClipboard {
  std::string text;
};
struct RequestExport {
  std::string format;
};

using Effect =
    std::variant<PickFiles, PickFolder, PasteFiles, RequestExample, RequestPixels, RequestFrame, RequestAnalysis, RequestCancel,
                 RequestClose, RequestModel, SaveSettings, CopyToClipboard, RequestExport>;

/// Analyses asked for at a time: one running and one behind it, so that a film selected later need not wait
/// for a batch.
constexpr int kAnalysesInFlight = 2;

std::vector<Effect> update(State& state, const Action& action);

}  // namespace chestlight::app
