#version 300 es
// One film: grey through a window (linear, sigmoid or a table, as brightness() of src/imaging/window.h has it), with a
// finding's evidence laid over it.
//
// The grey is what film_sample.frag found for each device pixel; only pixels of the film are drawn. The map is interpolated
// between the centres of its cells with weights that are level there: it passes through every value the network computed
// and never beyond, as the legend says, and shows no star around a cell that plain bilinear weights would draw.
// Coordinates: pixel centres at half-integers in every space. Exported pictures are drawn by the same formulas on the
// processor (src/render/film_picture.cpp): a change here is one there.
//
// The page puts two definitions behind the first line and compiles what a drawing needs; a GPU that is a program, which
// walks through both sides of every branch, draws a plain film in two thirds of the time:
//   WINDOW_SHAPE   0 linear, 1 sigmoid, 2 table
//   WITH_MODEL     1 where the map, its contour or the outline of what the model saw is drawn
precision highp float;
precision highp int;
precision highp usampler2D;
precision highp sampler2DArray;

uniform usampler2D u_grey;             // R32UI: bits of a float, one texel per device pixel of the pane
uniform sampler2DArray u_maps;         // R32F, layers of one finding each, in the map's unit
uniform sampler2DArray u_contours;     // the same in cells coarse enough for a contour
uniform vec3 u_screen_to_source[2];    // rows of an affine map
uniform vec3 u_source_to_model[2];
uniform vec2 u_model_size;             // ModelPx
uniform vec2 u_window;                 // the value at the window's place 0, and places per value
uniform usampler2D u_table;            // R16UI, rows of 1024 entries
uniform vec2 u_table_ends;             // places of its first and last entry
uniform int u_table_entries;
uniform float u_inverted;              // 0 or 1
uniform int u_map;                     // layer; -1: none
uniform int u_signed;
uniform float u_opacity;
uniform float u_scale;                 // of the map's unit, at the top of the ramp
uniform float u_contour;               // of the map's unit; 0: none
uniform float u_outline;               // 0 or 1
uniform float u_model_zoom;            // device pixels per ModelPx
uniform float u_pixel_ratio;
uniform vec4 u_ramp[24];                // render/colour_map.h: evenly spaced, with their alpha
uniform vec3 u_against;
uniform vec3 u_for;

in vec2 v_screen;
in vec2 v_sample;                      // the middle of a texel
out vec4 colour;

float table_entry(int index) {
  return float(texelFetch(u_table, ivec2(index & 1023, index >> 10), 0).r) / 65535.0;
}

float brightness(float value) {
  float place = (value - u_window.x) * u_window.y;
#if WINDOW_SHAPE == 1
  return 1.0 / (1.0 + exp(-4.0 * clamp(place - 0.5, -20.0, 20.0)));
#elif WINDOW_SHAPE == 2
  float along = clamp((place - u_table_ends.x) / (u_table_ends.y - u_table_ends.x), 0.0, 1.0);
  float at = along * float(u_table_entries - 1);
  int low = min(int(at), u_table_entries - 1);
  return mix(table_entry(low), table_entry(min(low + 1, u_table_entries - 1)), at - float(low));
#else
  return clamp(place, 0.0, 1.0);
#endif
}

// A map there: its value, and how fast it rises per ModelPx to the right and downwards.
vec3 surface(sampler2DArray maps, vec2 model) {
  ivec2 size = textureSize(maps, 0).xy;
  vec2 at = model / u_model_size * vec2(size) - 0.5;
  ivec2 low = ivec2(floor(at));
  vec2 part = at - vec2(low);
  vec2 mix_by = part * part * (3.0 - 2.0 * part);
  ivec2 a = clamp(low, ivec2(0), size - 1), b = clamp(low + 1, ivec2(0), size - 1);
  float nw = texelFetch(maps, ivec3(a, u_map), 0).r, ne = texelFetch(maps, ivec3(b.x, a.y, u_map), 0).r;
  float sw = texelFetch(maps, ivec3(a.x, b.y, u_map), 0).r, se = texelFetch(maps, ivec3(b, u_map), 0).r;
  float upper = mix(nw, ne, mix_by.x), lower = mix(sw, se, mix_by.x);
  vec2 rise = 6.0 * part * (1.0 - part) * vec2(mix(ne - nw, se - sw, mix_by.y), lower - upper);
  return vec3(mix(upper, lower, mix_by.y), rise * vec2(size) / u_model_size);
}

// The same rise per device pixel, whichever way the film lies.
float slope(vec2 rise) {
  vec2 in_source = rise.x * u_source_to_model[0].xy + rise.y * u_source_to_model[1].xy;
  return length(in_source.x * u_screen_to_source[0].xy + in_source.y * u_screen_to_source[1].xy) / u_pixel_ratio;
}

vec4 ramp(float fraction) {
  float at = clamp(fraction, 0.0, 1.0) * float(u_ramp.length() - 1);
  int stop = min(int(at), u_ramp.length() - 2);
  return mix(u_ramp[stop], u_ramp[stop + 1], at - float(stop));
}

vec4 overlay(float value) {
  if (u_signed == 1) {
    float t = value / u_scale;
    return vec4(t < 0.0 ? u_against : u_for, ramp(abs(t)).a);
  }
  return ramp(value / u_scale);
}

void main() {
  uint grey = texture(u_grey, v_sample).r;
#if WITH_MODEL
  vec3 screen = vec3(v_screen, 1.0);
  vec2 source = vec2(dot(u_screen_to_source[0], screen), dot(u_screen_to_source[1], screen));
  vec3 place = vec3(source, 1.0);
  vec2 model = vec2(dot(u_source_to_model[0], place), dot(u_source_to_model[1], place));
#endif

  float shown = brightness(uintBitsToFloat(grey));
  vec3 picture = vec3(mix(shown, 1.0 - shown, u_inverted));

#if WITH_MODEL
  // Device pixels from the edge of the model's square: positive inside.
  vec2 inside = min(model, u_model_size - model) * u_model_zoom;
  float edge = min(inside.x, inside.y);
  if (u_outline > 0.0) picture *= edge < 0.0 ? 0.45 : 1.0;

  if (u_map >= 0 && edge >= 0.0) {
    vec4 over = overlay(surface(u_maps, model).x);
    picture = mix(picture, over.rgb, over.a * u_opacity);
    if (u_contour > 0.0) {
      vec3 height = surface(u_contours, model);
      float from_line = abs(height.x - u_contour) / max(slope(height.yz), 1e-9);
      float width = 0.75 * u_pixel_ratio;
      picture = mix(picture, vec3(0.0), 0.55 * (1.0 - smoothstep(width + 0.5, width + 2.5, from_line)));
      picture = mix(picture, vec3(1.0), 1.0 - smoothstep(width - 0.5, width + 0.5, from_line));
    }
  }
  if (u_outline > 0.0) {
    float line = 1.0 - smoothstep(0.5, 1.5, abs(edge) - 0.25 * u_pixel_ratio);
    picture = mix(picture, vec3(0.298, 0.761, 1.0), line);
  }
#endif
  colour = vec4(picture, 1.0);
}
