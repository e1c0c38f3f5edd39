# The page: build/web/site, one folder of static files. Only the web presets make it; tools/site decides what is in it.
if(NOT EMSCRIPTEN)
  return()
endif()

find_program(NODE NAMES node nodejs REQUIRED)
find_program(PYTHON NAMES python3 REQUIRED)

set(site_fonts)
foreach(weight Regular Medium)
  string(TOLOWER ${weight} lower)
  set(font ${CMAKE_BINARY_DIR}/fonts/inter-${lower}.ttf)
  add_custom_command(OUTPUT ${font}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/fonts
    COMMAND ${CMAKE_COMMAND} -E env PYTHONPATH=${CHESTLIGHT_TOOLCHAIN}/fonttools PYTHONDONTWRITEBYTECODE=1
            ${PYTHON} ${CMAKE_SOURCE_DIR}/tools/fonts/subset_inter.py
            ${CHESTLIGHT_TOOLCHAIN}/fonts/Inter-${weight}.otf ${font}
    DEPENDS ${CMAKE_SOURCE_DIR}/tools/fonts/subset_inter.py
    COMMENT "Subsetting Inter ${weight}"
    VERBATIM)
  list(APPEND site_fonts ${font})
endforeach()

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
  DEPENDS ${site_fonts} ${site_needs}
  COMMENT "Assembling ${CMAKE_BINARY_DIR}/site"
  VERBATIM)
