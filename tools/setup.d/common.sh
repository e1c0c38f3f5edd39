# Small helpers of tools/setup; sourced by it, not run.

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# at_least FOUND WANTED: whether dotted version FOUND is WANTED or later.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]; }

# publish TARGET NAME: makes .toolchain/NAME a link to TARGET in one step, so that a running build never sees it missing.
publish() {
  local link=$TOOLCHAIN/$2
  [ "$(readlink "$link" 2>/dev/null)" = "$1" ] && return 0
  ln -sfn "$1" "$link.$$" && mv -fT "$link.$$" "$link"
}

# has_sha256 FILE SUM
has_sha256() { [ -f "$1" ] && [ "$(sha256sum "$1" | cut -d' ' -f1)" = "$2" ]; }

# download URI FILE [SUM]: fetches into FILE.part, continuing an interrupted transfer, and renames it only when it is whole
# (and has the SHA-256 given). Uses whichever of apt's own downloader, curl and wget is there.
download() {
  local uri=$1 file=$2 sum=${3:-} attempt
  if [ -n "$sum" ] && has_sha256 "$file" "$sum"; then return 0; fi
  for attempt in 1 2; do
    if fetch "$uri" "$file.part" "$sum" && { [ -z "$sum" ] || has_sha256 "$file.part" "$sum"; }; then
      mv -f "$file.part" "$file"
      return 0
    fi
    # A rest of another version, or a changed file: the second attempt starts from nothing.
    [ $attempt = 1 ] && rm -f "$file.part" "$file.part.FAILED"
  done
  return 1
}

fetch() {
  if [ -x /usr/lib/apt/apt-helper ]; then
    APT_CONFIG=${PRIVATE_APT:+$PRIVATE_APT/apt.conf} /usr/lib/apt/apt-helper -q=2 -o APT::Sandbox::User= \
      download-file "$1" "$2" ${3:+"SHA256:$3"} >&2
  elif command -v curl >/dev/null; then curl -fsSL --retry 3 -C - -o "$2" "$1"
  elif command -v wget >/dev/null; then wget -q -c -O "$2" "$1"
  else say 'neither apt, curl nor wget is here to download with'; return 1
  fi
}
