#include "base/version.h"

namespace chestlight {

std::string app_version() { return CHESTLIGHT_VERSION; }

std::string app_name_and_version() { return "Chestlight " + app_version(); }

}  // namespace chestlight
