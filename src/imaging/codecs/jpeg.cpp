#include "imaging/codecs/jpeg.h"

#include "base/text.h"
#include "imaging/hints.h"

namespace chestlight {
namespace {

using namespace std::string_view_literals;

constexpr int kStartOfScan = 0xda, kEndOfImage = 0xd9, kApp1 = 0xe1;

bool is_restart(int marker) { return marker >= 0xd0 && marker <= 0xd7; }
bool is_standalone(int marker) { return is_restart(marker) || marker == 0x01 || marker == 0xd8; }
// C4, C8 and CC are tables and an extension, not frames; F7 is the frame of JPEG-LS.
bool is_frame(int marker) {
  return (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) || marker == 0xf7;
}

// Moves to just after the next marker and returns it. Bytes between segments, and the entropy-coded data of a scan
// (where FF 00 is a stuffed byte and FF FF is fill), are passed over.
std::optional<int> next_marker(ByteReader& reader) {
  while (auto byte = reader.big<std::uint8_t>()) {
    if (*byte != 0xff) continue;
    std::optional<std::uint8_t> marker;
    do marker = reader.big<std::uint8_t>();
    while (marker && *marker == 0xff);
    if (!marker) return std::nullopt;
    if (*marker != 0) return *marker;
  }
  return std::nullopt;
}

// The parameters of the segment whose marker was just read.
std::optional<Bytes> segment(ByteReader& reader) {
  auto length = reader.big<std::uint16_t>();
  if (!length || *length < 2) return std::nullopt;
  return reader.take(*length - 2u);
}

}  // namespace

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

Result<void> check_jpeg_end(Bytes bytes) {
  ByteReader reader(bytes);
  while (auto marker = next_marker(reader)) {
    if (*marker == kEndOfImage) return {};
    if (is_standalone(*marker)) continue;
    if (!segment(reader)) break;
  }
  return Error{ErrorCode::kTruncated, text("The JPEG is truncated: its end marker is missing after ", bytes.size(), " bytes."),
               kExportAgain};
}

}  // namespace chestlight
