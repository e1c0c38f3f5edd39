// SHA-256 (FIPS 180-4), for checking that model files are the ones their manifest names.
// In C++ rather than WebCrypto, because crypto.subtle is missing on plain-http pages of a local network.
#pragma once

#include <string>

#include "base/bytes.h"

namespace chestlight {

/// 64 lower-case hexadecimal digits.
std::string sha256_hex(Bytes bytes);

}  // namespace chestlight
