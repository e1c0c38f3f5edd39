# engine.mjs + engine.wasm: the core for the page's worker and for Node. No DOM, no GL, no file system.
add_executable(engine engine_main.cpp)
target_link_libraries(engine PRIVATE chestlight_engine chestlight_warnings)
set_target_properties(engine PROPERTIES SUFFIX .mjs)
target_compile_options(engine PRIVATE $<$<CONFIG:Release>:-O3>)
target_link_options(engine PRIVATE
  $<$<CONFIG:Release>:-O3>
  -sMODULARIZE=1 -sEXPORT_ES6=1        # a factory, imported by web/engine.js
  -sENVIRONMENT=web,worker,node        # a worker and Node; without "web" the module imports Node's own at the top, which no browser has
  -sEXPORTED_RUNTIME_METHODS=HEAPU8    # inputs are written and outputs are read through it
  -sALLOW_MEMORY_GROWTH=1 -sMAXIMUM_MEMORY=2GB  # a 64-megapixel film decodes to 0.5 GB; small films stay small
  -sSTACK_SIZE=1MB                     # stb_image's JPEG decoder keeps tables on the stack
  -sFILESYSTEM=0                       # bytes come through chestlight_input only
  -sDYNAMIC_EXECUTION=0                # no eval: the page's CSP forbids it
  -sEXIT_RUNTIME=0 --no-entry)
