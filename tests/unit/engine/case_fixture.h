// The case at work for tests, with a real engine and a small random network. The test is the thread around it: it reads "files"
// and runs the network when it is told to.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "contract/case_json.h"
#include "contract/messages_json.h"
#include "engine/case_runner.h"
#include "engine/describe.h"
#include "imaging/codecs/encode_png.h"
#include "support/files.h"
#include "support/graph_interpreter.h"
#include "support/tiny_model.h"
#include "unit/engine/anatomy_fixture.h"

namespace chestlight::testing {

inline constexpr int kWide = 300, kHigh = 260;
inline constexpr std::size_t kFilmBytes = std::size_t{kWide} * kHigh * 2;

inline Blob film_png() {
  std::vector<std::uint8_t> rgba;
  for (int y = 0; y < kHigh; ++y)
    for (int x = 0; x < kWide; ++x) {
      const bool inside = (x - 100) * (x - 100) + (y - 130) * (y - 130) < 2500;
      const auto grey = static_cast<std::uint8_t>(inside ? 250 : 40 + 120 * x / kWide + 40 * y / kHigh);
      rgba.insert(rgba.end(), {grey, grey, grey, 255});
    }
  return encode_png(rgba, kWide, kHigh);
}

struct Told {
  Json event;
  std::vector<Blob> blobs;
};

class CaseTest : public ::testing::Test {
 protected:
  void SetUp() override { start(); }

  void start(std::size_t budget = kDecodedBudget) {
    case_.reset();
    engine_ = std::make_unique<Engine>();
    case_ = std::make_unique<CaseRunner>(*engine_, budget);
  }

  void load_model(const std::string& id = "tiny") {
    TinyModel tiny = tiny_model();
    tiny.manifest["id"] = id;
    auto model = engine_->load_model(tiny.manifest_bytes(), tiny.weights);
    ASSERT_TRUE(model) << model.error().message;
    model_ = *model;
    tell(contract::NetworkReady{{"wasm", "one thread", {}}});
  }

  /// The anatomy network comes, as the thread tells it.
  void load_anatomy() {
    const std::vector<std::uint8_t> weights = anatomy_weights();
    const std::string manifest = write_json(anatomy_manifest(weights));
    ASSERT_TRUE(engine_->load_anatomy({reinterpret_cast<const std::uint8_t*>(manifest.data()), manifest.size()}, weights));
    tell(contract::AnatomyLoaded{});
  }

  void tell(contract::CaseMessage message, std::vector<Blob> blobs = {}) {
    case_->tell(std::move(message), std::move(blobs), 1);
    take_steps();
  }

  /// A film comes in; what is in its file is `content`: "film", or what it cannot be read for.
  void open(int id, const std::string& content = "film") {
    files_[id] = content;
    tell(contract::OpenFilm{id, std::to_string(id) + ".png"});
  }

  /// Does everything that can be done, or as much as `steps` steps.
  void run(int steps = 1000) {
    while (steps-- > 0) {
      if (!waiting_.empty()) {
        CaseStep step = std::move(waiting_.front());
        waiting_.erase(waiting_.begin());
        answer(std::move(step));
      } else if (!case_->work(1)) {
        return;
      } else {
        take_steps();
      }
    }
  }

  /// The types of the events about a film, in their order: "film-opened 1".
  std::vector<std::string> types(const std::string& only = "") const {
    std::vector<std::string> all;
    for (const Told& told : told_) {
      const std::string type = told.event["type"];
      const Json& number = told.event.contains("id")        ? told.event["id"]
                           : told.event.contains("request") ? told.event["request"]
                                                            : Json();
      const std::string name = number.is_null() ? type : type + " " + std::to_string(number.get<int>());
      if (only.empty() || type == only) all.push_back(name);
    }
    return all;
  }
  bool was_told(const std::string& name) const {
    const auto all = types();
    return std::find(all.begin(), all.end(), name) != all.end();
  }
  const Told* find(const std::string& type) const {
    auto found = std::find_if(told_.rbegin(), told_.rend(), [&](const Told& told) { return told.event["type"] == type; });
    return found == told_.rend() ? nullptr : &*found;
  }

  contract::ExplanationQuestion question(int request, int film = 1, const std::string& method = "evidence") {
    return {request, film, "a", method};
  }

  std::unique_ptr<Engine> engine_;
  std::unique_ptr<CaseRunner> case_;
  std::shared_ptr<const Model> model_;
  std::map<int, std::string> files_;
  std::map<int, std::string> hashes_;  // of their bytes, where a test says so
  std::map<int, std::string> tables_;  // of labels; one that is not here cannot be read
  std::vector<Told> told_;
  std::vector<CaseStep> waiting_;  // asked, not yet answered
  std::map<std::string, Json> kept_;
  std::vector<int> read_;  // films, in the order their files were read
  int runs_ = 0;           // of the network
  bool hold_network_ = false;
  std::optional<contract::Failure> network_fails_;
  int searches_ = 0;  // of the anatomy network
  float chest_logit_ = 3;
  std::optional<contract::Failure> anatomy_fails_;

 private:
  void take_steps() {
    for (CaseStep& one : case_->take_steps()) {
      if (auto* tell = std::get_if<contract::Tell>(&one.step)) {
        told_.push_back({tell->event, std::move(one.blobs)});
      } else if (auto* keep = std::get_if<contract::Keep>(&one.step)) {
        if (keep->value.is_null()) kept_.erase(keep->key);
        else kept_[keep->key] = keep->value;
      } else {
        waiting_.push_back(std::move(one));
      }
    }
  }

  void answer(CaseStep asked) {
    if (auto* read = std::get_if<contract::ReadFilm>(&asked.step)) {
      read_.push_back(read->id);
      const std::string content = files_[read->id];
      if (content == "archive") return tell(contract::FilmIsArchive{read->id});
      if (content != "film") return tell(contract::FilmNotRead{read->id, {"format-unknown", content, "Try another."}, "Text"});
      auto id = engine_->open(film_png());
      ASSERT_TRUE(id);
      contract::FilmRead film{read->id, describe(*id, std::to_string(read->id) + ".png", **engine_->film(*id)), "chestlight", 5};
      film.sha256 = hashes_[read->id];
      tell(film);
    } else if (auto* run = std::get_if<contract::RunNetwork>(&asked.step)) {
      runs_ += 1;
      if (run->graph == kAnatomyGraph) return answer_anatomy(*run);
      if (network_fails_) return tell(contract::NetworkFailed{run->run, *network_fails_});
      answer_network(*run, asked.blobs);
    } else if (auto* identifiers = std::get_if<contract::FetchIdentifiers>(&asked.step)) {
      tell(contract::IdentifiersRead{identifiers->id, {{"Patient ID", "7"}}});
    } else if (auto* labels = std::get_if<contract::ReadLabels>(&asked.step)) {
      const auto table = tables_.find(labels->id);
      if (table == tables_.end())
        return tell(
            contract::LabelsNotRead{labels->id, {"file-unreadable", "The file can no longer be read.", "Drop it again."}});
      tell(contract::LabelsRead{labels->id}, {Blob(table->second.begin(), table->second.end())});
    } else if (std::holds_alternative<contract::FetchFont>(asked.step)) {
      tell(contract::FontRead{"2026-01-02"}, {read_font()});
    }
  }

  void answer_anatomy(const contract::RunNetwork& run) {
    searches_ += 1;
    if (anatomy_fails_) return tell(contract::NetworkFailed{run.run, *anatomy_fails_});
    contract::NetworkAnswered answered{run.run, {}, 7};
    std::vector<Blob> values;
    for (const InferenceTensor& tensor : anatomy_outputs(3, chest_logit_)) {
      answered.outputs.push_back({tensor.name, {tensor.shape.begin(), tensor.shape.end()}});
      values.push_back(to_blob(std::span(tensor.values)));
    }
    tell(std::move(answered), std::move(values));
  }

  void answer_network(const contract::RunNetwork& run, const std::vector<Blob>& blobs) {
    auto inputs = tensors_of(run.inputs, blobs);
    ASSERT_TRUE(inputs);
    std::map<std::string, Array> arrays;
    for (const InferenceTensor& tensor : *inputs)
      arrays[tensor.name] = {tensor.shape, {tensor.values.begin(), tensor.values.end()}};
    auto variant = graph_variant(run.graph);
    ASSERT_TRUE(variant);
    auto outputs = interpret(*model_->architecture().graph(*variant, Precision::kFloat32), arrays);
    contract::NetworkAnswered answered{run.run, {}, 7};
    std::vector<Blob> values;
    for (const std::string& name : run.outputs) {
      const Array& output = outputs.at(name);
      answered.outputs.push_back({name, {output.shape.begin(), output.shape.end()}});
      const std::vector<float> numbers(output.numbers.begin(), output.numbers.end());
      values.push_back(to_blob(std::span(numbers)));
    }
    tell(std::move(answered), std::move(values));
  }
};

}  // namespace chestlight::testing
