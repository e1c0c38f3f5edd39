#include "imaging/sniff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "support/files.h"

namespace chestlight {
namespace {

struct Row {
  const char* file;
  Format format;
  ErrorCode code;     // of unreadable_format; kInternal for the formats that are read
  const char* named;  // what the message must call it
};

// Files made by tests/fixtures/make_images.py: Pillow for pictures it can write, else the signature bytes of the
// format's own specification.
const Row kRows[] = {
    {"empty.png", Format::kEmpty, ErrorCode::kEmptyFile, "empty"},
    {"grey8.png", Format::kPng, ErrorCode::kInternal, ""},
    {"truncated.png", Format::kPng, ErrorCode::kInternal, ""},
    {"apple_cgbi.png", Format::kPng, ErrorCode::kInternal, ""},
    {"animated.png", Format::kAnimatedPng, ErrorCode::kUnsupportedFormat, "animated PNG"},
    {"grey.jpg", Format::kJpeg, ErrorCode::kInternal, ""},
    {"progressive.jpg", Format::kJpeg, ErrorCode::kInternal, ""},
    {"header_cut.jpg", Format::kJpeg, ErrorCode::kInternal, ""},
    {"process_lossless.jpg", Format::kJpegLossless, ErrorCode::kUnsupportedFormat, "lossless JPEG"},
    {"process_hierarchical.jpg", Format::kJpegHierarchical, ErrorCode::kUnsupportedFormat, "hierarchical"},
    {"process_arithmetic.jpg", Format::kJpegArithmetic, ErrorCode::kUnsupportedFormat, "arithmetic"},
    {"process_12bit.jpg", Format::kJpegTwelveBit, ErrorCode::kUnsupportedFormat, "more than 8 bits"},
    {"process_ls.jpg", Format::kJpegLs, ErrorCode::kUnsupportedFormat, "JPEG-LS"},
    {"picture.jp2", Format::kJpeg2000, ErrorCode::kUnsupportedFormat, "JPEG 2000"},
    {"codestream.j2k", Format::kJpeg2000, ErrorCode::kUnsupportedFormat, "JPEG 2000"},
    {"picture.jxl", Format::kJpegXl, ErrorCode::kUnsupportedFormat, "JPEG XL"},
    {"container.jxl", Format::kJpegXl, ErrorCode::kUnsupportedFormat, "JPEG XL"},
    {"picture.gif", Format::kGif, ErrorCode::kUnsupportedFormat, "GIF"},
    {"picture.bmp", Format::kBmp, ErrorCode::kUnsupportedFormat, "BMP"},
    {"picture.tiff", Format::kTiff, ErrorCode::kUnsupportedFormat, "TIFF"},
    {"big_endian.tiff", Format::kTiff, ErrorCode::kUnsupportedFormat, "TIFF"},
    {"picture.webp", Format::kWebP, ErrorCode::kUnsupportedFormat, "WebP"},
    {"picture.avif", Format::kAvif, ErrorCode::kUnsupportedFormat, "AVIF"},
    {"picture.heic", Format::kHeic, ErrorCode::kUnsupportedFormat, "HEIC"},
    {"preamble.dcm", Format::kDicom, ErrorCode::kUnsupportedFormat, "DICOM"},
    {"bare_explicit.dcm", Format::kDicom, ErrorCode::kUnsupportedFormat, "DICOM"},
    {"bare_implicit.dcm", Format::kDicom, ErrorCode::kUnsupportedFormat, "DICOM"},
    {"document.pdf", Format::kPdf, ErrorCode::kNotAnImage, "PDF"},
    {"archive.zip", Format::kZip, ErrorCode::kNotAnImage, "ZIP"},
    {"archive.gz", Format::kGzip, ErrorCode::kNotAnImage, "gzip"},
    {"page.html.png", Format::kHtml, ErrorCode::kNotAnImage, "web page"},
    {"text.png", Format::kText, ErrorCode::kNotAnImage, "plain text"},
    {"noise.bin", Format::kUnknown, ErrorCode::kNotAnImage, "no format known"},
};

TEST(Sniff, NamesEveryFormatFromItsContent) {
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.file);
    auto bytes = testing::read_fixture(std::string("images/") + row.file);
    EXPECT_EQ(sniff(bytes), row.format) << "named " << format_info(sniff(bytes)).name;
    if (row.code == ErrorCode::kInternal) continue;
    Error error = unreadable_format(row.format);
    EXPECT_EQ(error.code, row.code);
    EXPECT_NE(error.message.find(row.named), std::string::npos) << error.message;
    EXPECT_NE(error.message.find("expected"), std::string::npos) << error.message;
    EXPECT_FALSE(error.hint.empty());
  }
}

TEST(Sniff, AnonymisedDataSetsBeginWithLaterGroups) {
  struct Head {
    std::string_view bytes;
    bool dicom;
  };
  using namespace std::string_view_literals;
  const Head heads[] = {
      {"\x10\0\x10\0\x0a\0\0\0TEST^FILM "sv, true},  // implicit, little endian
      {"\x18\0\x15\0CS\x06\0CHEST "sv, true},        // explicit, little endian
      {"\0\x08\0\x05"
       "CS\0\x0aISO_IR 100"sv,
       true},  // explicit, big endian
      {"\x28\0\x10\0US\x02\0\0\x02"sv, true},
      {"\x12\0\x10\0\x0a\0\0\0TEST^FILM "sv, false},  // no group that a picture begins with
      {"\x10\0\x10\0\x0b\0\0\0TEST^FILM "sv, false},  // an odd length
      {"\0\x08\0\x05\0\0\0\x0aISO_IR 100"sv, false},
  };
  for (const Head& head : heads) EXPECT_EQ(sniff(as_bytes(head.bytes)) == Format::kDicom, head.dicom) << head.bytes;
}

TEST(Sniff, TheTableOfRowsCoversEveryFormat) {
  std::set<Format> covered;
  for (const auto& row : kRows) covered.insert(row.format);
  for (int i = 0; i <= static_cast<int>(Format::kUnknown); ++i) {
    auto format = static_cast<Format>(i);
    EXPECT_EQ(format_info(format).format, format);
    EXPECT_FALSE(format_info(format).kind.empty());
    EXPECT_LE(format_info(format).kind.size(), 10u) << "it stands in a narrow list";
    EXPECT_TRUE(covered.contains(format)) << format_info(format).name;
  }
}

TEST(Sniff, AFewBytesAreEnoughOrNamedUnknown) {
  for (const auto& row : kRows) {
    auto bytes = testing::read_fixture(std::string("images/") + row.file);
    for (std::size_t n = 0; n < std::min<std::size_t>(bytes.size(), 64); ++n)
      (void)format_info(sniff(Bytes(bytes).first(n)));  // no reading past the end (the sanitizers watch)
  }
  EXPECT_EQ(sniff(as_bytes("BMI of the patient")), Format::kText) << "two letters are no bitmap";
}

}  // namespace
}  // namespace chestlight
