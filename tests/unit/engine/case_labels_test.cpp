// The labels of a case: tables good and bad joined to films, results of the scores that are known, what is exported of them, and
// how the case asks for it all.
#include "engine/case_labels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <list>

#include "engine/evaluate.h"
#include "metrics/evaluation_words.h"
#include "unit/engine/case_fixture.h"

namespace chestlight {
namespace {

using testing::CaseTest;
using testing::Told;

std::vector<std::uint8_t> table_bytes(std::string_view text) { return {text.begin(), text.end()}; }

/// Films "f0.png", "f1.png", … of the tiny model (findings a to e, thresholds 0.1 or 0.9), with scores of "a" as given.
class CaseLabelsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::TinyModel tiny = testing::tiny_model();
    auto loaded = engine_.load_model(tiny.manifest_bytes(), tiny.weights);
    ASSERT_TRUE(loaded);
    model_ = *loaded;
  }

  void add_film(const std::string& name, std::optional<double> score) {
    if (score) {
      contract::FilmRecord& record = records_.emplace_back(contract::FilmRecord{name, true});
      record.model = contract::ModelId{"tiny", model_->sha256(), model_->manifest().version};
      for (const char* id : {"a", "b", "c", "d", "e"}) record.findings.push_back({id, 0, 0, id[0] == 'a' ? *score : 0.25});
    }
    films_.push_back({static_cast<int>(films_.size()) + 1, name, score ? &records_.back() : nullptr});
  }
  void add_films(const std::vector<double>& scores) {
    for (double score : scores) add_film(text("f", films_.size(), ".png"), score);
  }

  contract::LabelsJoined join(const std::string& table, const std::string& name = "labels.csv") {
    labels_.open_table(90, name);
    labels_.read_table(90, table_bytes(table));
    return labels_.join(films_, model_.get());
  }
  contract::FilmsEvaluated evaluate(const std::string& finding = "", const std::string& point = "") {
    return labels_.evaluate(films_, model_.get(), {point, finding});
  }
  std::string exported(const std::string& format) {
    Result<CaseLabels::File> file = labels_.export_as({format, "", "2026-01-31"}, films_, model_.get());
    return file ? std::string(file->bytes.begin(), file->bytes.end()) : file.error().message;
  }

  Engine engine_;
  std::shared_ptr<const Model> model_;
  std::list<contract::FilmRecord> records_;
  std::vector<CaseLabels::Film> films_;
  CaseLabels labels_;
};

bool says(const std::vector<std::string>& remarks, std::string_view words) {
  return std::any_of(remarks.begin(), remarks.end(),
                     [&](const std::string& one) { return one.find(words) != std::string::npos; });
}

TEST_F(CaseLabelsTest, TellsHowATableAndFilmsMeet) {
  add_films({0.1, 0.2, 0.3});
  const contract::LabelsJoined told = join("image,a,Other\nf0.png,1,0\nf1.png,0,-1\nelsewhere.png,1,1\n", "folder/labels.csv");
  ASSERT_TRUE(told.join);
  EXPECT_EQ(told.join->sentence, "2 of 3 films have labels in labels.csv (columns, joined by file name with the column image).");
  EXPECT_EQ(told.join->join_by, "file-name");
  EXPECT_EQ(told.join->rows_without_film, 1);
  ASSERT_EQ(told.join->findings.size(), 2u);
  EXPECT_EQ(told.join->findings[0].finding, "a");
  EXPECT_EQ(told.join->findings[0].with, 1);
  EXPECT_EQ(told.join->findings[0].without, 1);
  EXPECT_EQ(told.join->findings[1].finding, "") << "the model has no such finding";
  EXPECT_EQ(told.join->findings[1].unknown, 1) << "uncertain";
  EXPECT_TRUE(says(told.join->remarks, "1 image has no row in the table"));
  EXPECT_TRUE(says(told.join->remarks, "1 uncertain label"));
  ASSERT_EQ(told.tables.size(), 1u);
  EXPECT_EQ(told.tables[0].columns, (std::vector<std::string>{"image", "a", "Other"}));
  EXPECT_FALSE(told.folders);
}

TEST_F(CaseLabelsTest, OfSeveralTablesTheOneThatFindsMostIsUsedUntilAnotherIsChosen) {
  add_films({0.1, 0.2, 0.3});
  labels_.open_table(7, "boxes.csv");
  labels_.read_table(7, table_bytes("image,a\nf2.png,1\n"));
  EXPECT_EQ(join("image,a\nf0.png,1\nf1.png,0\n").join->source, 90);
  labels_.choose({7});
  contract::LabelsJoined told = labels_.join(films_, model_.get());
  EXPECT_EQ(told.join->source, 7);
  EXPECT_EQ(told.tables[1].films, 2) << "what the other would give is told, too";
  labels_.close_table(7);
  told = labels_.join(films_, model_.get());
  EXPECT_EQ(told.choice.source, 0);
  EXPECT_EQ(told.join->source, 90);
}

TEST_F(CaseLabelsTest, ChoicesOfAReaderCount) {
  add_films({0.1, 0.2, 0.3, 0.4});
  const std::string table = "image,other,a,ward\nf0.png,f3.png,1,x\nf1.png,f2.png,-1,y\nf2.png,f1.png,,x\n";
  join(table);
  contract::LabelsChoice choice{90};
  choice.uncertain = contract::UncertainRule::kPositive;
  choice.blank = contract::BlankRule::kNegative;
  choice.groups = {"ward"};
  choice.names = {{"b", "a"}};
  labels_.choose(choice);
  contract::LabelsJoin told = *labels_.join(films_, model_.get()).join;
  EXPECT_EQ(told.findings[0].with, 2);
  EXPECT_EQ(told.findings[0].without, 1);
  EXPECT_EQ(told.findings[0].finding, "a") << "the first finding of the model of that name";
  EXPECT_EQ(told.groups, std::vector<std::string>{"ward"});
  EXPECT_EQ(evaluate().findings[1].label, "a") << "b is measured against it, too";
  choice.image_column = "other";
  labels_.choose(choice);
  EXPECT_EQ(labels_.join(films_, model_.get()).join->column, "other");
  choice.image_column = "none such";
  labels_.choose(choice);
  EXPECT_FALSE(labels_.join(films_, model_.get()).join);
}

struct BadTable {
  const char* name;
  std::string table;
  const char* error;   // of the table; empty: it can be used
  const char* remark;  // of the join
  int with, without, unknown;
};
class BadTables : public CaseLabelsTest, public ::testing::WithParamInterface<BadTable> {};

INSTANTIATE_TEST_SUITE_P(
    Tables, BadTables,
    ::testing::Values(BadTable{"NoUsableColumn", "image,comment\nf0.png,fine\nf1.png,not so\n",
                               "No column of the table can be read as labels.", "", 0, 0, 0},
                      BadTable{"SemicolonsAndDecimalCommas", "image;a\r\nf0.png;1,0\r\nf1.png;0,0\r\n", "", "", 1, 1, 0},
                      BadTable{"Latin1", "image;a;Spalte f\xfcr B\nf0.png;1;0\nf1.png;0;0\n", "", "", 1, 1, 0},
                      BadTable{"ByteOrderMark", "\xef\xbb\xbfimage,a\nf0.png,1\nf1.png,0\n", "", "", 1, 1, 0},
                      BadTable{"RowsThatDisagree", "image,a\nf0.png,1\nf0.png,0\nf1.png,0\n", "", "that disagree on a", 0, 1, 1},
                      BadTable{"Workbook", std::string("PK\x03\x04", 4) + "xl/workbook.xml", "workbook", "", 0, 0, 0},
                      BadTable{"NothingThatBelongs", "image,a\nx.png,1\ny.png,0\n",
                               "No row of the table belongs to any of the 2 images.", "", 0, 0, 0},
                      BadTable{"OneClassOnly", "image,a\nf0.png,1\nf1.png,1\n", "", "", 2, 0, 0}),
    [](const auto& info) { return info.param.name; });

TEST_P(BadTables, AreUsedOrSayWhyNot) {
  add_films({0.7, 0.2});
  const contract::LabelsJoined told = join(GetParam().table);
  if (*GetParam().error) {
    ASSERT_TRUE(told.error);
    EXPECT_FALSE(told.join);
    EXPECT_NE(told.error->message.find(GetParam().error), std::string::npos) << told.error->message;
    EXPECT_FALSE(told.error->hint.empty());
    EXPECT_EQ(evaluate().error->message, told.error->message);
    EXPECT_EQ(exported("csv"), told.error->message);
    return;
  }
  ASSERT_TRUE(told.join) << told.error->message;
  const contract::LabelledFinding& a = told.join->findings[0];
  EXPECT_EQ(std::vector<int>({a.with, a.without, a.unknown}),
            std::vector<int>({GetParam().with, GetParam().without, GetParam().unknown}));
  EXPECT_TRUE(says(told.join->remarks, GetParam().remark) || !*GetParam().remark);
  const contract::EvaluatedFinding measured = evaluate().findings[0];
  EXPECT_EQ(measured.note.empty(), a.with > 0 && a.without > 0) << measured.note;
}

TEST_F(CaseLabelsTest, ManyFilmsWithoutRowsAndManyRowsWithoutFilms) {
  for (int i = 0; i < 52; ++i) add_film(text("f", i, ".png"), i / 60.0);
  std::string table = "image,a\n";
  for (int i = 0; i < 212; ++i) table += text("f", i < 12 ? i : 1000 + i, ".png,", i % 2, "\n");
  const contract::LabelsJoin told = *join(table).join;
  EXPECT_EQ(told.films_with_row, 12);
  EXPECT_TRUE(says(told.remarks, "40 images have no row in the table"));
  EXPECT_TRUE(says(told.remarks, "200 rows belong to no image here"));
  EXPECT_EQ(evaluate().films.with_labels, 12);
}

TEST_F(CaseLabelsTest, FoldersAreLabelsWhereTheyAreChosen) {
  add_film("set/NORMAL/x.png", 0.2);
  add_film("set/a/y.png", 0.6);
  contract::LabelsJoined told = labels_.join(films_, model_.get());
  EXPECT_TRUE(told.folders);
  EXPECT_FALSE(told.join || told.error) << "nobody has chosen them";
  labels_.choose({-1});
  told = labels_.join(films_, model_.get());
  ASSERT_TRUE(told.join);
  EXPECT_EQ(told.join->findings[0].name, "a");
  EXPECT_EQ(evaluate().findings[0].auroc.value, 1);
}

TEST_F(CaseLabelsTest, ResultsAreTheFiguresOfTheReport) {
  add_films({0.95, 0.8, 0.3, 0.05, 0.02, 0.6});
  join("image,a,sex\nf0.png,1,F\nf1.png,1,M\nf2.png,0,F\nf3.png,1,M\nf4.png,0,F\nf5.png,0,M\n");
  const contract::FilmsEvaluated told = evaluate("a");
  ASSERT_FALSE(told.error);
  EXPECT_EQ(told.operating_point_name, "low");
  EXPECT_EQ(told.films.scored, 6);
  const contract::EvaluatedFinding& a = told.findings[0];
  EXPECT_EQ(a.with, 3);
  EXPECT_NEAR(*a.auroc.value, 7.0 / 9, 1e-12);
  EXPECT_EQ(*a.sensitivity.value, 2.0 / 3);
  EXPECT_EQ(told.findings[1].label, "") << "the table has no b";
  ASSERT_TRUE(told.measures);
  ASSERT_EQ(told.measures->missed.size(), 1u);
  EXPECT_EQ(told.measures->missed[0].name, "f3.png");
  EXPECT_EQ(told.measures->missed[0].score, "0.0500");
  ASSERT_EQ(told.measures->false_calls.size(), 2u);
  EXPECT_EQ(told.measures->false_calls[0].id, 6) << "the highest score first";
  EXPECT_EQ(told.measures->plots.size(), 5u);
  EXPECT_EQ(told.measures->groups.size(), 2u);
  const std::string html = exported("html");
  for (const std::string& words :
       {a.auroc.text, a.average_precision.text, a.sensitivity.text, a.npv.text, a.sentence, told.measures->counts,
        told.measures->thresholds[1].threshold, told.measures->zones[0], told.measures->groups[0].auroc})
    EXPECT_NE(html.find(words), std::string::npos) << words;
  EXPECT_EQ(evaluate("a", "high").measures->missed.size(), 2u) << "at the other thresholds";
}

TEST_F(CaseLabelsTest, WhatIsExportedIsWhatTheRequestAnswers) {
  add_films({0.95, 0.8, 0.3, 0.05, 0.02, 0.6});
  add_film("without a row.png", 0.5);
  const std::string table = "image,a\nf0.png,1\nf1.png,1\nf2.png,0\nf3.png,1\nf4.png,0\nf5.png,0\n";
  join(table);
  Json args = {{"images", Json::array()}, {"notice", "For research and teaching. Not a medical device."}, {"date", "2026-01-31"}};
  std::vector<float> scores;
  for (const CaseLabels::Film& film : films_) {
    args["images"].push_back({{"file", film.name}});
    for (const contract::FindingRecord& finding : film.record->findings)
      scores.push_back(film.name[0] == 'w' ? std::nanf("") : static_cast<float>(finding.calibrated));
  }
  args["models"] = Json::array({{{"id", "tiny"},
                                 {"sha256", model_->sha256()},
                                 {"operating_point", "low"},
                                 {"findings", {"a", "b", "c", "d", "e"}},
                                 {"thresholds", std::vector<double>(5, 0.1f)}}});
  auto reply = evaluate_request(JsonReader(args, "", ErrorCode::kInvalidRequest),
                                std::vector<Blob>{table_bytes(table), to_blob(std::span<const float>(scores))});
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(exported("html"), std::string(reply->blobs[0].begin(), reply->blobs[0].end()));
  EXPECT_EQ(exported("csv"), std::string(reply->blobs[1].begin(), reply->blobs[1].end()));
  const Json json = *parse_json(exported("json"), "evaluation.json");
  EXPECT_EQ(json["models"], reply->value["models"]);
  const Json profile = *parse_json(exported("profile"), "site-profile.json");
  EXPECT_EQ(profile["model"]["sha256"], model_->sha256());
  EXPECT_EQ(profile["findings"].size(), 1u) << "of what the labels do not name there is nothing to tell";
  EXPECT_EQ(profile["findings"][0]["threshold"]["value"].get<float>(), 0.8f);
  EXPECT_EQ(json["films"], Json({{"with_labels", 6}, {"scored", 6}, {"refused", 0}, {"unreadable", 0}}));
}

TEST_F(CaseLabelsTest, FilmsThatHaveNoScoreAreCountedWithTheReason) {
  add_films({0.9, 0.2});
  add_film("waits.png", {});
  add_film("cut.png", 0.5);
  records_.back() = {"cut.png", false, contract::Failure{"truncated", "The file ends early.", ""}};
  add_film("lateral.png", 0.5);
  records_.back().findings.clear();
  records_.back().error = contract::Failure{"not-analysed", "This is a lateral film.", ""};
  add_film("of another model.png", 0.5);
  records_.back().model->sha256 = "another";
  add_film("of another version.png", 0.5);
  records_.back().model->version = "another";
  join(
      "image,a\nf0.png,1\nf1.png,0\nwaits.png,1\ncut.png,1\nlateral.png,0\nof another model.png,1\n"
      "of another version.png,0\n");
  const contract::FilmsEvaluated told = evaluate();
  const contract::LabelledFilms& films = told.films;
  EXPECT_EQ(std::vector<int>({films.with_labels, films.scored, films.refused, films.unreadable, films.waiting}),
            std::vector<int>({7, 2, 1, 1, 3}));
  EXPECT_TRUE(says(told.remarks, "1 film with labels could not be read. cut.png: The file ends early."));
  EXPECT_TRUE(
      says(told.remarks, "1 film with labels is not fit for the network and left out. lateral.png: This is a lateral film."));
  EXPECT_TRUE(says(told.remarks, "3 films with labels have not been analysed and are left out."));
}

TEST_F(CaseTest, ATableBeforeItsFilmsIsJoinedAsTheyCome) {
  load_model();
  tables_[50] = "image,a\n1.png,1\n2.png,0\n";
  tell(contract::OpenLabels{50, "labels.csv"});
  run();
  ASSERT_NE(find("labels-joined"), nullptr);
  EXPECT_EQ(find("labels-joined")->event["error"]["message"], "No film is open that labels could belong to.");
  for (int id : {1, 2, 3}) {
    open(id);
    tell(contract::Analyse{id});
  }
  run();
  EXPECT_EQ(find("labels-joined")->event["join"]["films_with_row"], 2);
  tell(contract::EvaluateFilms{"", "a"});
  run();
  const Json told = find("films-evaluated")->event;
  EXPECT_EQ(told["version"], find("labels-joined")->event["version"]);
  EXPECT_EQ(told["films"]["scored"], 2);
  EXPECT_EQ(told["findings"][0]["with"], 1);
  EXPECT_EQ(told["measures"]["finding"], "a");
  tell(contract::CloseFilm{1});
  run();
  EXPECT_EQ(find("labels-joined")->event["join"]["films"], 2);
  tell(contract::CloseLabels{50});
  run();
  EXPECT_TRUE(find("labels-joined")->event["join"].is_null());
  EXPECT_TRUE(find("labels-joined")->event["error"].is_null());
}

TEST_F(CaseTest, ResultsAreExportedAsFiles) {
  load_model();
  for (int id : {1, 2}) {
    open(id);
    tell(contract::Analyse{id});
  }
  tables_[50] = "image,a\n1.png,1\n2.png,0\n";
  tell(contract::OpenLabels{50, "labels.csv"});
  run();
  for (const char* format : {"html", "json", "csv"}) tell(contract::ExportEvaluation{format, "", "2026-01-31"});
  run();
  std::vector<std::string> names;
  for (const Told& told : told_)
    if (told.event["type"] == "exported") {
      names.push_back(told.event["name"]);
      EXPECT_GT(told.blobs.at(0).size(), 100u);
    }
  EXPECT_EQ(names, (std::vector<std::string>{"report.html", "evaluation.json", "scores.csv"}));
}

TEST_F(CaseTest, WithoutLabelsResultsSayWhy) {
  load_model();
  tell(contract::EvaluateFilms{});
  tell(contract::ExportEvaluation{"csv", "", ""});
  run();
  EXPECT_EQ(find("films-evaluated")->event["error"]["message"], "There are no labels.");
  EXPECT_EQ(find("noticed")->event["text"], "There are no results to export. Open films and a table of labels.");
}

TEST_F(CaseTest, TablesAndTheChoiceOutliveTheEngine) {
  open(1);
  tables_[50] = "image,a\n1.png,-1\n2.png,0\n";
  tell(contract::OpenLabels{50, "labels.csv"});
  contract::LabelsChoice choice;
  choice.uncertain = contract::UncertainRule::kPositive;
  tell(contract::ChooseLabels{choice});
  run();
  const std::map<std::string, Json> kept = kept_;
  kept_.clear();
  told_.clear();
  start();
  for (const auto& [key, message] : kept) {
    auto parsed = contract::parse_case_message(JsonReader(message, "kept", ErrorCode::kInternal));
    ASSERT_TRUE(parsed) << parsed.error().message;
    tell(*parsed);
  }
  run();
  EXPECT_EQ(find("labels-joined")->event["join"]["findings"][0]["with"], 1);
  EXPECT_EQ(kept_.size(), kept.size());
}

TEST_F(CaseTest, ATableThatStopsTheEngineSaysSo) {
  open(1);
  tell(contract::TaskCrashed{Json{{"type", "open-labels"}, {"id", 50}, {"name", "labels.csv"}}, ""});
  run();
  const Json told = find("labels-joined")->event;
  EXPECT_EQ(told["tables"][0]["error"]["code"], "engine-crashed");
}

TEST_F(CaseTest, AnEngineThatStopsOnAJoinReadsNoTableAgain) {
  open(1);
  tables_[50] = "image,a\n1.png,1\n";
  tell(contract::OpenLabels{50, "labels.csv"});
  tell(contract::TaskCrashed{Json::object({{"type", "join-labels"}}), ""});
  run();
  const Json told = find("labels-joined")->event;
  EXPECT_EQ(told["tables"][0]["error"]["code"], "engine-crashed");
  EXPECT_TRUE(told["join"].is_null());
  tell(contract::TaskCrashed{Json::object({{"type", "evaluate-films"}}), ""});
  run();
  EXPECT_EQ(find("labels-joined")->event["tables"].size(), 1u);
}

TEST_F(CaseTest, ATableThatCannotBeReadSaysSo) {
  open(1);
  tell(contract::OpenLabels{50, "labels.csv"});
  run();
  EXPECT_EQ(find("labels-joined")->event["tables"][0]["error"]["code"], "file-unreadable");
}

}  // namespace
}  // namespace chestlight
