# chestlight_layer(<folder> SOURCES a.cpp … [USES base imaging …] [PUBLIC target …] [PRIVATE target …])
#   One static library per folder of src/. USES names the layers it may include; PUBLIC and PRIVATE name third-party
#   targets. Includes are written from src/: "imaging/film.h".
function(chestlight_layer folder)
  cmake_parse_arguments(LAYER "" "" "SOURCES;USES;PUBLIC;PRIVATE" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  add_library(chestlight_${name} STATIC ${LAYER_SOURCES})
  list(TRANSFORM LAYER_USES PREPEND chestlight_)
  target_include_directories(chestlight_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(chestlight_${name}
    PUBLIC ${LAYER_USES} ${LAYER_PUBLIC}
    PRIVATE chestlight_warnings ${LAYER_PRIVATE})
endfunction()

# chestlight_test(<name> SOURCES a_test.cpp … [USES imaging …] [SEPARATE])
#   One GoogleTest executable; the same sources run natively, under sanitizers, and as WebAssembly in Node. To ctest it is one
#   test: a process for each of its tests would cost ten times what they do. Its own report is left in <build>/reports.
#   SEPARATE: its files give their tables and helpers the same short names, so that each is compiled by itself.
function(chestlight_test name)
  cmake_parse_arguments(TEST "SEPARATE" "" "SOURCES;USES" ${ARGN})
  list(TRANSFORM TEST_USES PREPEND chestlight_)
  add_executable(test_${name} ${TEST_SOURCES})
  target_include_directories(test_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(test_${name} PRIVATE
    CHESTLIGHT_FIXTURES="${CMAKE_SOURCE_DIR}/tests/fixtures"
    CHESTLIGHT_GOLDEN="${CMAKE_SOURCE_DIR}/tests/golden"
    CHESTLIGHT_MODELS="${CMAKE_SOURCE_DIR}/models"
    CHESTLIGHT_CAPTION_FONT="${CMAKE_BINARY_DIR}/fonts/inter-regular.ttf")
  target_compile_options(test_${name} PRIVATE ${CHESTLIGHT_TEST_OPTIMISATION})
  add_dependencies(test_${name} fonts)
  target_link_libraries(test_${name} PRIVATE ${TEST_USES} chestlight_warnings GTest::gtest_main)
  if(TEST_SEPARATE)
    set_target_properties(test_${name} PROPERTIES UNITY_BUILD OFF)
  endif()
  chestlight_node_program(test_${name})
  add_test(NAME ${name} COMMAND test_${name} --gtest_brief=1 --gtest_output=xml:${CMAKE_BINARY_DIR}/reports/${name}.xml)
  set_tests_properties(${name} PROPERTIES TIMEOUT 600)
endfunction()

# chestlight_node_program(<target>): where the build is WebAssembly, the target is a program for Node that sees its files.
function(chestlight_node_program target)
  if(EMSCRIPTEN)
    target_link_options(${target} PRIVATE
      -O1  # linking at -O3 optimises the whole program again, for minutes
      -sENVIRONMENT=node -sNODERAWFS=1 -sEXIT_RUNTIME=1 -sALLOW_MEMORY_GROWTH=1 -sSTACK_SIZE=1MB)
  endif()
endfunction()
