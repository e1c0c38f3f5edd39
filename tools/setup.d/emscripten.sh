# The WebAssembly compiler, as .toolchain/emscripten; sourced by tools/setup. Three ways, in this order:
#   existing  an emcc of 3.1.69 to 6.0.5, the versions known to build this, found through $EMSDK or PATH
#   debian    Debian 13's Emscripten 3.1.69, LLVM 19 and Binaryen, unpacked into the cache and made to run from there
#   emsdk     the Emscripten project's own kit, cloned from GitHub

EMSCRIPTEN_OLDEST=3.1.69
EMSCRIPTEN_NEWEST=6.0.5
EMSCRIPTEN_KIT=3.1.69
EMSCRIPTEN_CMAKE=cmake/Modules/Platform/Emscripten.cmake

emscripten_present() { [ -f "$TOOLCHAIN/emscripten/$EMSCRIPTEN_CMAKE" ] && [ -x "$TOOLCHAIN/emscripten/emcc" ]; }

emscripten_version() { "$1" --version 2>/dev/null | sed -n '1s/.*) \([0-9][0-9.]*\).*/\1/p'; }

# emscripten_suits VERSION: whether it is one of those that are known to work; a later one may be, but nobody has tried.
emscripten_suits() { [ -n "$1" ] && at_least "$1" $EMSCRIPTEN_OLDEST && at_least $EMSCRIPTEN_NEWEST "$1"; }

emscripten_existing() {
  local emcc version root
  for emcc in ${EMSDK:+"$EMSDK/upstream/emscripten/emcc"} "$(command -v emcc || true)"; do
    [ -x "$emcc" ] || continue
    version=$(emscripten_version "$emcc") || continue
    if ! emscripten_suits "$version"; then
      say "emcc ${version:-of unknown version} at $emcc is passed over: $EMSCRIPTEN_OLDEST to $EMSCRIPTEN_NEWEST are known to build this"
      continue
    fi
    for root in "$(dirname "$(readlink -f "$emcc")")" /usr/share/emscripten; do
      if [ -f "$root/$EMSCRIPTEN_CMAKE" ]; then emscripten_publish "$root"; return 0; fi
    done
  done
  return 1
}

emscripten_debian() {
  debian_possible || return 1
  [ "$(uname -sm)" = 'Linux x86_64' ] || { say "Debian's compiler packages are pinned for Linux on x86_64"; return 1; }
  local root id
  id=$({ debian_pins compiler; cat "$PARTS/emscripten.sh"; } | sha256sum | cut -c1-12)
  root=$CACHE/emscripten-3.1.69-$id
  if [ ! -e "$root/complete" ]; then
    say 'getting Emscripten 3.1.69 (about 325 MB to download, 1.3 GB unpacked)'
    debian_fetch compiler "$CACHE/debs" || return 1
    emscripten_unpack "$root" "$CACHE/debs" || return 1
  fi
  # Found by emcc without any environment variable. The package's prebuilt system libraries are complete: a cache that is
  # not frozen would be wiped by emcc's sanity check.
  cat >"$root/usr/share/emscripten/.emscripten" <<CONF
LLVM_ROOT = '$root/usr/lib/llvm-19/bin'
BINARYEN_ROOT = '$root/usr'
NODE_JS = '$(command -v node)'
LLVM_ADD_VERSION = ''
CLANG_ADD_VERSION = ''
FROZEN_CACHE = True
CONF
  emscripten_try "$root/usr/share/emscripten" || { rm -f "$root/complete"; die 'the unpacked Emscripten does not run'; }
  rm -rf "$CACHE/debs"
  emscripten_publish "$root/usr/share/emscripten"
}

# emscripten_unpack ROOT DEBS: unpacks the packages into ROOT and binds their programs to the libraries beside them, so that
# they run on an older system too.
emscripten_unpack() {
  local root=$1 debs=$2 work package file
  work=$root.work
  rm -rf "$root" "$work"; mkdir -p "$work/tree" "$work/patchelf" "$work/libraries"
  while read -r package _; do
    if [ "$package" = patchelf ]; then dpkg-deb -x "$debs/patchelf.deb" "$work/patchelf"; continue; fi
    dpkg-deb --fsys-tarfile "$debs/$package.deb" | tar -x -C "$work/tree" --no-same-owner \
      --exclude=./usr/share/emscripten/test --exclude=./usr/share/emscripten/docs --exclude=./usr/share/man \
      --exclude=./usr/share/emscripten/cache/sysroot/lib/wasm32-emscripten/pic \
      --exclude=./usr/share/emscripten/cache/sysroot/lib/wasm32-emscripten/lto-pic || return 1
  done < <(debian_pins compiler)
  mv "$work/tree" "$root"  # the final path is needed from here on: it goes into the programs' headers

  local libraries=$root/usr/lib/x86_64-linux-gnu
  cp -L "$libraries"/{ld-linux-x86-64.so.2,libc.so.6,libm.so.6,libgcc_s.so.1,libstdc++.so.6} "$work/libraries/"
  patch_elf() {
    "$work/libraries/ld-linux-x86-64.so.2" --inhibit-cache --library-path "$work/libraries" \
      "$work/patchelf/usr/bin/patchelf" "$@"
  }
  for file in "$libraries"/lib*.so*; do
    [ -L "$file" ] && continue
    case ${file##*/} in
      # The C library itself must stay as it is.
      libLLVM*|libclang*|libbinaryen*|libstdc++*|libgcc_s*|libedit*|libffi*|libz3*|libxml2*|libicu*|liblzma*|libzstd*|libz.*|\
      libtinfo*|libtic*|libbsd*|libmd.*) patch_elf --force-rpath --set-rpath "$libraries" "$file" || return 1 ;;
    esac
  done
  for file in "$root"/usr/bin/wasm* "$root"/usr/lib/llvm-19/bin/*; do
    [ -L "$file" ] && continue
    [ "$(head -c4 "$file" | tail -c3)" = ELF ] || continue
    patch_elf --set-interpreter "$libraries/ld-linux-x86-64.so.2" --force-rpath --set-rpath "$libraries" "$file" || return 1
  done
  mkdir -p "$root/usr/share/emscripten/node_modules"
  cp -r "$root/usr/share/nodejs/acorn" "$root/usr/share/emscripten/node_modules/"
  rm -rf "$work"
  : >"$root/complete"
}

emscripten_kit() {
  command -v git >/dev/null || { say 'no git to clone the emsdk with'; return 1; }
  local kit=$CACHE/emsdk-$EMSCRIPTEN_KIT
  if [ ! -e "$kit/complete" ]; then
    rm -rf "$kit"
    say "getting emsdk $EMSCRIPTEN_KIT"
    git clone -q --depth 1 --branch $EMSCRIPTEN_KIT https://github.com/emscripten-core/emsdk "$kit" || return 1
    "$kit/emsdk" install $EMSCRIPTEN_KIT >&2 && "$kit/emsdk" activate $EMSCRIPTEN_KIT >&2 || return 1
    : >"$kit/complete"
  fi
  emscripten_try "$kit/upstream/emscripten" || return 1
  emscripten_publish "$kit/upstream/emscripten"
}

emscripten_try() {
  local folder; folder=$(mktemp -d)
  printf '#include <cstdio>\nint main() { std::puts("ok"); }\n' >"$folder/a.cpp"
  local answer
  answer=$(env -u EM_CONFIG -u EM_CACHE "$1/em++" -O1 "$folder/a.cpp" -o "$folder/a.js" && node "$folder/a.js")
  rm -rf "$folder"
  [ "$answer" = ok ]
}

emscripten_publish() {
  publish "$1" emscripten
  say "Emscripten $(emscripten_version "$1/emcc"): $1"
}

emscripten_get() {
  case ${CHESTLIGHT_EMSCRIPTEN:-auto} in
    existing) emscripten_existing || die "no emcc of $EMSCRIPTEN_OLDEST or later" ;;
    debian) emscripten_debian || die 'no Emscripten from Debian' ;;
    emsdk) emscripten_kit || die 'no Emscripten from the emsdk' ;;
    auto) emscripten_existing || emscripten_debian || emscripten_kit ||
      die "no Emscripten. Install emsdk $EMSCRIPTEN_KIT (https://emscripten.org/docs/getting_started/downloads.html), set \$EMSDK, and run tools/setup again" ;;
    *) die "CHESTLIGHT_EMSCRIPTEN must be auto, existing, debian or emsdk" ;;
  esac
}
