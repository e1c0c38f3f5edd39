// See worklist.h.
#include "viewer/worklist/worklist.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string_view>

#include "base/text.h"
#include "findings/zone.h"
#include "findings/zone_statement.h"
#include "viewer/state/state.h"
#include "viewer/state/threshold_trial.h"
#include "viewer/text/formatting.h"
#include "viewer/worklist/studies.h"

namespace chestlight::viewer {
namespace {

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
bool is_figure(char c) { return c >= '0' && c <= '9'; }

std::string small_letters(std::string_view text) {
  std::string all(text);
  std::transform(all.begin(), all.end(), all.begin(), small);
  return all;
}

bool is_refused(const FilmEntry& film) {
  return film.stage == FilmStage::kRefused || film.stage == FilmStage::kUnreadable || film.stage == FilmStage::kAnalysisFailed;
}

std::string state_words(const FilmEntry& film) {
  const std::string why = reason_in_short(film);
  const auto with_reason = [&](const char* what) { return why.empty() ? std::string(what) : text(what, ": ", why); };
  switch (film.stage) {
    case FilmStage::kQueued: return "Reading";
    case FilmStage::kWaiting: return "Waiting";
    case FilmStage::kAnalysing: return film.waits_for_turn() ? "Waiting" : "Analysing";
    case FilmStage::kAnalysed: return "Analysed";
    case FilmStage::kRefused: return with_reason("Refused");
    case FilmStage::kUnreadable: return with_reason("Unreadable");
    case FilmStage::kAnalysisFailed: return with_reason("Failed");
    case FilmStage::kCancelled: return "Cancelled";
    case FilmStage::kHidden: return "Hidden";
  }
  return "";
}

std::string verdict_words(const FilmReading& reading) {
  int agree = 0, disagree = 0, notes = 0;
  for (const Verdict& verdict : reading.verdicts) {
    agree += verdict.opinion == Opinion::kAgree;
    disagree += verdict.opinion == Opinion::kDisagree;
    notes += verdict.opinion == Opinion::kNone;
  }
  std::string words = reading.read ? "Read" : "";
  const auto add = [&](int count, const char* what) {
    if (count > 0) words += text(words.empty() ? "" : ", ", count, " ", what);
  };
  add(agree, "agree");
  add(disagree, "disagree");
  add(notes, notes == 1 ? "note" : "notes");
  return words;
}

WorklistRow row_of(const State& state, std::size_t at, std::string study) {
  const FilmEntry& film = state.films[at];
  WorklistRow row{film.id, at, std::string(last_part(film.name)), std::move(study), view_in_words(film), state_words(film)};
  row.state_rank = static_cast<int>(film.stage) * 2 + (film.waits_for_turn() ? 0 : 1);
  if (film.analysis && film.analysis->analysed) {
    const Finding* highest = highest_finding(*film.analysis);
    if (highest) row.finding_rank = finding_rank(*highest);
    if (highest && (highest->zone == Zone::kLikely || highest->zone == Zone::kUncertain)) {
      row.finding = highest->name;
      row.zone = highest->zone;
      row.score = score_in_figures(highest->calibrated);
    } else {
      const ResultInShort result = result_in_short(*film.analysis);
      row.finding = result.words;
      row.zone = result.zone;
    }
  }
  row.verdict = verdict_words(film.reading);
  row.verdict_rank = static_cast<int>(film.reading.verdicts.size()) * 2 + (film.reading.read ? 1 : 0);
  for (const std::string& column : state.worklist.columns) {
    WorklistScore& score = row.scores.emplace_back();
    const Finding* finding = find_finding(film, column);
    if (!finding) continue;
    score = {score_in_figures(finding->calibrated), finding->zone, finding->calibrated};
  }
  return row;
}

bool in_zone(const FilmEntry& film, const WorklistFilter& filter) {
  if (!film.analysis) return false;
  return std::any_of(film.analysis->findings.begin(), film.analysis->findings.end(), [&](const Finding& finding) {
    return finding.zone == *filter.zone && (filter.finding.empty() || finding.id == filter.finding);
  });
}

bool passes(const FilmEntry& film, const Worklist& list, const std::string& wanted, const std::string& study) {
  const WorklistFilter& filter = list.filter;
  if (filter.unread && film.reading.read) return false;
  if (filter.refused && !is_refused(film)) return false;
  if (filter.verdict != VerdictFilter::kAny && film.reading.verdicts.empty() == (filter.verdict == VerdictFilter::kWith))
    return false;
  if (filter.zone && !in_zone(film, filter)) return false;
  if (wanted.empty() || small_letters(film.name).find(wanted) != std::string::npos) return true;
  if (small_letters(study).find(wanted) != std::string::npos) return true;
  return std::any_of(film.copies.begin(), film.copies.end(),
                     [&](const FilmCopy& copy) { return small_letters(copy.name).find(wanted) != std::string::npos; });
}

/// Below 0: a first; above: b; 0: neither.
int compare_names(std::string_view a, std::string_view b) { return stands_before(a, b) ? -1 : stands_before(b, a) ? 1 : 0; }
int compare_numbers(double a, double b) { return a < b ? -1 : b < a ? 1 : 0; }

int compare(const WorklistRow& a, const WorklistRow& b, const WorklistSort& sort, std::size_t column) {
  switch (sort.column) {
    case WorklistColumn::kArrival: return 0;
    case WorklistColumn::kName: return compare_names(a.name, b.name);
    case WorklistColumn::kStudy:
      if (const int studies = compare_names(a.study, b.study)) return studies;
      // Within a study frontal films stand first, and lateral ones apart from them.
      if (const int views = compare_numbers(a.view == "Lateral", b.view == "Lateral")) return sort.descending ? -views : views;
      if (const int names = compare_names(a.name, b.name)) return sort.descending ? -names : names;
      return 0;
    case WorklistColumn::kView: return compare_names(a.view, b.view);
    case WorklistColumn::kState: {
      const int ranks = compare_numbers(a.state_rank, b.state_rank);
      return ranks ? ranks : compare_names(a.state, b.state);
    }
    case WorklistColumn::kFinding: return compare_numbers(a.finding_rank, b.finding_rank);
    case WorklistColumn::kVerdict: return compare_numbers(a.verdict_rank, b.verdict_rank);
    case WorklistColumn::kScore:
      return column < a.scores.size() ? compare_numbers(a.scores[column].value, b.scores[column].value) : 0;
  }
  return 0;
}

struct Fingerprint {
  std::uint64_t value = 0xcbf29ce484222325u;
  void add(std::uint64_t part) { value = (value ^ part) * 0x100000001b3u + (value >> 29); }
  void add(const std::string& text) { add(std::hash<std::string>{}(text)); }
};

/// Of everything that rows are made of. Never 0.
std::uint64_t fingerprint(const State& state) {
  const Worklist& list = state.worklist;
  Fingerprint print;
  print.add(static_cast<std::uint64_t>(list.sort.column));
  print.add(list.sort.finding);
  print.add(list.sort.descending);
  print.add(list.filter.unread + 2u * list.filter.refused + 4u * static_cast<unsigned>(list.filter.verdict));
  print.add(list.filter.finding);
  print.add(list.filter.zone ? 1 + static_cast<std::uint64_t>(*list.filter.zone) : 0);
  print.add(list.search);
  for (const std::string& column : list.columns) print.add(column);
  for (const FilmEntry& film : state.films) {
    print.add(static_cast<std::uint64_t>(film.id));
    print.add(static_cast<std::uint64_t>(film.stage) * 2 + film.waits_for_turn());
    print.add(reinterpret_cast<std::uintptr_t>(film.analysis.get()));
    print.add(film.copies.size());
    print.add(static_cast<std::uint64_t>(film.info.study));
    print.add(film.reading.read);
    for (const Verdict& verdict : film.reading.verdicts) {
      print.add(verdict.finding);
      print.add(static_cast<std::uint64_t>(verdict.opinion));
    }
  }
  return print.value | 1;
}

const char* column_in_words(WorklistColumn column) {
  switch (column) {
    case WorklistColumn::kArrival: return "";
    case WorklistColumn::kName: return "name";
    case WorklistColumn::kStudy: return "study";
    case WorklistColumn::kView: return "view";
    case WorklistColumn::kState: return "state";
    case WorklistColumn::kFinding: return "highest finding";
    case WorklistColumn::kVerdict: return "verdict";
    case WorklistColumn::kScore: return "score";
  }
  return "";
}

std::string name_of_finding(const State& state, const std::string& id) {
  const LabelInfo* label = find_label(state, id);
  return label ? label->name : id;
}

}  // namespace

bool worklist_shown(const State& state) {
  if (state.films.empty() || !state.settings.films_open) return false;
  if (state.settings.worklist == WorklistPanel::kAuto) return state.films.size() >= kWorklistFrom;
  return state.settings.worklist == WorklistPanel::kOpen;
}

double finding_rank(const Finding& finding) {
  const double zone = finding.zone == Zone::kNotAssessed ? 0 : 1 + static_cast<double>(finding.zone);
  return 2 * zone + finding.calibrated;
}

const Finding* highest_finding(const Analysis& analysis) {
  const Finding* highest = nullptr;
  for (const Finding& finding : analysis.findings)
    if (!highest || chestlight::stands_before(finding, *highest)) highest = &finding;
  return highest;
}

void settle_worklist(State& state) {
  Worklist& list = state.worklist;
  if (!worklist_shown(state)) {
    list.rows.clear();
    list.made_of = 0;
    return;
  }
  const std::uint64_t made_of = fingerprint(state);
  if (made_of == list.made_of) return;
  list.made_of = made_of;
  list.rows.clear();
  std::vector<std::string> studies = study_names(state.films);
  list.has_studies =
      std::set<std::string_view>(studies.begin(), studies.end()).size() < studies.size() ||
      std::any_of(state.films.begin(), state.films.end(), [](const FilmEntry& film) { return film.info.study > 0; });
  const std::string wanted = small_letters(list.search);
  for (std::size_t i = 0; i < state.films.size(); ++i)
    if (passes(state.films[i], list, wanted, studies[i])) list.rows.push_back(row_of(state, i, std::move(studies[i])));
  const auto any_film = [&](auto holds) { return std::any_of(state.films.begin(), state.films.end(), holds); };
  list.has_states = any_film([](const FilmEntry& film) { return film.stage != FilmStage::kAnalysed; });
  list.has_verdicts = any_film([](const FilmEntry& film) { return film.reading.read || !film.reading.verdicts.empty(); });
  list.has_views = std::any_of(list.rows.begin(), list.rows.end(), [](const WorklistRow& row) { return !row.view.empty(); });
  const std::size_t column =
      static_cast<std::size_t>(std::find(list.columns.begin(), list.columns.end(), list.sort.finding) - list.columns.begin());
  std::stable_sort(list.rows.begin(), list.rows.end(), [&](const WorklistRow& a, const WorklistRow& b) {
    const int order = compare(a, b, list.sort, column);
    return list.sort.descending ? order > 0 : order < 0;
  });
}

void sort_worklist(Worklist& list, WorklistColumn column, const std::string& finding) {
  WorklistSort& sort = list.sort;
  const bool highest_first =
      column == WorklistColumn::kFinding || column == WorklistColumn::kScore || column == WorklistColumn::kVerdict;
  if (sort.column != column || sort.finding != finding) sort = {column, finding, highest_first};
  else if (sort.descending == highest_first) sort.descending = !highest_first;
  else sort = {};
}

void show_finding_column(Worklist& list, const std::string& finding, bool shown) {
  const auto at = std::find(list.columns.begin(), list.columns.end(), finding);
  if (shown && at == list.columns.end()) list.columns.push_back(finding);
  if (!shown && at != list.columns.end()) {
    list.columns.erase(at);
    if (list.sort.column == WorklistColumn::kScore && list.sort.finding == finding) list.sort = {};
  }
}

std::vector<int> shown_order(const State& state) {
  std::vector<int> order;
  if (worklist_shown(state))
    for (const WorklistRow& row : state.worklist.rows) order.push_back(row.film);
  else
    for (const FilmEntry& film : state.films) order.push_back(film.id);
  return order;
}

bool is_filtered(const Worklist& list) { return !(list.filter == WorklistFilter{}) || !list.search.empty(); }

std::string worklist_in_words(const State& state) {
  const Worklist& list = state.worklist;
  const std::size_t all = state.films.size();
  std::string words = is_filtered(list) ? text(list.rows.size(), " of ", all) : text(all);
  words += all == 1 ? " film" : " films";
  if (list.sort.column == WorklistColumn::kScore)
    words += text(", sorted by the score of ", name_of_finding(state, list.sort.finding));
  else if (list.sort.column != WorklistColumn::kArrival) words += text(", sorted by ", column_in_words(list.sort.column));
  if (list.sort.column != WorklistColumn::kArrival && list.sort.descending) words += ", highest first";
  const WorklistFilter& filter = list.filter;
  if (filter.zone)
    words += text(", ", filter.finding.empty() ? "any finding" : name_of_finding(state, filter.finding), " ",
                  zone_in_words(*filter.zone));
  if (filter.unread) words += ", unread";
  if (filter.refused) words += ", refused";
  if (filter.verdict == VerdictFilter::kWith) words += ", with a verdict";
  if (filter.verdict == VerdictFilter::kWithout) words += ", without a verdict";
  if (!list.search.empty()) words += text(", named “", list.search, "”");
  return words;
}

bool stands_before(std::string_view a, std::string_view b) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_figure(a[i]) && is_figure(b[j])) {
      while (i < a.size() && a[i] == '0') ++i;
      while (j < b.size() && b[j] == '0') ++j;
      std::size_t end = i, other = j;
      while (end < a.size() && is_figure(a[end])) ++end;
      while (other < b.size() && is_figure(b[other])) ++other;
      if (end - i != other - j) return end - i < other - j;
      if (const int order = a.substr(i, end - i).compare(b.substr(j, other - j))) return order < 0;
      i = end;
      j = other;
    } else {
      const char x = small(a[i++]), y = small(b[j++]);
      if (x != y) return static_cast<unsigned char>(x) < static_cast<unsigned char>(y);
    }
  }
  return a.size() - i < b.size() - j;
}

}  // namespace chestlight::viewer
