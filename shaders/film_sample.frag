#version 300 es
// A film as it lies on a part of the screen, before its window: one value per device pixel. film.frag draws from it.
//
// Apart, because a reader changes the window far more often than the place: a window then costs one texel per pixel
// instead of eight, at full sharpness. A value is the bits of its float: every device can draw into a 32-bit integer
// texture, not every one into floats, and nothing is rounded, whatever the window makes of it.
//
// Grey is filtered by hand (integer textures cannot be): bilinear where the film is enlarged, trilinear over a
// chain of 2 × 2 means where it is reduced, so that ribs do not shimmer.
// Coordinates: pixel centres at half-integers in every space.
precision highp float;
precision highp int;
precision highp usampler2D;

uniform usampler2D u_film;             // R16UI, mip chain of means
uniform vec3 u_screen_to_source[2];    // rows of an affine map
uniform vec2 u_source_size;            // SourcePx
uniform float u_detail;                // level of the mip chain, 0 = full size
uniform float u_last_detail;

in vec2 v_screen;
out uint value;

float grey_at(vec2 source, int level) {
  ivec2 size = textureSize(u_film, level);
  vec2 at = source / u_source_size * vec2(size) - 0.5;
  ivec2 low = ivec2(floor(at));
  vec2 mix_by = at - vec2(low);
  ivec2 a = clamp(low, ivec2(0), size - 1), b = clamp(low + 1, ivec2(0), size - 1);
  float nw = float(texelFetch(u_film, a, level).r), ne = float(texelFetch(u_film, ivec2(b.x, a.y), level).r);
  float sw = float(texelFetch(u_film, ivec2(a.x, b.y), level).r), se = float(texelFetch(u_film, b, level).r);
  return mix(mix(nw, ne, mix_by.x), mix(sw, se, mix_by.x), mix_by.y);
}

float grey(vec2 source) {
  float level = clamp(u_detail, 0.0, u_last_detail);
  int finer = int(floor(level));
  float value = grey_at(source, finer);
  float between = level - float(finer);
  return between > 0.0 ? mix(value, grey_at(source, min(finer + 1, int(u_last_detail))), between) : value;
}

void main() {
  vec3 screen = vec3(v_screen, 1.0);
  vec2 source = vec2(dot(u_screen_to_source[0], screen), dot(u_screen_to_source[1], screen));
  value = floatBitsToUint(grey(source));
}
