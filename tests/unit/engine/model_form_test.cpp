// What is said of a network in text, and what becomes of its manifest.
#include "engine/model_form.h"

#include <gtest/gtest.h>

#include "engine/model.h"
#include "engine/model_import.h"
#include "findings/manifest.h"
#include "findings/preprocess.h"
#include "model/weights/safetensors_writer.h"
#include "support/random_network.h"

namespace chestlight {
namespace {

using contract::ModelForm;
using Texts = std::vector<std::string>;

TEST(ModelForm, LabelsAreReadFromListsOfManyKinds) {
  struct Row {
    const char* origin;
    const char* words;
    Texts labels;
  };
  const Row rows[] = {
      {"lines", "Mass\nNodule\r\n\n Pleural_Thickening \n", {"Mass", "Nodule", "Pleural_Thickening"}},
      {"numbered lines", "0: Mass\n1. Nodule\n- Edema", {"Mass", "Nodule", "Edema"}},
      {"one line with commas", "Mass, Nodule,'Lung Lesion'", {"Mass", "Nodule", "Lung Lesion"}},
      {"a list of Python, broken", "'Mass',\n'Nodule',\n", {"Mass", "Nodule"}},
      {"JSON", R"(["Mass", "Nodule"])", {"Mass", "Nodule"}},
      {"id2label of Hugging Face", R"({"id2label": {"0": "Mass", "1": "Nodule"}})", {"Mass", "Nodule"}},
      {"numbers by label", R"({"Nodule": 1, "Mass": 0})", {"Mass", "Nodule"}},
      {"more than nine",
       R"({"0":"a","1":"b","2":"c","3":"d","4":"e","5":"f","6":"g","7":"h","8":"i","9":"j","10":"k"})",
       {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"}},
  };
  for (const Row& row : rows) {
    const auto form = read_model_form(row.words);
    ASSERT_TRUE(form) << row.origin << ": " << form.error().message;
    EXPECT_EQ(form->labels, row.labels) << row.origin;
  }
}

TEST(ModelForm, TheConfigurationOfTimmSaysHowTheInputIsMade) {
  const auto form = read_model_form(R"({"architecture": "densenet121", "num_classes": 2, "label_names": ["Mass", "Nodule"],
      "pretrained_cfg": {"input_size": [3, 320, 320], "interpolation": "bicubic", "crop_pct": 0.875,
                         "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225], "num_classes": 1000}})");
  ASSERT_TRUE(form) << form.error().message;
  EXPECT_EQ(form->labels, (Texts{"Mass", "Nodule"}));
  EXPECT_EQ(form->side, 320);
  EXPECT_EQ(form->crop, 0.875);
  EXPECT_EQ(form->mean, (std::vector<double>{0.485, 0.456, 0.406}));
  EXPECT_EQ(form->deviation, (std::vector<double>{0.229, 0.224, 0.225}));

  const auto preprocessor =
      read_model_form(R"({"image_mean": [0.5], "image_std": [0.25], "size": {"height": 224, "width": 224}})");
  ASSERT_TRUE(preprocessor);
  EXPECT_EQ(preprocessor->side, 224);
  EXPECT_EQ(preprocessor->mean, std::vector<double>{0.5});
}

TEST(ModelForm, TextThatSaysNothingIsRefused) {
  for (const char* words : {"", " \n", "{}", "[]", R"({"architecture": "densenet121"})", "[1, 2]", R"({"5": "Mass"})", "{broken"})
    EXPECT_FALSE(read_model_form(words)) << words;
  std::string many;
  for (int i = 0; i < 65; ++i) many += "label " + std::to_string(i) + "\n";
  EXPECT_FALSE(read_model_form(many));
  EXPECT_FALSE(read_model_form(std::string(2 << 20, 'a')));
}

TEST(ModelForm, LabelsBecomeIdsAndKeepTheirWords) {
  EXPECT_EQ(manifest_label("Pleural_Thickening")["name"], "Pleural thickening");
  EXPECT_EQ(manifest_label("Lungs/heart: odd (2)")["id"], "Lungs heart odd 2");
  EXPECT_EQ(manifest_label("Lungs/heart: odd (2)")["name"], "Lungs/heart: odd (2)");
}

/// Five outputs, three channels.
ImportedModel small_model(const ModelForm& form = {}) {
  const auto file = write_safetensors(testing::make_random_tensors("small").tensors);
  return import_model({{"net.safetensors", file}}, {.file_name = "net.safetensors", .form = form}).value();
}

TEST(ModelForm, AFormMakesAnotherVersionOfTheModelAndItsGuessesGo) {
  const ImportedModel before = small_model();
  const Manifest guessed = parse_manifest(as_text(before.manifest)).value();
  EXPECT_FALSE(before.complete());
  EXPECT_EQ(guessed.limits.size(), 3u);
  ModelForm form;
  form.labels = {"Mass", "Nodule", "Edema", "Hernia", "Odd"};
  form.mean = {0.5056}, form.deviation = {0.252}, form.side = 96, form.crop = 0.875, form.name = "Mine";
  const auto revised = revised_manifest(before.manifest, form);
  ASSERT_TRUE(revised) << revised.error().message;
  const Model model = Model::load(*revised, before.weights).value();
  const Manifest& manifest = model.manifest();
  EXPECT_EQ(manifest.name, "Mine");
  EXPECT_EQ(manifest.labels[3].id, "Hernia");
  EXPECT_EQ(manifest.input.mean, std::vector<float>(3, 0.5056f));
  EXPECT_EQ(manifest.input.width, 96);
  EXPECT_EQ(manifest.limits.size(), 1u) << "nothing is guessed any more";
  EXPECT_NE(manifest.version, guessed.version);
  EXPECT_EQ(*revised, revised_manifest(*revised, form).value()) << "the same said again is the same version";
  const auto geometry = input_geometry(800, 1000, manifest.input);
  EXPECT_EQ(geometry.seen.width, 700);
  EXPECT_EQ(geometry.seen.height, 700);
}

TEST(ModelForm, WhatIsSaidAtTheImportIsNotGuessed) {
  ModelForm form;
  form.labels = {"a", "b", "c", "d", "e"};
  form.mean = form.deviation = {0.5};
  EXPECT_TRUE(small_model(form).complete());
  EXPECT_TRUE(completed({.labels = {"x"}}, form).labels == Texts{"x"});
}

TEST(ModelForm, WhatDoesNotFitTheNetworkIsSaid) {
  struct Row {
    ModelForm form;
    const char* message;
  };
  const Row rows[] = {
      {{.labels = {"a"}}, "The network has 5 outputs; 1 labels were given."},
      {{.mean = {0.1, 0.2}}, "The network's input has 3 channels; 2 numbers were given for the mean."},
      {{.deviation = {0}}, "A number for the deviation is 0."},
      {{.side = 5000}, "The input is to be 5000 pixels wide."},
      {{.crop = 1.5}, "The share of the film that is seen is 1.5."},
  };
  const ImportedModel model = small_model();
  for (const Row& row : rows) {
    const auto revised = revised_manifest(model.manifest, row.form);
    ASSERT_FALSE(revised) << row.message;
    EXPECT_EQ(revised.error().message, row.message);
  }
  EXPECT_FALSE(revised_manifest(model.manifest, {.labels = {"a", "a", "b", "c", "d"}})) << "the same label twice";
  EXPECT_FALSE(revised_manifest(model.manifest, {.fit = "squeeze"}));
}

}  // namespace
}  // namespace chestlight
