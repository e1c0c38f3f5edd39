#include "metrics/reader_study.h"

#include <cmath>

#include "base/text.h"
#include "metrics/evaluation_words.h"
#include "study/export.h"

namespace chestlight {
namespace {

using Arm = std::optional<double> ReadFilm::*;

/// The films with a label and a score in each of these arms; the scores are those of the first.
Result<Sample> arm_sample(const std::vector<ReadFilm>& films, Arm arm, Arm also) {
  std::vector<double> scores;
  std::vector<std::uint8_t> truth;
  for (const ReadFilm& film : films) {
    if (!film.present || !(film.*arm) || !(film.*also)) continue;
    scores.push_back(*(film.*arm));
    truth.push_back(*film.present ? 1 : 0);
  }
  return Sample::make(std::move(scores), std::move(truth));
}

template <class T>
std::optional<T> if_there(const Result<T>& result) {
  return result ? std::optional<T>(*result) : std::nullopt;
}

std::string signed_figure(double value) { return (value < 0 ? "−" : "") + fixed(std::abs(value), 3); }

}  // namespace

ReaderResult evaluate_reader(const std::vector<ReadFilm>& films) {
  ReaderResult result;
  const Result<Sample> unaided = arm_sample(films, &ReadFilm::unaided, &ReadFilm::unaided);
  const Result<Sample> aided = arm_sample(films, &ReadFilm::aided, &ReadFilm::aided);
  if (!unaided || !aided) return result.note = (unaided ? aided : unaided).error().message, result;
  result.positives = unaided->positives();
  result.negatives = unaided->negatives();
  if (unaided->size() == 0) return result.note = "No film that was read has a label of this finding.", result;
  const Result<Auroc> area = auroc(*unaided);
  if (!area) return result.note = text(area.error().message, " ", area.error().hint), result;
  result.unaided = *area;
  result.unaided_curve = *roc_curve(*unaided);
  result.aided = if_there(auroc(*aided));
  if (!result.aided) return result;
  result.aided_curve = *roc_curve(*aided);
  const Result<Sample> first = arm_sample(films, &ReadFilm::aided, &ReadFilm::unaided);
  const Result<Sample> second = arm_sample(films, &ReadFilm::unaided, &ReadFilm::aided);
  if (first && second) result.difference = if_there(compare_paired(*first, *second));
  return result;
}

std::string reader_difference_words(const ReaderResult& result) {
  if (!result.difference) return "";
  const AreaDifference& d = *result.difference;
  return text("With the model the area changes by ", signed_figure(d.difference), " (", signed_figure(d.interval.low), " to ",
              signed_figure(d.interval.high), "), p ", chance_words(d.p), ".");
}

std::string imrmc_csv(const std::string& reader, const std::vector<ReadFilm>& films) {
  std::string csv = "readerID,caseID,modalityID,score\r\n";
  const auto row = [&](const std::string& who, const std::string& film, const char* modality, double score) {
    csv += text(who, ",", csv_field(film), ",", modality, ",", score, "\r\n");
  };
  for (const ReadFilm& film : films)
    if (film.present) row("-1", film.film, "0", *film.present ? 1 : 0);
  for (const ReadFilm& film : films) {
    if (film.unaided) row(csv_field(reader), film.film, "unaided", *film.unaided);
    if (film.aided) row(csv_field(reader), film.film, "aided", *film.aided);
  }
  return csv;
}

}  // namespace chestlight
