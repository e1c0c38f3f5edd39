// Naming files that people bring as weights and that are none which can be read, each with what to do. By first bytes alone.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

namespace chestlight {

/// What `file`, of no container that is read here, is.
Error foreign_file(Bytes file);

}  // namespace chestlight
