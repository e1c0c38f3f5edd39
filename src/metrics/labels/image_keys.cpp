#include "metrics/labels/image_keys.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

namespace chestlight {
namespace {

std::string small_letters(std::string_view text) {
  std::string small(text);
  for (char& letter : small) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    if (letter == '\\') letter = '/';
  }
  return small;
}

bool digits_only(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The last `count` parts of a path.
std::string_view last_parts(std::string_view path, int count) {
  std::size_t begin = path.size();
  for (; count > 0 && begin != std::string_view::npos && begin > 0; --count) begin = path.rfind('/', begin - 1);
  return begin == std::string_view::npos || count > 0 ? path : path.substr(begin + 1);
}

/// A name without the ending of a picture. UIDs have points too, so that only known endings go.
std::string_view stem_of(std::string_view name) {
  constexpr std::array<std::string_view, 11> kEndings = {".png", ".jpg",  ".jpeg", ".dcm",  ".dicom", ".dic",
                                                         ".tif", ".tiff", ".bmp",  ".webp", ".gz"};
  for (std::string_view ending : kEndings)
    if (name.size() > ending.size() && name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  return name;
}

/// "s50414267" and "50414267" are one study.
std::string_view study_of(std::string_view name) {
  return name.size() > 1 && name.front() == 's' && digits_only(name.substr(1)) ? name.substr(1) : name;
}

std::string key_of_path(const std::string& path, JoinKey key) {
  switch (key) {
    case JoinKey::kPath: return path.find('/') == std::string::npos ? "" : std::string(last_parts(path, 3));
    case JoinKey::kFileName: return std::string(last_parts(path, 1));
    case JoinKey::kStem: return std::string(stem_of(last_parts(path, 1)));
    default: return path;
  }
}

}  // namespace

std::string folder_of(std::string_view path) {
  std::string slashed(path);
  std::replace(slashed.begin(), slashed.end(), '\\', '/');
  const std::size_t slash = slashed.rfind('/');
  if (slash == std::string::npos) return "";
  return std::string(last_parts(std::string_view(slashed).substr(0, slash), 1));
}

std::string key_of_image(const ImageName& image, JoinKey key) {
  switch (key) {
    case JoinKey::kSopInstanceUid: return image.sop_instance_uid;
    case JoinKey::kAccessionNumber: return small_letters(image.accession_number);
    case JoinKey::kStudy: {
      const std::string folder = small_letters(folder_of(image.path));
      return std::string(study_of(folder));
    }
    default: return key_of_path(small_letters(image.path), key);
  }
}

std::string key_of_cell(std::string_view cell, JoinKey key) {
  const std::string small = small_letters(cell);
  if (key == JoinKey::kStudy) return std::string(study_of(last_parts(small, 1)));
  return key_of_path(small, key);
}

std::string patient_in_path(std::string_view path) {
  const std::string small = small_letters(path);
  std::size_t begin = 0;
  while (begin < small.size()) {
    const std::size_t end = std::min(small.find('/', begin), small.size());
    const std::string_view part = std::string_view(small).substr(begin, end - begin);
    if (part.starts_with("patient") && digits_only(part.substr(7))) return std::string(part);
    if (part.size() == 9 && part.front() == 'p' && digits_only(part.substr(1))) return std::string(part);
    begin = end + 1;
  }
  const std::string_view name = last_parts(small, 1);
  if (name.starts_with("person")) {
    const std::string_view person = name.substr(0, name.find('_'));
    if (digits_only(person.substr(6))) return std::string(person);
  }
  const std::size_t im = name.find("im-");
  if (im != std::string_view::npos && name.size() >= im + 7 && digits_only(name.substr(im + 3, 4)))
    return std::string(name.substr(0, im + 7));
  return "";
}

std::string group_value(std::string_view group, std::string_view cell) {
  if (cell.empty()) return "";
  if (group == "age") {
    char* end = nullptr;
    const std::string text(cell);
    const double age = std::strtod(text.c_str(), &end);
    if (end == text.c_str() || !(age >= 0 && age < 150)) return "";
    if (*end == 'M' || *end == 'W' || *end == 'D') return "under 18";  // months, weeks, days, as DICOM writes them
    return age < 18 ? "under 18" : age < 40 ? "18 to 39" : age < 65 ? "40 to 64" : "65 and over";
  }
  std::string value(cell);
  for (char& letter : value)
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  if (group == "sex") {
    if (value == "FEMALE" || value == "W") return "F";
    if (value == "MALE") return "M";
    if (value != "F" && value != "M") return "";
  }
  return group == "view" || group == "sex" ? value : std::string(cell);
}

}  // namespace chestlight
