// See layout.h.
#include "ui/widgets/layout.h"

#include <algorithm>
#include <cmath>

#include "ui/widgets/theme.h"
#include "viewer/state/side_by_side.h"

namespace chestlight::ui {

constexpr double kTop = 40, kPhoneTop = 48, kToolBar = 36, kTouchTools = 48, kStatus = 28, kTabs = 44;
constexpr double kTouchStatus = 48;                       // while it holds a button
constexpr double kLeastWorklist = 240, kLeastFilm = 300;  // beside each other
constexpr double kPhoneFilmShare = 0.46;                  // of what the bars leave

constexpr double kPhonePairShare = 0.62;  // the same with two films, one above the other
constexpr double kPairBar = 32, kTallPairBar = 44, kOneLinePair = 720;

namespace {

/// Panes of one size, in the rows and columns that make the largest squares: films are nearly square.
std::vector<viewer::ScreenRect> panes(const viewer::ScreenRect& area, std::size_t count) {
  std::size_t columns = 1;
  auto side = [&](std::size_t across) {
    const std::size_t down = (count + across - 1) / across;
    return std::min(area.width / static_cast<double>(across), area.height / static_cast<double>(down));
  };
  for (std::size_t across = 2; across <= count; ++across)
    if (side(across) > side(columns)) columns = across;
  const double width = std::floor(area.width / static_cast<double>(columns));
  const double height = std::floor(area.height / static_cast<double>((count + columns - 1) / columns));
  std::vector<viewer::ScreenRect> all;
  for (std::size_t i = 0; i < count; ++i)
    all.push_back(
        {area.x + width * static_cast<double>(i % columns), area.y + height * static_cast<double>(i / columns), width, height});
  return all;
}

/// Divides the film's area where maps are kept beside it.
void make_room_for_kept(Layout& layout, const viewer::State& state) {
  const viewer::FilmEntry* film = viewer::selected_film(state);
  if (state.kept.empty() || !film || !film->analysis || film->analysis->findings.empty()) return;
  layout.kept = panes(layout.film, 1 + state.kept.size());
  layout.film = layout.kept.front();
  layout.kept.erase(layout.kept.begin());
}

/// Divides it for two films, a bar above them.
void make_room_for_second(Layout& layout, const viewer::State& state) {
  const viewer::FilmPair pair = viewer::film_pair(state);
  if (!pair.first) return;
  viewer::ScreenRect first = layout.film;
  const bool tall = layout.touch || first.width < kOneLinePair;  // a line for each film
  layout.pair = {first.x, first.y, first.width, std::min(first.height, tall ? kTallPairBar : kPairBar)};
  first.y += layout.pair.height;
  first.height -= layout.pair.height;
  const bool stacked = layout.phone() || first.height > first.width;
  if (stacked) first.height = std::floor(first.height / 2);
  else first.width = std::floor(first.width / 2);
  viewer::ScreenRect last = first;
  if (stacked) last.y += first.height;
  else last.x += first.width;
  const bool second_first = pair.first->id != state.selected;
  layout.film = second_first ? last : first;
  layout.second = second_first ? first : last;
}

void divide_film(Layout& layout, const viewer::State& state) {
  make_room_for_second(layout, state);
  if (layout.second.width <= 0) make_room_for_kept(layout, state);
}

}  // namespace

float Layout::row() const { return phone() || touch ? kTouchRow : kRow; }

Layout compute_layout(const viewer::State& state, double width, double height) {
  Layout l;
  l.page = {0, 0, width, height};
  l.form = width < kPhoneBelow ? PageForm::kPhone : width < kWideFrom ? PageForm::kMedium : PageForm::kWide;
  l.empty = state.films.empty();
  l.touch = state.touch || l.phone();
  double top = l.phone() || l.touch ? kPhoneTop : kTop;
  l.top = {0, 0, width, top};
  // Not for a film or two: the page would jump up and down with every one.
  bool long_wait = state.engine != viewer::EnginePhase::kReady || viewer::films_in_work(state) > 2;
  double status = l.touch && long_wait ? kTouchStatus : kStatus;
  l.status = {0, height - status, width, status};
  double middle = std::max(0.0, height - top - status);

  if (l.empty) {
    l.film = {0, top, width, middle};
    return l;
  }
  if (l.phone()) {
    const double share = viewer::second_film(state) ? kPhonePairShare : kPhoneFilmShare;
    double film = std::floor((middle - kTabs) * share);
    l.film = {0, top, width, film};
    l.tabs = {0, top + film, width, kTabs};
    l.findings = {0, top + film + kTabs, width, middle - film - kTabs};
    divide_film(l, state);
    return l;
  }
  double films = !state.settings.films_open  ? 0
                 : l.form == PageForm::kWide ? state.settings.films_width
                                             : viewer::kNarrowestFilms;
  double findings = !state.settings.findings_open ? 0
                    : l.form == PageForm::kWide   ? state.settings.findings_width
                                                  : viewer::kNarrowestFindings;
  findings = std::min(findings, width * 0.5);
  l.worklist = viewer::worklist_shown(state);
  if (l.worklist)
    films = std::clamp(state.settings.worklist_width, kLeastWorklist, std::max(kLeastWorklist, width - findings - kLeastFilm));
  double between = width - films - findings, tools = l.touch ? kTouchTools : kToolBar;
  l.films = {0, top, films, middle};
  l.tools = {films, top, between, tools};
  l.film = {films, top + tools, between, middle - tools};
  l.findings = {width - findings, top, findings, middle};
  divide_film(l, state);
  return l;
}

}  // namespace chestlight::ui
