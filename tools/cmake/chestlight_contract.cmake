# chestlight_contract(<layer> HEADERS contract/film.h …)
#   Adds to the layer the JSON of those headers, made by tools/contract: "contract/film_json.h" declares it.
find_program(NODE NAMES node nodejs REQUIRED)
set(CHESTLIGHT_GENERATED ${CMAKE_BINARY_DIR}/generated)

function(chestlight_contract layer)
  cmake_parse_arguments(CONTRACT "" "" "HEADERS" ${ARGN})
  set(made)
  foreach(header ${CONTRACT_HEADERS})
    string(REGEX REPLACE "\\.h$" "_json" stem ${header})
    list(APPEND made ${CHESTLIGHT_GENERATED}/${stem}.h ${CHESTLIGHT_GENERATED}/${stem}.cpp)
  endforeach()
  list(TRANSFORM CONTRACT_HEADERS PREPEND ${CMAKE_SOURCE_DIR}/src/ OUTPUT_VARIABLE inputs)
  file(GLOB generator ${CMAKE_SOURCE_DIR}/tools/contract/*.mjs)
  add_custom_command(OUTPUT ${made}
    COMMAND ${NODE} ${CMAKE_SOURCE_DIR}/tools/contract/generate.mjs --out ${CHESTLIGHT_GENERATED} ${CONTRACT_HEADERS}
    DEPENDS ${inputs} ${generator}
    COMMENT "Making the JSON of ${layer}"
    VERBATIM)
  target_sources(chestlight_${layer} PRIVATE ${made})
  target_include_directories(chestlight_${layer} PUBLIC ${CHESTLIGHT_GENERATED})
  # Every layer that includes what is made waits for it.
  add_custom_target(${layer}_json DEPENDS ${made})
  add_dependencies(chestlight_${layer} ${layer}_json)
endfunction()
