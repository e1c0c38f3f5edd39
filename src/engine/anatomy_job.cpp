#include "engine/anatomy_job.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "base/text.h"
#include "base/version.h"
#include "contract/anatomy_json.h"
#include "findings/gate.h"
#include "findings/input_record.h"

namespace chestlight {
namespace {

/// Reasons of the gate for which there are no two lungs to be found; size and brightness do not matter to masks.
constexpr std::array<std::string_view, 4> kNoFrontalChest = {"other-modality", "lateral", "two-films", "no-contrast"};

std::optional<Anatomy> refused_by_facts(const Film& film, const InputSpec& input) {
  for (const Reason& reason : check_film(film, input)) {
    if (std::find(kNoFrontalChest.begin(), kNoFrontalChest.end(), reason.id) == kNoFrontalChest.end()) continue;
    Anatomy anatomy;
    anatomy.reason_id = reason.id;
    anatomy.reason = reason.text;
    return anatomy;
  }
  return std::nullopt;
}

contract::FilmPoint point_of(SourcePx at) { return {at.x, at.y}; }

/// A tenth of a pixel is finer than any mask.
double rounded(double value) { return std::round(10 * value) / 10; }

contract::OrganOutline outline_of(const Organ& organ) {
  contract::OrganOutline described;
  for (const SourcePx& at : organ.outline) described.outline.push_back({rounded(at.x), rounded(at.y)});
  described.share = organ.share;
  return described;
}

contract::WidthLine line_of(const AnatomyLine& line, const std::optional<PixelSpacing>& spacing) {
  contract::WidthLine described{point_of(line.from), point_of(line.to), {}};
  if (spacing && spacing->row > 0 && spacing->column > 0)
    described.millimetres = std::hypot((line.to.x - line.from.x) * spacing->column, (line.to.y - line.from.y) * spacing->row);
  return described;
}

std::vector<std::string> notes_of(const Anatomy& anatomy, const std::optional<PixelSpacing>& spacing) {
  std::vector<std::string> notes;
  if (anatomy.quarter_turns != 0)
    notes.push_back(text("The film lies turned by ", 90 * anatomy.quarter_turns, "° clockwise; turn it back for the model."));
  if (anatomy.mirrored) notes.push_back("The film looks mirrored: look for a side marker before you trust left and right.");
  if (anatomy.inverted) notes.push_back("The film looks inverted, with air white; invert it for the model.");
  if (!anatomy.found) return notes;
  const CutOff& cut = anatomy.cut_off;
  std::string sides;
  for (const auto& [is_cut, name] : {std::pair(cut.left, "left"), {cut.right, "right"}, {cut.top, "top"}, {cut.bottom, "bottom"}})
    if (is_cut) sides += text(sides.empty() ? "" : ", ", name);
  if (!sides.empty()) notes.push_back(text("The lungs run into the film's edge: ", sides, "."));
  if (anatomy.shallow_inspiration)
    notes.push_back("The lungs are low for their width: a shallow breath widens the heart and crowds the vessels.");
  if (!anatomy.no_ratio.empty()) notes.push_back(anatomy.no_ratio);
  if (anatomy.cardiothoracic_ratio && spacing && spacing->kind == "detector")
    notes.push_back("Millimetres are those of the detector's plane; the chest itself is 5 to 15 % smaller.");
  return notes;
}

}  // namespace

AnatomyJob::AnatomyJob(std::shared_ptr<const AnatomyModel> model, const Film& film, const Correction& correction)
    : model_(std::move(model)) {
  PreparedInput prepared = prepare_input(film, correction, model_->manifest().input);
  anatomy_ = refused_by_facts(seen_film(prepared, film), model_->manifest().input);
  input_ = std::move(prepared.input.tensor);
  view_ = {film.width(), film.height(), prepared.source_to_model, prepared.input.width, prepared.input.height};
  if (film.facts.dicom) spacing_ = film.facts.dicom->spacing;
}

std::optional<InferenceRequest> AnatomyJob::next() {
  if (finished()) return std::nullopt;
  return model_->request(input_);
}

Result<void> AnatomyJob::accept(std::vector<InferenceTensor> outputs) {
  if (finished()) return Error{ErrorCode::kInvalidRequest, "The job is finished: it expects no more outputs.", ""};
  CHESTLIGHT_TRY(AnatomyEvidence evidence, model_->evidence(std::move(outputs)));
  anatomy_ = read_anatomy(std::move(evidence), view_, model_->thresholds());
  input_ = {};
  return {};
}

contract::AnatomyReport AnatomyJob::report() const { return describe(*model_, *anatomy_, spacing_); }

JobResult AnatomyJob::result() const { return {contract::to_json(report()), {}}; }

contract::AnatomyReport describe(const AnatomyModel& model, const Anatomy& anatomy, const std::optional<PixelSpacing>& spacing) {
  const AnatomyEvidence& said = anatomy.evidence;
  contract::AnatomyReport report{anatomy.found};
  report.reason_id = anatomy.reason_id;
  report.reason = anatomy.reason;
  report.chest_probability = said.chest;
  report.pose = {anatomy.quarter_turns, said.turned, anatomy.mirrored, said.mirrored, anatomy.inverted, said.inverted};
  report.notes = notes_of(anatomy, spacing);
  report.model = {model.manifest().id, model.sha256(), model.manifest().version};
  report.app = app_name_and_version();
  report.notice = model.manifest().notice;
  if (!anatomy.found) return report;
  report.lungs = {outline_of(anatomy.lung_on_right), outline_of(anatomy.lung_on_left)};
  if (anatomy.heart) report.heart = outline_of(*anatomy.heart);
  report.cardiothoracic_ratio = anatomy.cardiothoracic_ratio;
  report.no_ratio = anatomy.no_ratio;
  if (anatomy.heart_line) report.heart_line = line_of(*anatomy.heart_line, spacing);
  if (anatomy.chest_line) report.chest_line = line_of(*anatomy.chest_line, spacing);
  report.tilt_degrees = anatomy.tilt;
  const CutOff& cut = anatomy.cut_off;
  report.cut_off = contract::CutOffSides{cut.left, cut.right, cut.top, cut.bottom};
  report.asymmetry = anatomy.asymmetry;
  report.inspiration = anatomy.inspiration;
  report.shallow_inspiration = anatomy.shallow_inspiration;
  report.chest_share = anatomy.chest_share;
  return report;
}

}  // namespace chestlight
