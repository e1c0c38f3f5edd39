#include "imaging/sniff.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/text.h"
#include "imaging/codecs/jpeg.h"
#include "imaging/codecs/png.h"

namespace chestlight {
namespace {

using namespace std::string_view_literals;

constexpr auto kSaveAsPng = "Open it in an image viewer and save it as PNG, then drop the PNG here."sv;
constexpr auto kExportAsPng = "Export the film again as PNG, 16 bits if the program offers it."sv;

constexpr FormatInfo kFormats[] = {
    {Format::kEmpty, "Empty", "an empty file", "Copy or export the file again: the transfer may have been cut off.", false},
    {Format::kPng, "PNG", "a PNG picture", "", true},
    {Format::kAnimatedPng, "PNG", "an animated PNG", "Save the one frame that shows the film as a still PNG, then drop that.",
     true},
    {Format::kJpeg, "JPEG", "a JPEG picture", "", true},
    {Format::kJpegLossless, "JPEG", "a lossless JPEG (process 14)", kExportAsPng, true},
    {Format::kJpegHierarchical, "JPEG", "a hierarchical JPEG", kExportAsPng, true},
    {Format::kJpegArithmetic, "JPEG", "a JPEG with arithmetic coding", kExportAsPng, true},
    {Format::kJpegTwelveBit, "JPEG", "a JPEG of more than 8 bits", kExportAsPng, true},
    {Format::kJpegLs, "JPEG-LS", "a JPEG-LS picture", kExportAsPng, true},
    {Format::kJpeg2000, "JPEG 2000", "a JPEG 2000 picture", kSaveAsPng, true},
    {Format::kJpegXl, "JPEG XL", "a JPEG XL picture", kSaveAsPng, true},
    {Format::kGif, "GIF", "a GIF picture", kSaveAsPng, true},
    {Format::kBmp, "BMP", "a BMP picture", kSaveAsPng, true},
    {Format::kTiff, "TIFF", "a TIFF picture", "Open it in an image viewer and save it as PNG (16 bits keep every grey level).",
     true},
    {Format::kWebP, "WebP", "a WebP picture", kSaveAsPng, true},
    {Format::kAvif, "AVIF", "an AVIF picture", kSaveAsPng, true},
    {Format::kHeic, "HEIC", "a HEIC picture",
     "Save it as PNG or JPEG first; phones offer “Most Compatible” in the camera settings.", true},
    {Format::kDicom, "DICOM", "a DICOM file",
     "Its picture is taken out before it gets here (web/dicom) and opened by the method open-dicom.", true},
    {Format::kPdf, "PDF", "a PDF document", "Export the page or the picture in it as PNG, then drop the PNG here.", false},
    {Format::kZip, "ZIP", "a ZIP archive", "Give its name the ending .zip, or unpack it and drop the pictures themselves.",
     false},
    {Format::kGzip, "gzip", "a gzip archive", "Unpack it and drop the pictures themselves.", false},
    {Format::kHtml, "Web page", "a web page",
     "The download probably gave an error or sign-in page instead of the picture: download the picture itself.", false},
    {Format::kText, "Text", "plain text", "Whatever its name says, this file holds no picture: choose another file.", false},
    {Format::kUnknown, "Unknown", "a file of no format known here", "Choose a DICOM, PNG or JPEG file.", false},
};

bool starts_with(Bytes bytes, std::string_view magic, std::size_t at = 0) {
  return bytes.size() >= at + magic.size() && as_text(bytes.subspan(at, magic.size())) == magic;
}

Format sniff_jpeg(Bytes bytes) {
  if (auto process = jpeg_process(bytes)) {
    // Lossless processes may have any precision: their own name says more than "12 bits".
    if (process->frame == 0xf7) return Format::kJpegLs;
    if (process->frame == 0xc3) return Format::kJpegLossless;
    if (process->frame >= 0xc9 && process->frame <= 0xcb) return Format::kJpegArithmetic;
    if (process->frame >= 0xc5) return Format::kJpegHierarchical;
    if (process->precision != 8) return Format::kJpegTwelveBit;
  }
  return Format::kJpeg;  // also without a frame header: the reader says what is wrong with it
}

// ISO base media file format: size, "ftyp", the major brand, its version, then compatible brands.
Format sniff_base_media(Bytes bytes) {
  std::size_t length = std::size_t{bytes[2]} << 8 | bytes[3];
  std::size_t end = std::min(bytes.size(), std::clamp<std::size_t>(length, 12, kSniffBytes));
  bool heic = false;
  for (std::size_t at = 8; at + 4 <= end; at += 4) {
    auto brand = as_text(bytes.subspan(at, 4));
    if (brand == "avif" || brand == "avis") return Format::kAvif;
    heic |= brand.starts_with("hei") || brand.starts_with("hev") || brand == "mif1" || brand == "msf1";
  }
  return heic ? Format::kHeic : Format::kUnknown;
}

// DICOM without its preamble: a data set that begins with its header (group 0002) or, as anonymised ones do, with one of
// the first groups of a picture; explicit VR (two capital letters), little or big endian, or implicit VR (an even length
// that fits the usual short first element). web/dicom/data_set.js has the same rule.
bool bare_dicom(Bytes bytes) {
  if (bytes.size() < 8) return false;
  auto first_group = [](std::uint8_t group) {
    return group == 0x08 || group == 0x10 || group == 0x18 || group == 0x20 || group == 0x28;
  };
  auto capital = [](std::uint8_t c) { return c >= 'A' && c <= 'Z'; };
  const bool representation = capital(bytes[4]) && capital(bytes[5]);
  if (bytes[0] == 0 && bytes[2] == 0) return first_group(bytes[1]) && representation;
  if (bytes[1] != 0 || bytes[3] != 0 || (bytes[0] != 2 && !first_group(bytes[0]))) return false;
  if (representation) return true;
  return bytes[0] != 2 && bytes[4] % 2 == 0 && bytes[4] <= 64 && bytes[5] == 0 && bytes[6] == 0 && bytes[7] == 0;
}

bool begins_html(std::string_view head) {
  if (head.starts_with("\xef\xbb\xbf")) head.remove_prefix(3);
  auto first = head.find_first_not_of(" \t\r\n");
  if (first == head.npos) return false;
  head.remove_prefix(first);
  for (auto tag : {"<!doctype html"sv, "<html"sv, "<head"sv, "<body"sv}) {
    if (head.size() < tag.size()) continue;
    if (std::equal(tag.begin(), tag.end(), head.begin(),
                   [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b); }))
      return true;
  }
  return false;
}

bool looks_like_text(Bytes head) {
  return std::ranges::none_of(head, [](std::uint8_t c) {
    return c == 0x7f || (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b);
  });
}

}  // namespace

Format sniff(Bytes bytes) {
  if (bytes.empty()) return Format::kEmpty;
  Bytes head = bytes.first(std::min(bytes.size(), kSniffBytes));

  if (starts_with(head, kPngSignature)) return png_is_animated(bytes) ? Format::kAnimatedPng : Format::kPng;
  if (starts_with(head, "\xff\xd8\xff")) return sniff_jpeg(bytes);

  struct Magic {
    std::string_view bytes;
    Format format;
  };
  static constexpr Magic kMagics[] = {
      {"\xff\x4f\xff\x51"sv, Format::kJpeg2000},
      {"\0\0\0\x0cjP  \r\n\x87\n"sv, Format::kJpeg2000},
      {"\xff\x0a"sv, Format::kJpegXl},
      {"\0\0\0\x0cJXL \r\n\x87\n"sv, Format::kJpegXl},
      {"GIF87a"sv, Format::kGif},
      {"GIF89a"sv, Format::kGif},
      {"II*\0"sv, Format::kTiff},
      {"MM\0*"sv, Format::kTiff},
      {"II+\0"sv, Format::kTiff},  // BigTIFF
      {"MM\0+"sv, Format::kTiff},
      {"PK\x03\x04"sv, Format::kZip},
      {"PK\x05\x06"sv, Format::kZip},
      {"\x1f\x8b"sv, Format::kGzip},
  };
  for (const auto& magic : kMagics)
    if (starts_with(head, magic.bytes)) return magic.format;

  if (starts_with(head, "RIFF") && starts_with(head, "WEBP", 8)) return Format::kWebP;
  if (starts_with(head, "ftyp", 4) && head.size() >= 12) return sniff_base_media(head);
  if (starts_with(head, "DICM", 128) || bare_dicom(head)) return Format::kDicom;
  // "BM" alone begins many words: the reserved words of a bitmap's header are zero.
  if (starts_with(head, "BM") && starts_with(head, "\0\0\0\0"sv, 6)) return Format::kBmp;
  if (as_text(head).find("%PDF-") != std::string_view::npos) return Format::kPdf;
  if (begins_html(as_text(head))) return Format::kHtml;
  if (looks_like_text(head)) return Format::kText;
  return Format::kUnknown;
}

const FormatInfo& format_info(Format format) {
  for (const auto& info : kFormats)
    if (info.format == format) return info;
  std::abort();
}

Error unreadable_format(Format format) {
  const auto& info = format_info(format);
  if (format == Format::kEmpty)
    return {ErrorCode::kEmptyFile, "The file is empty (0 bytes); a DICOM, PNG or JPEG picture was expected.",
            std::string(info.hint)};
  return {info.image ? ErrorCode::kUnsupportedFormat : ErrorCode::kNotAnImage,
          text("This is ", info.name, "; a DICOM, PNG or JPEG picture was expected."), std::string(info.hint)};
}

}  // namespace chestlight
