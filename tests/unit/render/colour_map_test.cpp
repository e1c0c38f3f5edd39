// Colours: even lightness, no confusion with other colour vision, and the stops that a shader mixes.
#include "render/colour_map.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace chestlight {
namespace {

using Linear = std::array<double, 3>;
struct Lab {
  double l, a, b;
};

Linear to_linear(Rgba colour) {
  auto channel = [](std::uint8_t byte) {  // IEC 61966-2-1
    double v = byte / 255.0;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  return {channel(colour.r), channel(colour.g), channel(colour.b)};
}

Lab to_lab(const Linear& rgb) {  // CIE 15, D65
  const double x = 0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2];
  const double y = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
  const double z = 0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2];
  auto f = [](double t) { return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116; };
  const double fx = f(x / 0.95047), fy = f(y), fz = f(z / 1.08883);
  return {116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)};
}

double difference(Lab p, Lab q) { return std::hypot(p.l - q.l, p.a - q.a, p.b - q.b); }

// Machado, Oliveira, Fernandes 2009, severity 1, in linear RGB.
constexpr double kProtanopia[3][3] = {
    {0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}};
constexpr double kDeuteranopia[3][3] = {
    {0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}};
constexpr double kTritanopia[3][3] = {
    {1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}};

Lab seen_by(Rgba colour, const double (&m)[3][3]) {
  const Linear rgb = to_linear(colour);
  Linear seen{};
  for (int i = 0; i < 3; ++i) seen[i] = std::max(0.0, m[i][0] * rgb[0] + m[i][1] * rgb[1] + m[i][2] * rgb[2]);
  return to_lab(seen);
}

TEST(ColourMap, LightnessRisesEvenly) {
  constexpr int kSteps = 32;
  const double first = to_lab(to_linear(evidence_colour(0))).l, last = to_lab(to_linear(evidence_colour(1))).l;
  EXPECT_GT(last - first, 60);
  double before = first;
  for (int i = 1; i <= kSteps; ++i) {
    const double lightness = to_lab(to_linear(evidence_colour(static_cast<float>(i) / kSteps))).l;
    const double step = (lightness - before) / ((last - first) / kSteps);
    EXPECT_GT(step, 0.4) << i;  // no flat stretch: every value has a lightness of its own
    EXPECT_LT(step, 1.8) << i;  // no edge
    before = lightness;
  }
}

TEST(ColourMap, AlphaRisesFromZero) {
  EXPECT_EQ(evidence_colour(0).a, 0);
  EXPECT_EQ(signed_evidence_colour(0).a, 0);
  int before = -1;
  for (int i = 0; i <= 20; ++i) {
    const float t = i / 20.0f;
    EXPECT_GT(evidence_colour(t).a, before);
    EXPECT_EQ(signed_evidence_colour(t).a, evidence_colour(t).a);
    EXPECT_EQ(signed_evidence_colour(-t).a, evidence_colour(t).a);
    before = evidence_colour(t).a;
  }
  EXPECT_EQ(before, 255);
}

TEST(ColourMap, OutsideItsRange) {
  EXPECT_EQ(evidence_colour(-3).a, 0);
  EXPECT_EQ(evidence_colour(7).a, evidence_colour(1).a);
  EXPECT_EQ(evidence_colour(std::numeric_limits<float>::quiet_NaN()).a, 0);
  EXPECT_EQ(signed_evidence_colour(-7).b, signed_evidence_colour(-1).b);
  EXPECT_EQ(signed_evidence_colour(std::numeric_limits<float>::quiet_NaN()).a, 0);
}

TEST(ColourMap, ForAndAgainstAreToldApartWithAnyColourVision) {
  // On film greys, at half strength and more. 20 ΔE*ab is several times a just noticeable difference.
  for (int grey : {40, 90, 128, 180}) {
    const auto value = static_cast<std::uint8_t>(grey);
    const Rgba film{value, value, value, 255};
    for (float t : {0.5f, 0.75f, 1.0f}) {
      const Rgba in_favour = blend_over(film, signed_evidence_colour(t), 0.6f);
      const Rgba against = blend_over(film, signed_evidence_colour(-t), 0.6f);
      EXPECT_GT(difference(to_lab(to_linear(in_favour)), to_lab(to_linear(against))), 20) << grey << " " << t;
      EXPECT_GT(difference(seen_by(in_favour, kProtanopia), seen_by(against, kProtanopia)), 20) << grey << " " << t;
      EXPECT_GT(difference(seen_by(in_favour, kDeuteranopia), seen_by(against, kDeuteranopia)), 20) << grey << " " << t;
      EXPECT_GT(difference(seen_by(in_favour, kTritanopia), seen_by(against, kTritanopia)), 20) << grey << " " << t;
    }
  }
}

TEST(ColourMap, Blend) {
  const Rgba black{0, 0, 0, 255}, orange{200, 100, 0, 255};
  EXPECT_EQ(blend_over(black, orange, 0).r, 0);
  EXPECT_EQ(blend_over(black, orange, 1).r, 200);
  EXPECT_EQ(blend_over(black, orange, 0.5f).g, 50);
  EXPECT_EQ(blend_over(black, orange, 0.5f).a, 255);
}

TEST(ColourMap, MixedBetweenItsStopsItIsItself) {
  for (int i = 0; i <= 1000; ++i) {
    const float at = static_cast<float>(i) / 1000 * (kRampStops - 1);
    const int stop = std::min(static_cast<int>(at), kRampStops - 2);
    const Rgba a = evidence_colour(static_cast<float>(stop) / (kRampStops - 1)),
               b = evidence_colour(static_cast<float>(stop + 1) / (kRampStops - 1));
    auto mixed = [&](std::uint8_t low, std::uint8_t high) { return low + (at - static_cast<float>(stop)) * (high - low); };
    const Rgba exact = evidence_colour(static_cast<float>(i) / 1000);
    EXPECT_NEAR(mixed(a.r, b.r), exact.r, kRampStopError) << i;
    EXPECT_NEAR(mixed(a.g, b.g), exact.g, kRampStopError) << i;
    EXPECT_NEAR(mixed(a.b, b.b), exact.b, kRampStopError) << i;
    EXPECT_NEAR(mixed(a.a, b.a), exact.a, kRampStopError) << i;
  }
}

}  // namespace
}  // namespace chestlight
