// Every tolerance of every test, each with its reason. Append; never loosen one to make a test pass.
#pragma once

namespace chestlight {

/// Sums of a few doubles of order 1.
inline constexpr double kDoubleRounding = 1e-12;

/// Affine maps of coordinates up to some 10,000 pixels, in doubles.
inline constexpr double kGeometryPx = 1e-9;

/// Flat 8×8 blocks through JPEG at quality 95: one grey level of quantisation, one of colour conversion.
inline constexpr double kJpegFlatArea = 2;

/// The same JPEG through stb_image and libjpeg: different integer inverse transforms, grey levels of 255.
inline constexpr int kJpegDecoders = 2;

/// Brightness 0..1 through a display curve: tables hold it in 16 bits (half a step is 7.6e-6), floats the rest.
inline constexpr double kDisplayBrightness = 1e-5;

/// Resampling in 32-bit floats against Pillow's (64-bit sums rounded to 32 bits), as a share of the value range.
inline constexpr double kPillowResample = 1e-5;

/// Network input (v − mean) / std_dev against Pillow and NumPy: kPillowResample divided by the smallest std_dev (0.2).
inline constexpr double kPillowInput = 5e-5;

/// The centre of mass of a bright soft-edged disc after resampling, in ModelPx: its edge is sampled at pixel centres.
inline constexpr double kDiscCentrePx = 0.05;

/// bias + mean of the map against the logit, both summed in 32-bit floats over some hundred terms of order 1.
inline constexpr double kEvidenceAddsUp = 1e-4;

/// Networks against PyTorch in float64, as largest difference over largest value. float32 PyTorch itself is up to
/// 9.3e-7 away (golden/graph/random_networks.json records it), ONNX Runtime 6.7e-7.
inline constexpr double kNetworkFloat32 = 3e-6;

/// The same for the float16 graph: weights and activations carry 11 bits; 9.8e-4 measured over 169 layers.
inline constexpr double kNetworkFloat16 = 4e-3;

/// Gradients against PyTorch's in float64, as largest difference over largest value. float32 PyTorch itself is up to
/// 7.1e-7 away, ONNX Runtime 1.9e-7. The rest allows for a ReLU that rounding takes to the other side of 0.
inline constexpr double kGradientFloat32 = 1e-5;

/// Gradients of order 1 in doubles against differences of sums over steps of 2e-4, with no kink between; a factor such as
/// 1/9 was rounded to float32 once.
inline constexpr double kFiniteDifference = 1e-7;

/// A graph interpreted in doubles: only the rounding of its constants to float32 remains (the
/// same graph in float32 in ONNX Runtime is 1.8e-7 away).
inline constexpr double kNetworkInterpreted = 1e-6;

/// A few products in doubles whose operands were rounded to float32 once.
inline constexpr double kFloat32Rounding = 3e-7;

/// A formula of a few float operations and one exp, of values of order 1.
inline constexpr double kFloatFormula = 1e-6;

/// Evidence maps against sums in doubles, per term: float accumulation of K products loses at most K·2^-24 of their sum.
inline constexpr double kFloatSumPerTerm = 6e-8;

/// The width of a contour in pixels, as the sum of what the pixels across it are covered: a soft edge of one pixel is sampled
/// at pixel centres, at most 0.19 off where the line runs between two of them.
inline constexpr double kLineWidth = 0.2;

/// Shares of evidence summed over 96 × 96 sample points of a map whose cells do not all end on sample borders.
inline constexpr double kLocationShare = 0.02;

/// Explanation maps of a float32 network against PyTorch in float64, as largest difference over largest value: a few sums
/// of what kNetworkInterpreted bounds, and of pixels that were rounded to float32.
inline constexpr double kExplainedMap = 3e-5;

/// The same for maps of differences of scores, which are a hundred times smaller than the scores.
inline constexpr double kExplainedDrop = 3e-4;

/// Figures of films and labels (areas, variances, shares, weights of a head) against other programs in doubles.
inline constexpr double kOtherProgram = 1e-6;

}  // namespace chestlight
