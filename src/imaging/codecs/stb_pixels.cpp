#include "imaging/codecs/stb_pixels.h"

#include <climits>
#include <cstring>
#include <string_view>

#include "base/text.h"

namespace {

// stb_image inflates into a buffer that it doubles without end and offers no other place to bound it. Set for the
// time of one decode; per thread, as stb_image's own failure reason is.
thread_local std::size_t largest_allocation_now = 0;

void* bounded_malloc(std::size_t size) { return size <= largest_allocation_now ? std::calloc(1, size) : nullptr; }
void* bounded_realloc(void* block, std::size_t old_size, std::size_t size) {
  void* grown = size <= largest_allocation_now ? std::realloc(block, size) : nullptr;
  if (grown && size > old_size) std::memset(static_cast<char*>(grown) + old_size, 0, size - old_size);
  return grown;
}

}  // namespace

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_MAX_DIMENSIONS 20000
#define STBI_MALLOC(size) bounded_malloc(size)
#define STBI_REALLOC_SIZED(block, old_size, size) bounded_realloc(block, old_size, size)
#define STBI_FREE(block) std::free(block)
// The same behaviour in every build; memory errors are the sanitizers' to find.
#define STBI_ASSERT(condition) ((void)0)
#include <stb/stb_image.h>

namespace chestlight {
namespace {

static_assert(kStbMaxSide == STBI_MAX_DIMENSIONS);

Error decode_error(std::string_view format, std::string_view reason) {
  constexpr auto export_again = "Copy or export the file again from where it came.";
  if (reason == "outofmem")
    return {ErrorCode::kTooLarge,
            text("The ", format, " needs more memory to decode than its stated size allows, or than there is."),
            "Export the film again with fewer pixels, or close other films first."};
  if (reason == "too large")
    return {ErrorCode::kTooLarge, text("The ", format, " is too large to decode."), "Export the film again with fewer pixels."};
  if (reason == "not enough pixels" || reason == "outofdata")
    return {ErrorCode::kTruncated, text("The ", format, " is truncated: it holds fewer pixels than its header states."),
            export_again};
  if (reason == "no header height")
    return {ErrorCode::kUnsupportedFormat, text("The ", format, " does not state its height in its header."),
            "Open it in an image viewer and save it as PNG."};
  return {ErrorCode::kCorrupt, text("The ", format, " is damaged: its pixel data cannot be decoded (", reason, ")."),
          export_again};
}

}  // namespace

Result<StbPixels> stb_decode(Bytes bytes, std::string_view format, bool sixteen_bits, std::size_t largest_allocation) {
  if (bytes.size() > INT_MAX)
    return Error{ErrorCode::kTooLarge, text("The ", format, " is larger than 2 GB."), "Export the film again."};
  largest_allocation_now = largest_allocation;
  StbPixels pixels;
  const int size = static_cast<int>(bytes.size()), as_stored = 0;
  void* samples = sixteen_bits ? static_cast<void*>(stbi_load_16_from_memory(bytes.data(), size, &pixels.width, &pixels.height,
                                                                             &pixels.channels, as_stored))
                               : static_cast<void*>(stbi_load_from_memory(bytes.data(), size, &pixels.width, &pixels.height,
                                                                          &pixels.channels, as_stored));
  if (!samples) {
    const char* reason = stbi_failure_reason();
    return decode_error(format, reason ? reason : "no reason given");
  }
  pixels.data.reset(samples);
  return pixels;
}

std::optional<std::size_t> stb_inflate(Bytes zlib, std::span<std::uint8_t> out) {
  if (zlib.size() > INT_MAX || out.size() > INT_MAX) return std::nullopt;
  const int filled = stbi_zlib_decode_buffer(reinterpret_cast<char*>(out.data()), static_cast<int>(out.size()),
                                             reinterpret_cast<const char*>(zlib.data()), static_cast<int>(zlib.size()));
  return filled < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(filled));
}

}  // namespace chestlight
