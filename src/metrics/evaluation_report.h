// The report of an evaluation: one HTML page with tables and plots that needs nothing else, for a reader and for print.
//
// It runs no script and loads nothing. Everything from outside (names, remarks) is escaped.
#pragma once

#include <string>

#include "metrics/evaluation.h"

namespace chestlight {

struct ReportFacts {
  std::string notice;  // what the report must not be parted from
  std::string app;     // which program made it
  std::string date;
  std::vector<std::string> remarks;  // about the films: not read, not analysed
};

std::string evaluation_report(const Evaluation& evaluation, const Labels& labels, const ReportFacts& facts);

}  // namespace chestlight
