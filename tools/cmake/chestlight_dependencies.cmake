# Third-party code comes from .toolchain, where tools/setup puts it (pinned and checked); none is committed.
set(CHESTLIGHT_TOOLCHAIN ${CMAKE_SOURCE_DIR}/.toolchain CACHE PATH "where tools/setup puts third-party sources")

foreach(needed stb/stb_image.h nlohmann/json.hpp googletest/CMakeLists.txt imgui/imgui.h)
  if(NOT EXISTS ${CHESTLIGHT_TOOLCHAIN}/${needed})
    message(FATAL_ERROR "${CHESTLIGHT_TOOLCHAIN}/${needed} is missing. Run tools/setup first.")
  endif()
endforeach()

# Headers of others are SYSTEM: our warnings are not for them.
add_library(nlohmann_json INTERFACE)
target_include_directories(nlohmann_json SYSTEM INTERFACE ${CHESTLIGHT_TOOLCHAIN})

add_library(stb INTERFACE)
target_include_directories(stb SYSTEM INTERFACE ${CHESTLIGHT_TOOLCHAIN})

add_library(imgui STATIC
  ${CHESTLIGHT_TOOLCHAIN}/imgui/imgui.cpp
  ${CHESTLIGHT_TOOLCHAIN}/imgui/imgui_draw.cpp
  ${CHESTLIGHT_TOOLCHAIN}/imgui/imgui_tables.cpp
  ${CHESTLIGHT_TOOLCHAIN}/imgui/imgui_widgets.cpp)
target_include_directories(imgui SYSTEM PUBLIC ${CHESTLIGHT_TOOLCHAIN}/imgui)
set_target_properties(imgui PROPERTIES EXCLUDE_FROM_ALL ON)
if(CHESTLIGHT_SANITIZE)
  target_compile_options(imgui PRIVATE -fno-sanitize=undefined)  # what we hand it is checked for its bounds; its arithmetic is its own
endif()

if(BUILD_TESTING OR NOT DEFINED BUILD_TESTING)
  set(gtest_disable_pthreads ${EMSCRIPTEN} CACHE BOOL "" FORCE)
  set(INSTALL_GTEST OFF CACHE BOOL "" FORCE)
  add_subdirectory(${CHESTLIGHT_TOOLCHAIN}/googletest ${CMAKE_BINARY_DIR}/googletest EXCLUDE_FROM_ALL)
  if(CHESTLIGHT_SANITIZE)
    target_compile_options(gtest PRIVATE -fno-sanitize=all)
  endif()
endif()
