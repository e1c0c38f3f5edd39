// Labels joined to images: a small made-up table of each published format, and what goes wrong with tables in practice.
#include "metrics/labels/join.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace chestlight {
namespace {

std::vector<ImageName> images_at(std::initializer_list<const char*> paths) {
  std::vector<ImageName> images;
  for (const char* path : paths) images.push_back({path});
  return images;
}

Table table_of(std::string_view text) { return Table::read(as_bytes(text)).value(); }

/// The labels of a finding as text, one sign an image: + − ?
std::string marks(const Labels& labels, std::string_view finding) {
  const int f = labels.find(finding);
  if (f < 0) return "no such finding";
  std::string text;
  for (std::int8_t label : labels.labels[static_cast<std::size_t>(f)]) text += label == 1 ? '+' : label == 0 ? '-' : '?';
  return text;
}

bool says(const Labels& labels, std::string_view words) {
  return std::any_of(labels.remarks.begin(), labels.remarks.end(),
                     [&](const std::string& remark) { return remark.find(words) != std::string::npos; });
}

struct FormatRow {
  const char* name;
  std::string_view table;  // in the columns that the publishers' files have
  std::vector<ImageName> images;
  std::vector<std::pair<std::string_view, std::string_view>> findings;
  std::vector<std::string> patients;
};

class PublishedFormats : public ::testing::TestWithParam<FormatRow> {};

INSTANTIATE_TEST_SUITE_P(
    Formats, PublishedFormats,
    ::testing::Values(
        // NIH, Data_Entry_2017.csv: the head names two columns with a comma inside, and ends with a comma.
        FormatRow{"ChestX-ray14",
                  "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View "
                  "Position,OriginalImage[Width,Height],"
                  "OriginalImagePixelSpacing[x,y],\n"
                  "00000001_000.png,Cardiomegaly|Pleural_Thickening,0,1,058Y,M,PA,2682,2749,0.143,0.143,\n"
                  "00000002_000.png,No Finding,0,2,81,F,AP,2500,2048,0.171,0.171,\n",
                  images_at({"images/00000001_000.png", "00000002_000.jpg", "other.png"}),
                  {{"Cardiomegaly", "+-?"}, {"Pleural thickening", "+-?"}, {"Hernia", "--?"}},
                  {"1", "2", ""}},
        // Stanford, valid.csv and train.csv: blank is "not mentioned", −1 uncertain; numbers have a point.
        FormatRow{"CheXpert",
                  "Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Enlarged Cardiomediastinum,Cardiomegaly,Lung Opacity,Pleural "
                  "Effusion\n"
                  "CheXpert-v1.0-small/valid/patient64541/study1/view1_frontal.jpg,Male,73,Frontal,AP,0.0,1.0,-1.0,,1.0\n"
                  "CheXpert-v1.0-small/valid/patient64542/study1/view1_frontal.jpg,Female,20,Frontal,PA,,,1.0,,\n",
                  images_at({"patient64541/study1/view1_frontal.jpg", "valid/patient64542/study1/view1_frontal.jpg"}),
                  {{"Cardiomegaly", "?+"}, {"Effusion", "+-"}, {"Lung Opacity", "no such finding"}},
                  {"patient64541", "patient64542"}},
        // PhysioNet, mimic-cxr-2.0.0-chexpert.csv: a row for each study, images in its folder.
        FormatRow{"MIMIC-CXR",
                  "subject_id,study_id,Atelectasis,Cardiomegaly,No Finding,Pleural Effusion\n"
                  "10000032,50414267,,,1.0,\n10000032,53189527,1.0,-1.0,,0.0\n",
                  images_at({"p10/p10000032/s50414267/02aa804e-bde0afdd.jpg", "p10/p10000032/s53189527/2a2277a9-b0ded155.jpg",
                             "p10/p10000032/s53189527/e084de3b-be89b11e.jpg"}),
                  {{"Atelectasis", "-++"}, {"Cardiomegaly", "-??"}, {"Effusion", "---"}},
                  {"10000032", "10000032", "10000032"}},
        // BIMCV, PADCHEST_chest_x_ray_images_labels: Python lists of labels.
        FormatRow{"PadChest",
                  "ImageID,ImageDir,StudyDate_DICOM,StudyID,PatientID,PatientBirth,PatientSex_DICOM,ViewPosition_DICOM,"
                  "Projection,Labels\n"
                  "a_1.png,0,20140915,s1,p1,1930,F,POSTEROANTERIOR,PA,\"['pleural effusion', 'cardiomegaly']\"\n"
                  "b_2.png,0,20140915,s2,p2,1940,M,POSTEROANTERIOR,PA,['normal']\n",
                  images_at({"a_1.png", "b_2.png"}),
                  {{"Effusion", "+-"}, {"Cardiomegaly", "+-"}},
                  {"p1", "p2"}},
        // VinBigData, train.csv: a row for each reader and box; two of three readers decide.
        FormatRow{
            "VinDr-CXR",
            "image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max\n"
            "50a418190bc3,Cardiomegaly,3,R8,1,2,3,4\n50a418190bc3,Cardiomegaly,3,R9,1,2,3,4\n50a418190bc3,Cardiomegaly,3,R9,5,6,"
            "7,8\n"
            "50a418190bc3,No finding,14,R10,,,,\n21a10246a5ec,No finding,14,R8,,,,\n21a10246a5ec,Pleural effusion,10,R9,1,2,3,4\n"
            "21a10246a5ec,No finding,14,R10,,,,\n",
            images_at({"50a418190bc3.dicom", "21a10246a5ec.png"}),
            {{"Cardiomegaly", "+-"}, {"Effusion", "--"}},
            {"", ""}},
        // J. Cohen, metadata.csv: steps of a diagnosis; computed tomography is among the images.
        FormatRow{"covid-chestxray-dataset",
                  "patientid,offset,sex,age,finding,RT_PCR_positive,view,modality,date,location,folder,filename\n"
                  "2,0,M,65,Pneumonia/Viral/COVID-19,Y,PA,X-ray,,,images,a.jpeg\n4,0,F,52,No Finding,,PA,X-ray,,,images,b.png\n"
                  "5,0,F,52,Pneumonia,,Axial,CT,,,volumes,c.png\n6,,,,todo,,PA,X-ray,,,images,d.png\n",
                  images_at({"a.jpeg", "b.png", "c.png", "d.png"}),
                  {{"Pneumonia", "+-??"}, {"COVID-19", "+-??"}},
                  {"2", "4", "5", "6"}},
        FormatRow{"columns",
                  "film;Erguss;Hernia;Alter\nA.PNG;1;0;61\nb.png;0,0;1,0;44\n",
                  images_at({"a.png", "B.png"}),
                  {{"Erguss", "+-"}, {"Hernia", "-+"}},
                  {"", ""}}),
    [](const auto& row) {
      std::string name = row.param.name;
      std::erase_if(name, [](char letter) { return !std::isalnum(static_cast<unsigned char>(letter)); });
      return name;
    });

TEST_P(PublishedFormats, AreRecognisedAndJoined) {
  const FormatRow& row = GetParam();
  // Two columns of the NIH's head are made of the halves of one name, which are two names.
  const Result<Labels> labels = join_labels(table_of(row.table), row.images);
  ASSERT_TRUE(labels) << labels.error().message;
  EXPECT_EQ(label_format_name(labels->format), row.name);
  for (const auto& [finding, expected] : row.findings) EXPECT_EQ(marks(*labels, finding), expected) << finding;
  EXPECT_EQ(labels->patients, row.patients);
}

TEST(FolderLabels, AreTheNamesOfTheFolders) {
  const Labels labels =
      *labels_from_folders(images_at({"test/NORMAL/IM-0001-0001.jpeg", "test/NORMAL/NORMAL2-IM-0030-0001.jpeg",
                                      "test/PNEUMONIA/person1_virus_6.jpeg", "test/PNEUMONIA/person1_virus_7.jpeg"}));
  EXPECT_EQ(labels.format, LabelFormat::kFolders);
  EXPECT_EQ(labels.findings, std::vector<std::string>{"PNEUMONIA"});
  EXPECT_EQ(marks(labels, "Pneumonia"), "--++");
  EXPECT_EQ(labels.patients, (std::vector<std::string>{"im-0001", "normal2-im-0030", "person1", "person1"}));
  EXPECT_TRUE(says(labels, "1 patient has more than one image (2 images)"));
  EXPECT_EQ(labels_from_folders(images_at({"a/x.png", "a/y.png"})).error().code, ErrorCode::kMissing);
  EXPECT_EQ(labels_from_folders(images_at({"x.png", "y.png"})).error().code, ErrorCode::kMissing);
}

constexpr std::string_view kPlain =
    "image,patient,sex,age,Effusion,Mass\na.png,1,M,30,1,0\nb.png,2,female,70,-1,\nc.png,2,F,5,0,1\n";

TEST(JoinLabels, UncertainLabelsCountAsTheUserSays) {
  const auto images = images_at({"a.png", "b.png", "c.png"});
  for (auto [uncertain, expected] : {std::pair(UncertainLabels::kIgnore, "+?-"), std::pair(UncertainLabels::kPositive, "++-"),
                                     std::pair(UncertainLabels::kNegative, "+--")}) {
    const Labels labels = *join_labels(table_of(kPlain), images, {.uncertain = uncertain});
    EXPECT_EQ(marks(labels, "Effusion"), expected);
    EXPECT_TRUE(says(labels, "1 uncertain label (-1) counts as"));
  }
  EXPECT_EQ(marks(*join_labels(table_of(kPlain), images), "Mass"), "-?+") << "blank is unknown in a table of one's own";
  EXPECT_EQ(marks(*join_labels(table_of(kPlain), images, {.blank = BlankLabels::kNegative}), "Mass"), "--+");
}

TEST(JoinLabels, GroupsHaveOneSpelling) {
  const Labels labels =
      *join_labels(table_of(kPlain), images_at({"a.png", "b.png", "c.png"}), {.columns = {.groups = {"patient"}}});
  ASSERT_EQ(labels.groups.size(), 3u);
  EXPECT_EQ(labels.groups[0].values, (std::vector<std::string>{"M", "F", "F"}));
  EXPECT_EQ(labels.groups[1].values, (std::vector<std::string>{"18 to 39", "65 and over", "under 18"}));
  EXPECT_EQ(labels.groups[2].name, "patient");
  EXPECT_TRUE(says(labels, "1 patient has more than one image"));
}

TEST(JoinLabels, ImagesWithoutRowsAndRowsWithoutImagesAreSaid) {
  std::string table = "image,Effusion\n";
  for (int i = 0; i < 260; ++i) table += "row" + std::to_string(i) + ".png," + std::to_string(i % 2) + "\n";
  std::vector<ImageName> images;
  for (int i = 0; i < 60; ++i) images.push_back({"row" + std::to_string(i) + ".png"});
  for (int i = 0; i < 40; ++i) images.push_back({"lost" + std::to_string(i) + ".png"});
  const Labels labels = *join_labels(table_of(table), images);
  EXPECT_EQ(labels.images_with_row, 60);
  EXPECT_EQ(labels.rows_without_image, 200);
  EXPECT_TRUE(says(labels, "40 images have no row in the table and are left out (lost0.png, lost1.png, lost2.png and 37 more)."));
  EXPECT_TRUE(says(labels, "200 rows belong to no image here and are left out."));
}

TEST(JoinLabels, RowsThatDisagreeMakeTheLabelUnknown) {
  const Labels labels =
      *join_labels(table_of("image,Effusion,Mass\na.png,1,0\na.png,0,0\nb.png,1,1\nb.png,1,1\n"), images_at({"a.png", "b.png"}));
  EXPECT_EQ(marks(labels, "Effusion"), "?+");
  EXPECT_EQ(marks(labels, "Mass"), "-+");
  EXPECT_TRUE(says(labels, "1 image has rows that disagree on Effusion; there the label counts as unknown (a.png)."));
  EXPECT_TRUE(says(labels, "1 image has several rows that agree; they count once (b.png)."));
}

TEST(JoinLabels, CellsThatAreNoLabelAreUnknownAndSaid) {
  std::string table = "image,Effusion\n";
  for (int i = 0; i < 12; ++i) table += std::to_string(i) + ".png," + (i == 5 ? "2" : "1") + "\n";
  const Labels labels = *join_labels(table_of(table), images_at({"4.png", "5.png"}));
  EXPECT_EQ(marks(labels, "Effusion"), "+?");
  EXPECT_TRUE(says(labels, "1 cell is neither 0, 1, -1 nor blank: unknown (the first is \"2\" in row 7 of Effusion)."));
}

TEST(JoinLabels, ATableWithoutLabelsIsRefused) {
  const Result<Labels> labels = join_labels(table_of("image,width\na.png,2048\n"), images_at({"a.png"}));
  EXPECT_EQ(labels.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(labels.error().message, "No column of the table can be read as labels.");
}

TEST(JoinLabels, ATableOfOtherImagesIsRefusedWithWhatWasCompared) {
  const Result<Labels> labels = join_labels(table_of("image,Effusion\nx.png,1\n"), images_at({"a.png"}));
  EXPECT_EQ(labels.error().code, ErrorCode::kMissing);
  EXPECT_NE(labels.error().message.find("the first row says \"x.png\", the first image is \"a.png\""), std::string::npos);
}

TEST(JoinLabels, ColumnsAreTakenAsNamedAndMissingOnesRefused) {
  const std::string_view text = "a,b,Effusion\nx.png,y.png,1\ny.png,x.png,0\n";
  const auto images = images_at({"x.png", "y.png"});
  EXPECT_EQ(marks(*join_labels(table_of(text), images), "Effusion"), "+-");
  EXPECT_EQ(marks(*join_labels(table_of(text), images, {.columns = {.image = "b"}}), "Effusion"), "-+");
  EXPECT_EQ(join_labels(table_of(text), images, {.columns = {.image = "c"}}).error().hint, "It has a, b, Effusion.");
}

TEST(JoinLabels, DicomNumbersJoin) {
  const std::vector<ImageName> images = {{"1.dcm", "1.2.840.1", "A7"}, {"2.dcm", "1.2.840.2", "B9"}};
  const Labels by_uid = *join_labels(table_of("uid,Effusion\n1.2.840.2,1\n1.2.840.1,0\n"), images);
  EXPECT_EQ(by_uid.key, JoinKey::kSopInstanceUid);
  EXPECT_EQ(marks(by_uid, "Effusion"), "-+");
  const Labels by_number = *join_labels(table_of("Accession,Effusion\nb9,1\na7,0\n"), images);
  EXPECT_EQ(by_number.key, JoinKey::kAccessionNumber);
  EXPECT_EQ(marks(by_number, "Effusion"), "-+");
}

TEST(JoinLabels, OneNameInTwoFoldersIsSaid) {
  const Labels labels = *join_labels(table_of("image,Effusion\na.png,1\n"), images_at({"one/a.png", "two/a.png"}));
  EXPECT_EQ(marks(labels, "Effusion"), "++");
  EXPECT_TRUE(says(labels, "1 row belongs to several images of the same name"));
}

// A column that names the images' folder would find every image, each in every row.
TEST(JoinLabels, AFolderIsNoImage) {
  const Labels labels = *join_labels(table_of("folder,file,Effusion\nimages,a.png,1\nimages,b.png,0\n"),
                                     images_at({"images/a.png", "images/b.png", "images/c.png"}));
  EXPECT_EQ(labels.column, "file");
  EXPECT_EQ(marks(labels, "Effusion"), "+-?");
}

TEST(JoinKeys, AreKnownByName) {
  EXPECT_EQ(*parse_join_key("sop-instance-uid"), JoinKey::kSopInstanceUid);
  EXPECT_EQ(parse_join_key("magic").error().code, ErrorCode::kInvalidRequest);
}

TEST(LabelsFromVerdicts, AreWhatAReaderSaidLast) {
  const std::vector<ImageName> images = images_at({"person1_a.png", "b.png", "person1_c.png"});
  const std::vector<ImageVerdict> verdicts = {
      {0, "Effusion", true}, {2, "Mass", true}, {0, "Mass", false}, {0, "effusion", false}};
  const Labels labels = labels_from_verdicts(images, verdicts).value();
  EXPECT_EQ(labels.findings, (std::vector<std::string>{"Effusion", "Mass"}));
  EXPECT_EQ(marks(labels, "Effusion"), "-??") << "the later verdict counts";
  EXPECT_EQ(marks(labels, "Mass"), "-?+");
  EXPECT_EQ(labels.images_with_row, 2);
  EXPECT_EQ(labels.has_row, (std::vector<bool>{true, false, true}));
  EXPECT_TRUE(says(labels, "1 patient has more than one image"));
  EXPECT_EQ(label_format_name(labels.format), "verdicts of a reader");
  EXPECT_EQ(labels_from_verdicts(images, {}).error().code, ErrorCode::kMissing);
  EXPECT_EQ(labels_from_verdicts(images, std::vector<ImageVerdict>{{3, "Mass", true}}).error().code, ErrorCode::kInvalidRequest);
}

}  // namespace
}  // namespace chestlight
