# Commands that must be on the machine; sourced by tools/setup.

# command:Debian package. Chromium is asked for by the browser tests only; $CHROME names one that is not on PATH.
SYSTEM_COMMANDS='cmake:cmake ninja:ninja-build node:nodejs npm:npm g++:g++ python3:python3 xz:xz-utils'

missing_packages() {
  local entry
  for entry in $SYSTEM_COMMANDS; do
    command -v "${entry%%:*}" >/dev/null || printf '%s ' "${entry#*:}"
  done
  # Debian's node trusts the system's certificates, and brings none.
  [ -e /etc/ssl/certs/ca-certificates.crt ] || [ ! -e /etc/debian_version ] || printf 'ca-certificates '
  if [ -z "${CHROME:-}" ]; then
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
      printf 'chromium '
  fi
}

system_packages() {
  local missing; missing=$(missing_packages)
  if [ -n "$missing" ]; then
    local install="apt-get install -y --no-install-recommends $missing" as_root=
    [ "$(id -u)" = 0 ] || as_root='sudo -n'
    if command -v apt-get >/dev/null && { [ -z "$as_root" ] || $as_root true 2>/dev/null; }; then
      say "installing $missing"
      # An old index fails on packages that have moved on: read it anew, once.
      DEBIAN_FRONTEND=noninteractive $as_root $install >&2 ||
        { $as_root apt-get -q=2 update && DEBIAN_FRONTEND=noninteractive $as_root $install >&2; } || true
      missing=$(missing_packages)
    fi
  fi
  if [ "${missing// /}" = chromium ]; then
    say 'note: no Chromium; everything but the browser tests works. Run: sudo apt-get install chromium (or set $CHROME)'
  elif [ -n "$missing" ]; then
    die "missing programs. Run: sudo apt-get install --no-install-recommends ${missing% }"
  fi
  local found
  found=$(cmake --version | sed -n '1s/[^0-9]*//p')
  at_least "$found" 3.25 || die "cmake $found is too old, 3.25 or later is needed"
  found=$(node --version)
  at_least "${found#v}" 18.15 || die "node $found is too old, 18.15 or later is needed"
}
