#include "explain/checks/trust.h"

#include <algorithm>

#include "base/text.h"

namespace chestlight {
namespace {

std::string summary_line(const std::vector<TrustCheck>& checks) {
  int run = 0, passed = 0;
  std::string doubtful, failed;
  for (const TrustCheck& check : checks) {
    if (check.verdict == "not-run") continue;
    run += 1;
    passed += check.verdict == "passed";
    std::string* names = check.verdict == "doubtful" ? &doubtful : check.verdict == "failed" ? &failed : nullptr;
    if (names) *names += (names->empty() ? "" : ", ") + check.name;
  }
  if (passed == run) return text("All ", run, " checks of this map passed.");
  std::string line = text(passed, " of ", run, " checks of this map passed");
  if (!failed.empty()) line += "; failed: " + failed;
  if (!doubtful.empty()) line += "; doubtful: " + doubtful;
  return line + ".";
}

}  // namespace

Procedure<TrustReport> check_trust(Network& network, const Question& question, const Method& method, const ExplanationMap& map,
                                   float cutoff) {
  TrustReport report;
  report.checks.push_back(check_adds_up(question));
  TrustCheck erase = co_await check_erase(network, question, map, cutoff);
  report.checks.push_back(std::move(erase));
  TrustCheck order = co_await check_order(network, question, map);
  report.checks.push_back(std::move(order));
  TrustCheck stability = co_await check_stability(network, question, method, map);
  report.checks.push_back(std::move(stability));
  TrustCheck sanity = co_await check_sanity(network, question, method, map);
  report.checks.push_back(std::move(sanity));
  report.line = summary_line(report.checks);
  co_return report;
}

}  // namespace chestlight
