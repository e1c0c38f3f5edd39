// The arguments that join labels to images, as the requests `evaluate` and `train-head` share them.
//
//   args     {images: [{file, sop_instance_uid?, accession_number?}], uncertain?, blank?, join_by?, image_column?, groups?:
//   [column]} table    CSV or TSV; empty: the images' folders are their labels
#pragma once

#include <vector>

#include "base/bytes.h"
#include "base/json.h"
#include "metrics/labels/join.h"

namespace chestlight {

/// Errors: "invalid-request" for arguments of another form.
Result<std::vector<ImageName>> images_argument(const JsonReader& args);

/// Errors: those of table.h and join.h; "invalid-request".
Result<Labels> labels_argument(const JsonReader& args, Bytes table, std::span<const ImageName> images);

/// `fallback` where the key is missing.
Result<std::string> string_or(const JsonReader& args, std::string_view key, std::string fallback);

}  // namespace chestlight
