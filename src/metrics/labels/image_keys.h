// What a cell of a table and an image have in common, for each way of joining them; and what a path tells of its patient.
#pragma once

#include <string>
#include <string_view>

#include "metrics/labels/join.h"

namespace chestlight {

/// Empty where the image has none. Two are equal where cell and image belong together.
std::string key_of_image(const ImageName& image, JoinKey key);
std::string key_of_cell(std::string_view cell, JoinKey key);

/// The name of the folder that an image lies in; empty where it lies in none.
std::string folder_of(std::string_view path);

/// The part of a path that names a patient in CheXpert ("patient00012"), MIMIC-CXR ("p10000032") and Kermany's films ("person12",
/// "IM-0031"); empty where there is none.
std::string patient_in_path(std::string_view path);

/// A cell as the value of a group: ages in four bands, sexes as F and M, other words in capitals.
std::string group_value(std::string_view group, std::string_view cell);

}  // namespace chestlight
