// Models on the screen: those that were added, the one that is being added, the row and the form that are looked at, and the
// model whose scores stand beside those of the one in use.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "contract/analysis.h"
#include "contract/failure.h"
#include "contract/messages.h"
#include "contract/model.h"

namespace chestlight::viewer {

struct State;
struct FilmEntry;

struct OwnModels {
  struct Import {
    std::string name, step;
    double done = 0, total = 0;
    bool cancelling = false;
  };
  struct Failed {
    std::string name;
    contract::Failure error;
  };
  std::vector<contract::ModelChoice> list;
  std::string storage;  // where they are kept, in a sentence
  std::optional<Import> importing;
  std::deque<Failed> failed;             // files that became no model, the last one first
  std::string selected;                  // the row that is looked at
  std::string note;                      // what there is to say of the one added last
  std::vector<std::string> assumptions;  // what was guessed of it
  bool revising = false;                 // asked for, not yet answered
  std::optional<contract::Failure> refused;
  std::string beside, beside_name;  // the model whose scores stand beside; empty: none
};

/// All there are: those of the page, then those that were added.
std::vector<contract::ModelChoice> all_models(const State& state);
/// A copy of the one of this id.
std::optional<contract::ModelChoice> find_model(const State& state, const std::string& id);
inline bool is_own(const contract::ModelChoice& model) { return model.id.starts_with("own:"); }
/// Whether it is the one whose scores are shown.
bool is_in_use(const State& state, const contract::ModelChoice& model);
/// The id, in the list, of the one in use; empty while there is none.
std::string model_in_use(const State& state);
/// The one whose form is open or would be opened: the one in use, where it was added.
std::optional<contract::ModelChoice> model_of_form(const State& state);

/// What is told of a file that is to become a model.
void import_progressed(State& state, const contract::ImportProgressed& progress);
void model_imported(State& state, const contract::ModelImported& imported);
void import_failed(State& state, const contract::ImportFailed& failed);

/// Scalings of the input that have names, as mean and deviation of values from 0 to 1.
struct NamedScaling {
  const char* name;
  const char* explanation;
  std::vector<double> mean, deviation;
};
const std::vector<NamedScaling>& named_scalings();
/// Index of the one in use; -1 for numbers of its own.
int scaling_in_use(const contract::ModelInputSize& input);

/// Whether it is the model whose scores stand beside those of the one in use.
bool is_compared_with(const State& state, const contract::ModelId& model);
/// The same finding of the other model; nullptr where it has none of that name.
const contract::Finding* beside_finding(const FilmEntry& film, const contract::Finding& finding);
/// Both are assessed, and they are in different zones.
bool disagrees(const contract::Finding& finding, const contract::Finding& other);
/// "Both models: likely." or "They disagree: likely here, unlikely by Other." or why that cannot be said.
std::string comparison_in_words(const State& state, const FilmEntry& film, const contract::Finding& finding);
/// Of a whole film: "Compared with Other: 2 of 14 findings in another zone (Mass, Nodule)."
std::string comparison_summary(const State& state, const FilmEntry& film);

/// "Reading net.pt: 12 MB of 84 MB"; empty while nothing is being added.
std::string import_in_words(const State& state);

}  // namespace chestlight::viewer
