# Third-party sources, as .toolchain/{stb,nlohmann,googletest,imgui,fonts,fonttools,licences}; sourced by tools/setup.

IMGUI_VERSION=1.92.2b
IMGUI_ARCHIVE=imgui_1.92.2b+ds.orig.tar.xz
IMGUI_ARCHIVE_SHA256=e7bd201d56b5ee90d24d5dac85e5c12f98bdb95410252a62d27b7f89e4566d48

SOURCES_FILES='stb/stb_image.h nlohmann/json.hpp googletest/CMakeLists.txt imgui/imgui.h imgui/backends/imgui_impl_opengl3.cpp
  fonts/Inter-Regular.otf fonts/Inter-Medium.otf fonttools/fontTools/subset/__init__.py licences/fonts-inter
  licences/libprotobuf32t64'

sources_present() {
  local file
  for file in $SOURCES_FILES; do [ -f "$TOOLCHAIN/$file" ] || return 1; done
}

sources_get() {
  local id root name
  if sources_present && ! debian_possible 2>/dev/null; then return 0; fi  # put there by hand
  id=$({ debian_pins 'sources licences'; cat "$PARTS/sources.sh" "$PARTS/imgui.sha256"; } | sha256sum | cut -c1-12)
  root=$CACHE/sources-$id
  if [ ! -e "$root/complete" ]; then
    rm -rf "$root"; mkdir -p "$root/licences"
    say "getting stb, nlohmann-json, GoogleTest, Inter and fontTools"
    debian_possible && debian_fetch 'sources licences' "$CACHE/debs-sources" && sources_unpack "$root" || sources_die
    say "getting Dear ImGui $IMGUI_VERSION"
    imgui_get "$root" || sources_die
    : >"$root/complete"
    rm -rf "$CACHE/debs-sources"
  fi
  for name in stb nlohmann googletest imgui fonts fonttools licences; do publish "$root/$name" $name; done
  sources_present || die "$root is not complete; remove it and run tools/setup again"
}

sources_unpack() {
  local root=$1 tree=$1/tree package
  mkdir -p "$tree"
  while read -r package _; do
    dpkg-deb -x "$CACHE/debs-sources/$package.deb" "$tree" || return 1
    cp "$tree/usr/share/doc/$package/copyright" "$root/licences/$package"
  done < <(debian_pins sources)
  while read -r package _; do
    dpkg-deb --fsys-tarfile "$CACHE/debs-sources/$package.deb" |
      tar -x -O "./usr/share/doc/$package/copyright" >"$root/licences/$package" || return 1
  done < <(debian_pins licences)
  mv "$tree/usr/include/stb" "$tree/usr/include/nlohmann" "$tree/usr/src/googletest" "$root/"
  mv "$tree/usr/share/fonts/opentype/inter" "$root/fonts"
  mkdir "$root/fonttools"
  mv "$tree/usr/lib/python3/dist-packages/fontTools" "$root/fonttools/"  # pure Python where its compiled parts do not fit
  rm -rf "$tree"
}

# Debian's pool first (the archive's hash is pinned), then the tag upstream; in both, every file we compile is checked.
imgui_get() {
  local root=$1 archive=$CACHE/$IMGUI_ARCHIVE mirror
  mirror=$(debian_mirror)
  if [ -n "$mirror" ] &&
      download "${mirror%/}/pool/main/i/imgui/$IMGUI_ARCHIVE" "$archive" $IMGUI_ARCHIVE_SHA256; then :
  else
    archive=$CACHE/imgui-$IMGUI_VERSION.tar.gz
    download "https://github.com/ocornut/imgui/archive/refs/tags/v$IMGUI_VERSION.tar.gz" "$archive" || return 1
  fi
  mkdir -p "$root/imgui"
  tar -x -C "$root/imgui" --no-same-owner --strip-components=1 -f "$archive" &&
    (cd "$root/imgui" && sha256sum -c --quiet "$PARTS/imgui.sha256" >&2) || { rm -f "$archive"; return 1; }
  rm -f "$archive"
}

sources_die() {
  cat >&2 <<'TEXT'
setup: error: third-party sources are missing. On a system without a Debian mirror put these folders (or links) into .toolchain:
  stb/stb_image.h              stb_image 2.30            https://github.com/nothings/stb
  nlohmann/json.hpp            nlohmann-json 3.11.3      https://github.com/nlohmann/json (include/nlohmann)
  googletest/CMakeLists.txt    GoogleTest 1.16.0         https://github.com/google/googletest
  imgui/imgui.h                Dear ImGui 1.92.2b        https://github.com/ocornut/imgui
  fonts/Inter-Regular.otf      Inter 4.1, and -Medium    https://github.com/rsms/inter
  fonttools/fontTools/         fontTools 4.57.0          https://github.com/fonttools/fonttools (Lib/fontTools)
  licences/<name>              their licences            libstb-dev googletest nlohmann-json3-dev fonts-inter
  licences/<name>              of parts of ONNX Runtime  libprotobuf32t64 libabsl-dev libeigen3-dev libflatbuffers-dev libmsgsl-dev
                                                         libonnx-dev libre2-11 libsafeint-dev
TEXT
  exit 1
}
