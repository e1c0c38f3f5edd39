// The header of a JPEG file (ITU-T T.81, annex B). No pixels are decoded here; whether all of them are there is proven by
// jpeg_scans.h, and stb_image decodes them.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "base/result.h"

namespace chestlight {

struct JpegProcess {
  int frame = 0xc0;   // second byte of the frame header's marker: 0xc0 baseline, 0xc2 progressive, 0xc3 lossless, …
  int precision = 8;  // bits per sample
};

struct JpegHeader {
  JpegProcess process;
  int width = 0;
  int height = 0;
  int components = 1;
  Bytes exif;  // the TIFF structure of the first APP1 "Exif" segment; empty if there is none
};

/// The coding process, from the first frame header; nothing where no frame header is found.
std::optional<JpegProcess> jpeg_process(Bytes bytes);

/// Everything up to the first scan: what the limits are checked on. kTruncated or kCorrupt.
Result<JpegHeader> jpeg_header(Bytes bytes);

}  // namespace chestlight
