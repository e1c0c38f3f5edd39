// Proof that a JPEG holds every block of its picture (ITU-T T.81, annexes F and G: Huffman coded, sequential or
// progressive).
//
// Decoders fill what a damaged stream lacks: with grey, with the block before, or with what the memory held, which is
// another patient's film. So every scan is walked here first, block by block: each code must be in its table, each
// restart marker in its place and turn, each scan must end where its last block ends, and in the end every coefficient
// must have come to its last bit. What was damaged and still passes for whole (a changed bit within one value) cannot be
// told from a picture that was meant so.
//
// Not here: pixels (stb_pixels.h), the picture's size against limits (decode.h).
#pragma once

#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace chestlight {

struct WholeJpeg {
  /// The picture's segments and scans, and nothing else: what a decoder is given, so that it meets nothing that was not
  /// walked.
  std::vector<std::uint8_t> stream;
  bool has_end_marker = true;  // in the file; `stream` always has one
};

/// kTruncated: blocks are missing. kCorrupt: the stream contradicts itself. kUnsupportedFormat: a process other than the
/// three of browsers. `bytes` has a header that jpeg_header() accepts.
Result<WholeJpeg> prove_jpeg(Bytes bytes);

}  // namespace chestlight
