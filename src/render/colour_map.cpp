#include "render/colour_map.h"

#include <algorithm>
#include <cmath>

namespace chestlight {

namespace {

constexpr float kRed[] = {0.2991f, 0.8837f, 2.0023f, -3.8054f, 1.5653f};
constexpr float kGreen[] = {0.0431f, 0.5717f, -1.3118f, 3.3341f, -1.6720f};
constexpr float kBlue[] = {0.3906f, 0.7724f, -2.3333f, -1.4340f, 3.1621f};
constexpr Rgba kAgainst = {76, 155, 255, 0};
constexpr Rgba kInFavour = {255, 146, 43, 0};
constexpr float kFullAlpha = 255;

std::uint8_t to_byte(float value) { return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0f, 255.0f))); }

std::uint8_t polynomial(const float (&c)[5], float t) {
  return to_byte(255 * (c[0] + t * (c[1] + t * (c[2] + t * (c[3] + t * c[4])))));
}

// Level at both ends: weak evidence leaves the film clear, strong evidence has no edge of its own.
std::uint8_t alpha_of(float t) { return to_byte(kFullAlpha * t * t * (3 - 2 * t)); }

float clamped(float value, float low) { return std::isnan(value) ? 0.0f : std::clamp(value, low, 1.0f); }

}  // namespace

Rgba evidence_colour(float value) {
  const float t = clamped(value, 0);
  return {polynomial(kRed, t), polynomial(kGreen, t), polynomial(kBlue, t), alpha_of(t)};
}

Rgba signed_evidence_colour(float value) {
  const float t = clamped(value, -1);
  Rgba colour = t < 0 ? kAgainst : kInFavour;
  colour.a = alpha_of(std::abs(t));
  return colour;
}

namespace {

RampStop shares(Rgba colour) { return {colour.r / 255.0f, colour.g / 255.0f, colour.b / 255.0f, colour.a / 255.0f}; }

RampStop between(const std::array<RampStop, kRampStops>& ramp, float share) {
  const float at = std::clamp(share, 0.0f, 1.0f) * (kRampStops - 1);
  const int stop = std::min(static_cast<int>(at), kRampStops - 2);
  const RampStop &low = ramp[static_cast<std::size_t>(stop)], &high = ramp[static_cast<std::size_t>(stop) + 1];
  const float part = at - static_cast<float>(stop);
  auto mix = [part](float a, float b) { return a + part * (b - a); };
  return {mix(low.r, high.r), mix(low.g, high.g), mix(low.b, high.b), mix(low.a, high.a)};
}

}  // namespace

std::array<RampStop, kRampStops> evidence_ramp() {
  std::array<RampStop, kRampStops> ramp;
  for (int i = 0; i < kRampStops; ++i)
    ramp[static_cast<std::size_t>(i)] = shares(evidence_colour(static_cast<float>(i) / (kRampStops - 1)));
  return ramp;
}

RampStop colour_of_sign(bool against) { return shares(signed_evidence_colour(against ? -1.0f : 1.0f)); }

RampStop map_colour(const std::array<RampStop, kRampStops>& ramp, float share, bool is_signed) {
  if (!is_signed) return between(ramp, share);
  RampStop colour = colour_of_sign(share < 0);
  colour.a = between(ramp, std::abs(share)).a;
  return colour;
}

Rgba blend_over(Rgba below, Rgba colour, float opacity) {
  const float alpha = colour.a / 255.0f * std::clamp(opacity, 0.0f, 1.0f);
  auto mix = [&](std::uint8_t lower, std::uint8_t upper) { return to_byte(lower + alpha * (upper - lower)); };
  return {mix(below.r, colour.r), mix(below.g, colour.g), mix(below.b, colour.b), to_byte(below.a + alpha * (255 - below.a))};
}

}  // namespace chestlight
