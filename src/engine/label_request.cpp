#include "engine/label_request.h"

#include "base/text.h"
#include "contract/json_fields.h"

namespace chestlight {
namespace {

/// One of a few words, by its place among them.
Result<int> word_of(const JsonReader& args, std::string_view key, std::initializer_list<std::string_view> words) {
  CHESTLIGHT_TRY(const std::string word, string_or(args, key, std::string(*words.begin())));
  int place = 0;
  std::string known;
  for (std::string_view candidate : words) {
    if (word == candidate) return place;
    ++place;
    known += (known.empty() ? "" : ", ") + std::string(candidate);
  }
  return args.error(text(key, ": expected one of ", known));
}

Result<LabelChoice> choice_argument(const JsonReader& args) {
  LabelChoice choice;
  CHESTLIGHT_TRY(const int uncertain, word_of(args, "uncertain", {"ignore", "positive", "negative"}));
  CHESTLIGHT_TRY(const int blank, word_of(args, "blank", {"by-format", "ignore", "negative"}));
  choice.uncertain = static_cast<UncertainLabels>(uncertain);
  choice.blank = static_cast<BlankLabels>(blank);
  if (args.has("join_by")) {
    CHESTLIGHT_TRY(const std::string key, args.string("join_by"));
    CHESTLIGHT_TRY(choice.key, parse_join_key(key));
  }
  CHESTLIGHT_TRY(choice.columns.image, string_or(args, "image_column", ""));
  CHESTLIGHT_CHECK(contract::take_field(args, "groups", choice.columns.groups));
  return choice;
}

}  // namespace

Result<std::string> string_or(const JsonReader& args, std::string_view key, std::string fallback) {
  if (!args.has(key)) return fallback;
  return args.string(key);
}

Result<std::vector<ImageName>> images_argument(const JsonReader& args) {
  std::vector<ImageName> images;
  CHESTLIGHT_TRY(const std::vector<JsonReader> items, args.items("images"));
  for (const JsonReader& item : items) {
    ImageName image;
    CHESTLIGHT_TRY(image.path, item.string("file"));
    CHESTLIGHT_TRY(image.sop_instance_uid, string_or(item, "sop_instance_uid", ""));
    CHESTLIGHT_TRY(image.accession_number, string_or(item, "accession_number", ""));
    images.push_back(std::move(image));
  }
  return images;
}

Result<Labels> labels_argument(const JsonReader& args, Bytes table, std::span<const ImageName> images) {
  if (table.empty()) return labels_from_folders(images);
  CHESTLIGHT_TRY(const LabelChoice choice, choice_argument(args));
  CHESTLIGHT_TRY(const Table read, Table::read(table));
  return join_labels(read, images, choice);
}

}  // namespace chestlight
