# ui.mjs + ui.wasm: the page's interface on the main thread. WebGL2, no threads, no file system, no exceptions across.
add_executable(ui ui_main.cpp ui_input.cpp ui_loop.cpp ui_film_painter.cpp ui_renderer.cpp)
target_include_directories(ui SYSTEM PRIVATE ${CHESTLIGHT_TOOLCHAIN}/imgui)
target_link_libraries(ui PRIVATE chestlight_ui chestlight_viewer chestlight_warnings)
set_target_properties(ui PROPERTIES SUFFIX .mjs)
target_link_options(ui PRIVATE
  $<$<CONFIG:Release>:-O3>
  -sMODULARIZE=1 -sEXPORT_ES6=1        # a factory, imported by web/ui.js
  -sENVIRONMENT=web                    # the page's main thread
  -sMIN_WEBGL_VERSION=2 -sMAX_WEBGL_VERSION=2
  -sEXPORTED_RUNTIME_METHODS=HEAPU8    # messages and sections cross through it
  -sALLOW_MEMORY_GROWTH=1              # one film's pixels at a time
  -sSTACK_SIZE=256KB
  -sFILESYSTEM=0
  -sDYNAMIC_EXECUTION=0                # no eval: the page's CSP forbids it
  -sEXIT_RUNTIME=0 --no-entry)
