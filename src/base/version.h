// What this program is called and which version it is: the number stands in CMakeLists.txt, project(Chestlight VERSION …), and
// nowhere else. Every export carries it, so that a result can be traced to the program that made it.
#pragma once

#include <string>

namespace chestlight {

/// "0.1.0"
std::string app_version();

/// "Chestlight 0.1.0"
std::string app_name_and_version();

}  // namespace chestlight
