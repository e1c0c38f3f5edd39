// See evaluations.h.
#include "viewer/state/evaluations.h"

#include <algorithm>

#include "base/text.h"
#include "viewer/actions/film_commands.h"
#include "viewer/state/operating_points.h"

namespace chestlight::viewer {
namespace {

std::string last_part_of(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

/// Films of which it is known what becomes of them.
int films_known(const State& state) { return static_cast<int>(state.films.size()) - films_in_work(state); }

const Figure& figure_in(const EvaluatedFinding& finding, EvaluationColumn column) {
  switch (column) {
    case EvaluationColumn::kPrecision: return finding.average_precision;
    case EvaluationColumn::kSensitivity: return finding.sensitivity;
    case EvaluationColumn::kSpecificity: return finding.specificity;
    case EvaluationColumn::kPpv: return finding.ppv;
    case EvaluationColumn::kNpv: return finding.npv;
    default: return finding.auroc;
  }
}

/// The choice in use, with its table named, so that it stays with what it was made for.
LabelsChoice settled_choice(const LabelsJoined& labels) {
  LabelsChoice choice = labels.choice;
  if (choice.source == 0 && labels.join) choice.source = labels.join->source;
  return choice;
}

const LabelTable* table_in_use(const LabelsJoined& labels) {
  const int source = labels.join ? labels.join->source : labels.choice.source;
  for (const LabelTable& table : labels.tables)
    if (table.id == source) return &table;
  return labels.tables.empty() || labels.choice.by_folders() ? nullptr : &labels.tables.front();
}

std::string column_of(const LabelsChoice& choice, const std::string& finding) {
  for (const FindingColumn& named : choice.names)
    if (named.finding == finding) return named.column;
  return "";
}

constexpr std::pair<ThresholdRule, const char*> kRules[] = {{ThresholdRule::kYouden, "Largest sum (Youden)"},
                                                            {ThresholdRule::kSensitivity, "Sensitivity of 90 %"},
                                                            {ThresholdRule::kSpecificity, "Specificity of 90 %"},
                                                            {ThresholdRule::kCost, "Least cost"}};
constexpr double kMissCosts[] = {1, 2, 5, 10, 20};
constexpr double kLargestMissCost = 1e6;
constexpr char kWhicheverFindsMost[] = "whichever finds most";
constexpr const char* kUncertainNames[] = {"unknown", "present", "absent"};
constexpr const char* kBlankNames[] = {"as its format has it", "unknown", "absent"};

}  // namespace

void labels_joined(State& state, const LabelsJoined& told) {
  EvaluationView& view = state.evaluation;
  const LabelTable* fresh = nullptr;
  for (const LabelTable& table : told.tables) {
    const auto known = [&](const LabelTable& other) { return other.id == table.id; };
    const bool was_there = view.labels && std::any_of(view.labels->tables.begin(), view.labels->tables.end(), known);
    if (!was_there && (table.rows > 0 || table.error)) fresh = &table;
  }
  view.labels = told;
  // What has not been read yet is not told of: it comes.
  std::erase_if(view.labels->tables, [](const LabelTable& table) { return table.rows == 0 && !table.error; });
  view.stale = true;
  view.asked = false;  // an answer that is on its way is about the labels before
  if (!told.join) view.results.reset();
  if (!fresh) return;
  if (fresh->error) state.notice = text(last_part_of(fresh->name), ": ", fresh->error->sentence());
  else if (told.join) state.notice = told.join->sentence;
  // A table that comes after its films is there to be used.
  if (state.popup == Popup::kNone && !state.films.empty() && films_in_work(state) == 0) state.popup = Popup::kEvaluation;
}

void films_evaluated(State& state, const FilmsEvaluated& told) {
  EvaluationView& view = state.evaluation;
  const bool of_these_labels = view.labels && (told.version == view.labels->version || told.version == 0);
  if (!of_these_labels) return;
  view.asked = false;
  if (view.labels->join) view.results = std::make_shared<FilmsEvaluated>(told);
}

void toggle_evaluation(State& state, std::vector<Effect>& effects) {
  if (state.popup == Popup::kEvaluation) {
    state.popup = Popup::kNone;
    return;
  }
  state.popup = Popup::kEvaluation;
  effects.push_back(ChooseLabels{state.evaluation.labels ? state.evaluation.labels->choice : LabelsChoice{}});
}

void sort_evaluation(State& state, EvaluationColumn column) {
  EvaluationView& view = state.evaluation;
  const bool by_name = column == EvaluationColumn::kFinding;
  view.rising = view.column == column ? !view.rising : by_name;
  view.column = column;
}

void open_evaluated(State& state, const std::string& finding) {
  EvaluationView& view = state.evaluation;
  view.opened = view.opened == finding ? "" : finding;
  if (!view.opened.empty()) view.stale = true;  // its measures are asked for
}

void look_at_film(State& state, int id, const std::string& finding) {
  if (!find_film(state, id)) return;
  state.selected = id;
  state.popup = Popup::kNone;
  if (!finding.empty() && state.pinned != finding) pin_finding(state, finding);
}

void analyse_rest(State& state) {
  for (FilmEntry& film : state.films)
    if (film.stage == FilmStage::kCancelled || film.stage == FilmStage::kAnalysisFailed) film.stage = FilmStage::kWaiting;
}

bool has_rest(const State& state) {
  return state.engine == EnginePhase::kReady && std::any_of(state.films.begin(), state.films.end(), [](const FilmEntry& film) {
           return film.stage == FilmStage::kCancelled || film.stage == FilmStage::kAnalysisFailed;
         });
}

bool has_results(const State& state) { return state.evaluation.results && !state.evaluation.results->findings.empty(); }

void settle_evaluation(State& state, std::vector<Effect>& effects) {
  EvaluationView& view = state.evaluation;
  if (state.popup != Popup::kEvaluation || !view.labels || !view.labels->join || state.engine != EnginePhase::kReady) return;
  if (view.results && view.results->operating_point != operating_point_id(state)) view.stale = true;
  if (view.asked || !view.stale) return;
  const int known = films_known(state);
  const bool same_labels = view.results && view.results->version == view.labels->version;
  const bool has_measures =
      view.opened.empty() || (view.results && view.results->measures && view.results->measures->finding == view.opened);
  if (same_labels && has_measures && films_in_work(state) > 0 && known * 10 < view.films_when_asked * 11) return;
  view.asked = true;
  view.stale = false;
  view.films_when_asked = known;
  effects.push_back(EvaluateFilms{operating_point_id(state), view.opened, view.costs});
}

std::vector<int> evaluated_order(const State& state) {
  const EvaluationView& view = state.evaluation;
  std::vector<int> order;
  if (!view.results) return order;
  const std::vector<EvaluatedFinding>& findings = view.results->findings;
  for (std::size_t i = 0; i < findings.size(); ++i)
    if (!findings[i].label.empty()) order.push_back(static_cast<int>(i));
  std::stable_sort(order.begin(), order.end(), [&](int first, int second) {
    const EvaluatedFinding &a = findings[static_cast<std::size_t>(first)], &b = findings[static_cast<std::size_t>(second)];
    if (view.column == EvaluationColumn::kFinding) return view.rising ? a.name < b.name : b.name < a.name;
    if (view.column == EvaluationColumn::kFilms) return view.rising ? a.with < b.with : b.with < a.with;
    const std::optional<double>&x = figure_in(a, view.column).value, &y = figure_in(b, view.column).value;
    if (!x || !y) return x.has_value();
    return view.rising ? *x < *y : *y < *x;
  });
  return order;
}

std::vector<std::string> findings_without_labels(const State& state) {
  std::vector<std::string> names;
  if (state.evaluation.results)
    for (const EvaluatedFinding& finding : state.evaluation.results->findings)
      if (finding.label.empty()) names.push_back(finding.name);
  return names;
}

std::string join_part_in_words(const State& state, JoinPart part) {
  const EvaluationView& view = state.evaluation;
  if (!view.labels || join_options(state, part).empty()) return "";
  const LabelsChoice& choice = view.labels->choice;
  const LabelTable* table = table_in_use(*view.labels);
  const auto said = [](const std::string& words) { return words.empty() ? std::string(kWhicheverFindsMost) : words; };
  switch (part) {
    case JoinPart::kNone: return "";
    case JoinPart::kTable: return "Labels: " + (table ? last_part_of(table->name) : std::string("the films' folders"));
    case JoinPart::kColumn:
      return "Column that names films: " + said(view.labels->join ? view.labels->join->column : choice.image_column);
    case JoinPart::kKey: return "It names: " + said(view.labels->join ? view.labels->join->join_by_text : choice.join_by);
    case JoinPart::kUncertain: return text("Uncertain counts as: ", kUncertainNames[static_cast<int>(choice.uncertain)]);
    case JoinPart::kBlank: return text("Blank counts as: ", kBlankNames[static_cast<int>(choice.blank)]);
    case JoinPart::kFindings: return "Names of findings";
    case JoinPart::kGroups: {
      std::string names;
      for (const std::string& group : view.labels->join->groups) names += (names.empty() ? "" : ", ") + group;
      return "Groups: " + (names.empty() ? std::string("none") : names);
    }
  }
  return "";
}

std::vector<JoinOption> join_options(const State& state, JoinPart part) {
  std::vector<JoinOption> options;
  const EvaluationView& view = state.evaluation;
  if (!view.labels) return options;
  const LabelsJoined& labels = *view.labels;
  const LabelsChoice now = settled_choice(labels);
  const LabelTable* table = table_in_use(labels);
  const auto add = [&](std::string label, bool chosen, LabelsChoice choice) {
    options.push_back({std::move(label), chosen, std::move(choice), ""});
  };
  if (part == JoinPart::kTable) {
    for (const LabelTable& one : labels.tables) {
      LabelsChoice choice{one.id};
      choice.uncertain = now.uncertain;
      choice.blank = now.blank;
      add(text(last_part_of(one.name), ": ", one.error ? "cannot be used" : text(one.films, one.films == 1 ? " film" : " films")),
          table == &one, choice);
    }
    if (labels.folders || now.by_folders()) add("The films' folders", now.by_folders(), LabelsChoice{-1});
    if (options.size() == 1 && options[0].chosen) options.clear();
    return options;
  }
  if (part == JoinPart::kFindings) {
    if (!labels.join) return options;
    for (const LabelInfo& finding : state.model.labels) {
      if (!view.naming.empty()) continue;
      std::string name = "not named";
      for (const LabelledFinding& one : labels.join->findings)
        if (one.finding == finding.id) name = one.name;
      options.push_back({finding.name + ": " + name, !column_of(now, finding.id).empty(), {}, finding.id});
    }
    if (view.naming.empty()) return options;
    LabelsChoice choice = now;
    std::erase_if(choice.names, [&](const FindingColumn& named) { return named.finding == view.naming; });
    add("As it is called", column_of(now, view.naming).empty(), choice);
    for (const LabelledFinding& one : labels.join->findings) {
      LabelsChoice named = choice;
      named.names.push_back({view.naming, one.name});
      add(one.name, column_of(now, view.naming) == one.name, named);
    }
    return options;
  }
  if (!table || table->columns.empty() || now.by_folders()) return options;  // the rest is about tables
  LabelsChoice choice = now;
  switch (part) {
    case JoinPart::kColumn:
      choice.image_column = "";
      add(kWhicheverFindsMost, now.image_column.empty(), choice);
      for (const std::string& column : table->columns) {
        choice.image_column = column;
        if (!column.empty()) add(column, now.image_column == column, choice);
      }
      break;
    case JoinPart::kKey:
      choice.join_by = "";
      add(kWhicheverFindsMost, now.join_by.empty(), choice);
      for (const LabelsKey& key : labels.keys) {
        choice.join_by = key.id;
        add(key.name, now.join_by == key.id, choice);
      }
      break;
    case JoinPart::kUncertain:
      for (int rule = 0; rule < 3; ++rule) {
        choice.uncertain = static_cast<UncertainRule>(rule);
        add(kUncertainNames[rule], now.uncertain == choice.uncertain, choice);
      }
      break;
    case JoinPart::kBlank:
      for (int rule = 0; rule < 3; ++rule) {
        choice.blank = static_cast<BlankRule>(rule);
        add(kBlankNames[rule], now.blank == choice.blank, choice);
      }
      break;
    case JoinPart::kGroups:
      if (!labels.join) break;
      for (const std::string& column : table->columns) {
        LabelsChoice with = now;
        const bool chosen = std::erase(with.groups, column) > 0;
        if (!chosen) with.groups.push_back(column);
        if (!column.empty()) add(column, chosen, with);
      }
      break;
    default: break;
  }
  return options;
}

std::vector<ProfileOption> profile_options(const State& state) {
  const EvaluationView& view = state.evaluation;
  std::vector<ProfileOption> options;
  for (const auto& [rule, name] : kRules)
    options.push_back({text("Thresholds: ", name), view.rule == rule, SetThresholdRule{rule}});
  if (view.rule == ThresholdRule::kCost)
    for (double cost : kMissCosts)
      options.push_back({text("A miss costs ", cost, cost == 1 ? " false finding" : " false findings"), view.costs.miss == cost,
                         SetMissCost{cost}});
  return options;
}

void choose_threshold_rule(State& state, ThresholdRule rule) { state.evaluation.rule = rule; }

void set_miss_cost(State& state, double cost) {
  if (!(cost > 0 && cost <= kLargestMissCost)) return;
  state.evaluation.costs.miss = cost;
  state.evaluation.stale = true;
}

std::string labelled_films_in_words(const LabelledFilms& films) {
  std::string words = text(films.scored, " of ", films.with_labels, films.with_labels == 1 ? " film" : " films", " with labels ",
                           films.scored == 1 ? "is" : "are", " measured");
  const auto add = [&](int count, const char* one, const char* several) {
    if (count > 0) words += text(", ", count, count == 1 ? one : several);
  };
  add(films.refused, " is not fit for the network", " are not fit for the network");
  add(films.unreadable, " could not be read", " could not be read");
  add(films.waiting, " is not analysed yet", " are not analysed yet");
  return words + ".";
}

}  // namespace chestlight::viewer
