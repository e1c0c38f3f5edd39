# The page's typeface, in <build>/fonts: for the page itself, for captions of exported pictures, and for their tests.
find_program(PYTHON NAMES python3 REQUIRED)

set(font_files)
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
  list(APPEND font_files ${font})
endforeach()
add_custom_target(fonts DEPENDS ${font_files})
