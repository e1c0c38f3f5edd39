// The interface as a WebAssembly module: eight C functions. JavaScript fills memory that it asks for and frees
// it again.
#include <emscripten/emscripten.h>

#include <cstdlib>

#include "platform/web/ui_loop.h"
#include "viewer/text/snapshot.h"

namespace {
chestlight::platform::UiLoop loop;
}

extern "C" {

/// Whether there is a canvas to draw on.
EMSCRIPTEN_KEEPALIVE bool ui_start(const char* canvas) { return loop.start(canvas); }

EMSCRIPTEN_KEEPALIVE void ui_message(const char* json, int json_length, const std::uint8_t* blob, int blob_length) {
  loop.message({json, static_cast<std::size_t>(json_length)}, {blob, static_cast<std::size_t>(blob_length)});
}

/// Something changed that comes with no event: draw.
EMSCRIPTEN_KEEPALIVE void ui_wake() { loop.wake(); }

/// Something changed since the page was told last: what is read now would be ahead of what is drawn, and of other sections.
EMSCRIPTEN_KEEPALIVE bool ui_pending() { return loop.pending(); }
EMSCRIPTEN_KEEPALIVE int ui_sections() { return chestlight::viewer::kSections; }
/// Writes a section of the published state: its address, and its length at `length`.
EMSCRIPTEN_KEEPALIVE const char* ui_section(int index, int* length) {
  const std::string_view json = loop.section(index);
  *length = static_cast<int>(json.size());
  return json.data();
}

EMSCRIPTEN_KEEPALIVE void* ui_alloc(int size) { return std::malloc(static_cast<std::size_t>(size)); }
EMSCRIPTEN_KEEPALIVE void ui_free(void* memory) { std::free(memory); }

}  // extern "C"
