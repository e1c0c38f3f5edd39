# Every flag of every build, each with its reason. Nothing else in the project sets a compiler or linker flag,
# except the module-specific Emscripten link settings beside the two modules in src/platform/web.

add_library(chestlight_warnings INTERFACE)
target_compile_options(chestlight_warnings INTERFACE -Wall -Wextra -Wshadow -Wno-missing-field-initializers
  # GCC 12 believes that a std::variant in a vector may hold an uninitialised string; it never does.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
  # Files that are compiled as one are included, and GCC takes their anonymous namespaces for those of a header.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)

# Paths of the building machine stay out of the binaries: the same sources give the same bytes everywhere.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)

# The presets compile several files of a layer as one (CMAKE_UNITY_BUILD): the headers of a file cost more than its own lines,
# so that a first build takes half the time. Who works on one file sets it OFF: cmake --preset native -DCMAKE_UNITY_BUILD=OFF.

# Natively only tests run: line numbers are enough for a report, and little optimisation keeps the compiler quick. No NDEBUG:
# assertions hold, also those of the standard library (an empty optional that is read, an index past the end).
add_compile_definitions(_GLIBCXX_ASSERTIONS)
foreach(language C CXX)
  set(CMAKE_${language}_FLAGS_RELWITHDEBINFO "-O1 -g1")
endforeach()

option(CHESTLIGHT_SANITIZE "AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
if(CHESTLIGHT_SANITIZE)
  # Two checks of UndefinedBehaviorSanitizer see again what ends the run under AddressSanitizer, at a quarter of the build's time.
  add_compile_options(-fsanitize=address,undefined -fno-sanitize=null,object-size -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()

option(CHESTLIGHT_LIBFUZZER "link the fuzz targets with libFuzzer (clang) instead of the replay driver" OFF)
if(CHESTLIGHT_LIBFUZZER)
  # Every layer is instrumented, or libFuzzer sees only the few lines of the targets and mutates in the dark.
  # Clang 14 cannot assemble its check of function types beside that instrumentation.
  add_compile_options(-fsanitize=fuzzer-no-link -fno-sanitize=function)
endif()

# What tests themselves do is little, so their code is compiled quickly; but with optimisation, since a program takes functions of
# headers from its tests as well as from the layers: without any the tests of the engine took more than seven minutes instead of two.
set(CHESTLIGHT_TEST_OPTIMISATION -O1)

if(EMSCRIPTEN)
  # Native WebAssembly exceptions, on everything or nothing: bad_alloc and library exceptions must be catchable at the
  # engine's boundary, where they become an Error; none crosses into JavaScript.
  add_compile_options(-fwasm-exceptions)
  add_link_options(-fwasm-exceptions)
  # 128-bit SIMD: in every browser that has WebGPU, and what ONNX Runtime Web requires anyway.
  add_compile_options(-msimd128)
endif()
