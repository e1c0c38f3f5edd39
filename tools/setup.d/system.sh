# Commands that must be on the machine; sourced by tools/setup.

# command:Debian package. Chromium is asked for by the browser tests only; $CHROME names one that is not on PATH.
SYSTEM_COMMANDS='cmake:cmake ninja:ninja-build node:nodejs npm:npm g++:g++ python3:python3 xz:xz-utils'
# What the stage `browsers` of tools/check needs besides, with --browsers only: two more engines, and a screen for them.
BROWSER_COMMANDS='firefox-esr:firefox-esr WebKitWebDriver:webkit2gtk-driver Xvfb:xvfb'

# lacking COMMAND:PACKAGE…: the packages of commands that are not here.
lacking() {
  local entry
  for entry in "$@"; do
    command -v "${entry%%:*}" >/dev/null || printf '%s ' "${entry#*:}"
  done
}

missing_packages() {
  # shellcheck disable=SC2086
  lacking $SYSTEM_COMMANDS
  # Debian's node trusts the system's certificates, and brings none.
  [ -e /etc/ssl/certs/ca-certificates.crt ] || [ ! -e /etc/debian_version ] || printf 'ca-certificates '
}

# Without these everything works but the tests in a browser.
missing_browsers() {
  if [ -z "${CHROME:-}" ]; then
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
      printf 'chromium '
  fi
  [ "$browsers" = 1 ] || return 0
  # shellcheck disable=SC2086
  lacking $BROWSER_COMMANDS
  # WebGL on the processor; a package without a command.
  compgen -G '/usr/lib/*/dri/*_dri.so' >/dev/null || [ ! -e /etc/debian_version ] || printf 'libgl1-mesa-dri '
}

system_packages() {
  local missing; missing="$(missing_packages)$(missing_browsers)"
  if [ -n "$missing" ]; then
    # Another program may be installing just now: it is waited for.
    local install="apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $missing" as_root=
    [ "$(id -u)" = 0 ] || as_root='sudo -n'
    if command -v apt-get >/dev/null && { [ -z "$as_root" ] || $as_root true 2>/dev/null; }; then
      say "installing $missing"
      # An old index fails on packages that have moved on: read it anew, once.
      DEBIAN_FRONTEND=noninteractive $as_root $install >&2 ||
        { $as_root apt-get -q=2 update && DEBIAN_FRONTEND=noninteractive $as_root $install >&2; } || true
    fi
  fi
  missing=$(missing_packages)
  [ -z "$missing" ] || die "missing programs. Run: sudo apt-get install --no-install-recommends ${missing% }"
  missing=$(missing_browsers)
  [ -z "$missing" ] ||
    say "note: no ${missing% }; everything but tests in a browser works. Run: sudo apt-get install --no-install-recommends ${missing% } (or set \$CHROME)"
  local found
  found=$(cmake --version | sed -n '1s/[^0-9]*//p')
  at_least "$found" 3.25 || die "cmake $found is too old, 3.25 or later is needed"
  found=$(node --version)
  at_least "${found#v}" 18.15 || die "node $found is too old, 18.15 or later is needed"
}
