#include "viewer/text/film_description.h"

#include <gtest/gtest.h>

#include <map>

#include "unit/viewer/viewer_values.h"

namespace chestlight::viewer {
namespace {

std::map<std::string, std::string> facts_of(const FilmEntry& film) {
  std::map<std::string, std::string> facts;
  for (const auto& [label, words] : describe_film(film)) facts[label] += (facts[label].empty() ? "" : " | ") + words;
  return facts;
}

TEST(FilmDescription, TellsOfAPictureWhatThereIsToTell) {
  State state = analysed_state();
  state.films[0].info.notes = {"8 bits per pixel.", "A print file."};
  auto facts = facts_of(state.films[0]);
  EXPECT_EQ(facts["File"], "PNG");
  EXPECT_EQ(facts["Picture"], "400 × 300 pixels, 8 bit");
  EXPECT_EQ(facts["Values"], "0 to 200 used, 255 is white");
  EXPECT_EQ(facts["Note"], "8 bits per pixel. | A print file.");
  EXPECT_FALSE(facts.contains("Coding"));
  EXPECT_FALSE(facts.contains("Its windows")) << "what the file does not say is left out";
}

TEST(FilmDescription, TellsOfADicomFileHowItWasTakenAndStored) {
  State state = analysed_state();
  FilmInfo& info = state.films[0].info;
  info.format = "DICOM";
  info.lossy = true;
  info.presets = {{"NORMAL", {}}, {"HARD", {}}};
  info.dicom = DicomFacts{};
  info.dicom->transfer_syntax = "1.2.840.10008.1.2.4.91";
  info.dicom->modality = "DX";
  info.dicom->view_position = "PA";
  info.dicom->orientation = "L\\F";
  info.dicom->photometric = "MONOCHROME1";
  info.dicom->inverted = true;
  info.dicom->burned_in = true;
  info.dicom->lossy_ratio = 12.5;
  info.dicom->slope = 0.25;
  info.dicom->intercept = -1000;
  info.dicom->rescale_type = "US";
  info.dicom->frames = 3;
  info.dicom->frame = 2;
  info.dicom->spacing = PixelSpacing{0.15, 0.15, "detector"};
  auto facts = facts_of(state.films[0]);
  EXPECT_EQ(facts["File"], "DICOM, lossy");
  EXPECT_EQ(facts["Coding"], "JPEG 2000");
  EXPECT_EQ(facts["Taken as"], "DX, PA");
  EXPECT_EQ(facts["Orientation"], "L/F");
  EXPECT_EQ(facts["Stored as"], "MONOCHROME1, larger values are darker");
  EXPECT_EQ(facts["Compression"], "lossy, 12.5 : 1");
  EXPECT_EQ(facts["Rescale"], "value = 0.25 · stored + -1000, US");
  EXPECT_EQ(facts["Frame"], "2 of 3");
  EXPECT_EQ(facts["Spacing"], "0.150 × 0.150 mm");
  EXPECT_EQ(facts["Its windows"], "NORMAL, HARD");
  EXPECT_TRUE(facts.contains("Burned in"));
  info.dicom->transfer_syntax = "1.2.3";
  EXPECT_EQ(facts_of(state.films[0])["Coding"], "1.2.3") << "one that is not known is told as it is";
}

}  // namespace
}  // namespace chestlight::viewer
