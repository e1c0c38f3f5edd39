# The page: build/web/site, one folder of static files. Only the web presets make it; tools/site decides what is in it.
if(NOT EMSCRIPTEN)
  return()
endif()

find_program(NODE NAMES node nodejs REQUIRED)

# The modules of src/platform/web.
set(site_modules)
set(site_needs)
foreach(module engine ui)
  if(TARGET ${module})
    list(APPEND site_modules --module $<TARGET_FILE:${module}>)
    list(APPEND site_needs ${module})
  endif()
endforeach()

# Always run: it looks for what changed by itself, in a fraction of a second.
add_custom_target(site ALL
  COMMAND ${NODE} ${CMAKE_SOURCE_DIR}/tools/site/assemble.mjs
          --out ${CMAKE_BINARY_DIR}/site --fonts ${CMAKE_BINARY_DIR}/fonts ${site_modules}
  DEPENDS fonts ${site_needs}
  COMMENT "Assembling ${CMAKE_BINARY_DIR}/site"
  VERBATIM)
