# A private apt root that sees Debian 13 only; sourced by tools/setup. Nothing of the system is read but its archive keyring
# and the address of its mirror, and nothing of it is changed. The index is checked by its signature, each package by hash.

PRIVATE_APT=
DEBIAN_SUITE=trixie

debian_mirror() {
  printf '%s' "${CHESTLIGHT_DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 2>/dev/null |
    grep -m1 '^http.*/debian/*$' || true)}"
}

debian_keyring() {
  local file
  for file in /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do
    if [ -r "$file" ]; then printf '%s' "$file"; return 0; fi
  done
  return 1
}

# Whether this route can be tried; says why not.
debian_possible() {
  if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
    say 'no apt here, so no packages from Debian'; return 1
  elif ! debian_keyring >/dev/null; then
    say "no Debian keyring. Run: sudo apt-get install debian-archive-keyring"; return 1
  elif [ -z "$(debian_mirror)" ]; then
    say 'apt is not configured with a Debian mirror; name one with CHESTLIGHT_DEBIAN_MIRROR=<URI>'; return 1
  fi
}

debian_open() {
  [ -n "$PRIVATE_APT" ] && return 0
  local apt mirror; mirror=$(debian_mirror)
  apt=$(mktemp -d); trap 'rm -rf "$PRIVATE_APT"' EXIT
  mkdir -p "$apt"/{lists/partial,archives/partial,sources,preferences}
  : >"$apt/status"
  printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nArchitectures: amd64\nSigned-By: %s\n' \
    "$mirror" $DEBIAN_SUITE "$(debian_keyring)" >"$apt/sources/debian.sources"
  cat >"$apt/apt.conf" <<CONF
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$apt/sources";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "$apt/preferences";
Dir::State "$apt"; Dir::State::lists "$apt/lists"; Dir::State::status "$apt/status";
Dir::Cache "$apt"; Dir::Cache::archives "$apt/archives"; Dir::Log "$apt";
APT::Sandbox::User ""; APT::Architecture "amd64"; APT::Architectures { "amd64"; };
APT::Update::Post-Invoke ""; APT::Update::Post-Invoke-Success ""; DPkg::Post-Invoke "";
Acquire::Languages "none"; Acquire::Retries "3";
CONF
  say "reading the index of Debian $DEBIAN_SUITE"
  PRIVATE_APT=$apt
  APT_CONFIG=$apt/apt.conf apt-get -q=2 update >&2 || { say 'the Debian mirror cannot be read'; return 1; }
}

debian_pins() { awk -v groups=" $1 " 'index(groups, " " $1 " ") { print $2, $3, $4 }' "$PARTS/debian.pins"; }

# debian_fetch GROUPS FOLDER: brings every package of the groups into FOLDER as <package>.deb. Those already there and right
# are kept, so an interrupted download goes on where it stopped.
debian_fetch() {
  local package version sum uri name size hash
  mkdir -p "$2"
  while read -r -u 3 package version sum; do
    if [ "$sum" != - ] && has_sha256 "$2/$package.deb" "$sum"; then continue; fi
    debian_open || return 1
    if [ "$version" = - ]; then version=
    elif ! APT_CONFIG=$PRIVATE_APT/apt.conf apt-cache madison "$package" | tr -d ' ' | cut -d'|' -f2 |
        grep -qxF "$version"; then
      [ "${CHESTLIGHT_STRICT:-0}" = 1 ] && { say "$package $version is gone from $DEBIAN_SUITE"; return 1; }
      say "note: $package $version is gone from $DEBIAN_SUITE; taking its successor, checked by the archive's signature"
      version= sum=-
    fi
    read -r uri name size hash < <(APT_CONFIG=$PRIVATE_APT/apt.conf \
      apt-get -q=2 download --print-uris "$package${version:+=$version}") || { say "no $package in the index"; return 1; }
    [ "$sum" = - ] && sum=${hash#SHA256:}
    [ "$hash" = "SHA256:$sum" ] || { say "$package: the index says $hash, pinned is SHA256:$sum"; return 1; }
    uri=${uri#\'}; uri=${uri%\'}
    [ "$size" -lt 4000000 ] || say "downloading $package ($((size / 1000000)) MB)"
    download "$uri" "$2/$package.deb" "$sum" || { say "downloading $package failed"; return 1; }
  done 3< <(debian_pins "$1")
}
