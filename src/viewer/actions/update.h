// update(): the one place where the state changes. What the outside world must do about it comes back as
// values.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "viewer/actions/action.h"
#include "viewer/state/state.h"

namespace chestlight::viewer {

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
  ModelRequest request = {};
  std::string operating_point = {};  // id; empty: the model's own
};
struct RequestModelPicture {
  int id;
  Correction correction;
};
struct RequestCancel {
  int id;
};
struct RequestClose {
  int id;
};
struct RequestReopen {
  int id;
};
struct RequestModel {
  std::string id;  // empty: the one asked for last
};
struct RequestCancelLoading {};
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
  bool identifiers = false;  // with who the films are about
};
struct RequestIdentifiers {
  int id;
};
/// One finding of one film, asked about by one method.
struct ExplanationQuestion {
  int request;  // the page's number of this piece of work; 0: its answer needs none
  int film;
  ExplanationKey key;
  ModelRequest seen = {};  // what the model was asked to see of the film
  std::string operating_point = {};
};
struct RequestExplanation {
  ExplanationQuestion question;
};
struct RequestTrust {
  ExplanationQuestion question;
};
struct RequestMapExport {
  ExplanationQuestion question;
};
struct RequestCancelExplanation {
  int request;
};

using Effect = std::variant<PickFiles, PickFolder, PasteFiles, RequestExample, RequestPixels, RequestFrame, RequestAnalysis,
                            RequestModelPicture, RequestCancel, RequestClose, RequestReopen, RequestModel, RequestCancelLoading,
                            SaveSettings, CopyToClipboard, RequestExport, RequestIdentifiers, RequestExplanation, RequestTrust,
                            RequestMapExport, RequestCancelExplanation>;

/// Analyses asked for at a time: one running and one behind it, so that a film selected later need not wait
/// for a batch.
constexpr int kAnalysesInFlight = 2;

std::vector<Effect> update(State& state, const Action& action);

}  // namespace chestlight::viewer
