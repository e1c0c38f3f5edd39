// The case's labels and what its scores are worth against them: see case_runner.h.
#include "base/text.h"
#include "contract/case_json.h"
#include "contract/evaluation_json.h"
#include "contract/json_fields.h"
#include "contract/messages_json.h"
#include "engine/case_runner.h"
#include "engine/describe.h"

namespace chestlight {
namespace {

constexpr char kChoiceKey[] = "labels-choice";

std::string table_key(int id) { return text("labels:", id); }

template <class Message>
Json kept_message(const Message& message) {
  return contract::named_message(message_name(message), to_json(message));
}

}  // namespace

void CaseRunner::receive(const contract::OpenLabels& message) {
  labels_.open_table(message.id, message.name);
  step(contract::Keep{table_key(message.id), kept_message(message)});
  step(contract::ReadLabels{message.id, table_key(message.id)});
}

void CaseRunner::receive(const contract::LabelsRead& message, std::vector<Blob> blobs) {
  if (blobs.size() == 1) labels_.read_table(message.id, std::move(blobs[0]));
  labels_changed();
}

void CaseRunner::receive(const contract::LabelsNotRead& message) {
  labels_.refuse_table(message.id, message.error);
  labels_changed();
}

void CaseRunner::receive(const contract::CloseLabels& message) {
  labels_.close_table(message.id);
  forget(table_key(message.id));
  enqueue(contract::JoinLabels{});
}

void CaseRunner::receive(const contract::ChooseLabels& message) {
  labels_.choose(message.choice);
  step(contract::Keep{kChoiceKey, kept_message(message)});
  enqueue(contract::JoinLabels{});
}

/// The engine before this one stopped while it took a table in, which is the one at fault, or while it joined or measured labels:
/// any table may be, and none is read again.
bool CaseRunner::blame_labels(const Json& task) {
  auto message = contract::parse_case_message(JsonReader(task, "task", ErrorCode::kInvalidRequest));
  if (!message) return false;
  const contract::Failure failure = {"engine-crashed", "The engine stopped while it worked on this table; it was started again.",
                                     "If the table is a valid one, please report its columns and its size."};
  if (const auto* open = std::get_if<contract::OpenLabels>(&*message)) {
    labels_.open_table(open->id, open->name);
    labels_.refuse_table(open->id, failure);
  } else if (std::holds_alternative<contract::JoinLabels>(*message) ||
             std::holds_alternative<contract::EvaluateFilms>(*message) ||
             std::holds_alternative<contract::ExportEvaluation>(*message)) {
    labels_.refuse_all(failure);
  } else {
    return false;
  }
  labels_changed();
  return true;
}

void CaseRunner::labels_changed() {
  if (labels_.wanted()) enqueue(contract::JoinLabels{});
}

std::vector<CaseLabels::Film> CaseRunner::films_for_labels() const {
  std::vector<CaseLabels::Film> films;
  for (const auto& [id, film] : films_.all()) films.push_back({id, film.name, film.record ? &*film.record : nullptr});
  return films;
}

void CaseRunner::join_labels_to_films() {
  auto model = engine_.model();
  post(labels_.join(films_for_labels(), model ? model->get() : nullptr));
}

void CaseRunner::tell_evaluation(const contract::EvaluateFilms& asked) {
  auto model = engine_.model();
  post(labels_.evaluate(films_for_labels(), model ? model->get() : nullptr, asked, engine_.profile_point()));
}

Result<void> CaseRunner::export_evaluation(const contract::ExportEvaluation& asked) {
  auto model = engine_.model();
  CHESTLIGHT_TRY(CaseLabels::File file,
                 labels_.export_as(asked, films_for_labels(), model ? model->get() : nullptr, engine_.profile_point()));
  post(contract::Exported{file.name, file.mime}, {std::move(file.bytes)});
  return {};
}

}  // namespace chestlight
