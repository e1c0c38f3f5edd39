#include "imaging/codecs/jpeg.h"

#include "base/text.h"
#include "imaging/codecs/jpeg_markers.h"
#include "imaging/hints.h"

namespace chestlight {

using namespace std::string_view_literals;

std::optional<JpegProcess> jpeg_process(Bytes bytes) {
  ByteReader reader(bytes);
  while (auto marker = next_marker(reader)) {
    if (*marker == kStartOfScan || *marker == kEndOfImage) return std::nullopt;
    if (is_standalone(*marker)) continue;
    auto parameters = segment(reader);
    if (!parameters) return std::nullopt;
    if (is_frame(*marker)) {
      if (parameters->empty()) return std::nullopt;
      return JpegProcess{*marker, (*parameters)[0]};
    }
  }
  return std::nullopt;
}

Result<JpegHeader> jpeg_header(Bytes bytes) {
  JpegHeader header;
  bool framed = false;
  ByteReader reader(bytes);
  auto cut_off = [&] {
    return Error{ErrorCode::kTruncated, text("The JPEG is truncated: it ends inside its header, after ", bytes.size(), " bytes."),
                 kExportAgain};
  };
  while (true) {
    auto marker = next_marker(reader);
    if (!marker) return cut_off();
    if (is_standalone(*marker)) continue;
    if (*marker == kEndOfImage || (*marker == kStartOfScan && !framed))
      return Error{ErrorCode::kCorrupt, "The JPEG holds no picture: it has no frame header.", kExportAgain};
    if (*marker == kStartOfScan) return header;
    std::size_t start = reader.position();
    auto parameters = segment(reader);
    if (!parameters) {
      if (start + 2 <= bytes.size() && bytes[start] == 0 && bytes[start + 1] < 2)
        return Error{ErrorCode::kCorrupt, text("The JPEG is damaged: the segment at byte ", start, " has no length."),
                     kExportAgain};
      return cut_off();
    }
    if (is_frame(*marker) && !framed) {
      if (parameters->size() < 6)
        return Error{ErrorCode::kCorrupt, "The JPEG is damaged: its frame header is too short.", kExportAgain};
      const Bytes& p = *parameters;
      header.process = {*marker, p[0]};
      header.height = p[1] << 8 | p[2];
      header.width = p[3] << 8 | p[4];
      header.components = p[5];
      framed = true;
    }
    if (*marker == kApp1 && header.exif.empty() && as_text(*parameters).starts_with("Exif\0\0"sv))
      header.exif = parameters->subspan(6);
  }
}

}  // namespace chestlight
