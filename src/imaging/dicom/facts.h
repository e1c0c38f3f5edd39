// What a DICOM file says of how its picture was taken. Technical facts only: no tag that could identify a patient, a
// visit or an institution is read with a film, so none can come into a result, a log or an export by itself.
// (web/dicom/identifiers.js reads them, for the reader's eyes, while a switch is on; they never reach the engine.)
#pragma once

#include <optional>
#include <string>

namespace chestlight {

/// Distance between the centres of neighbouring pixels, in mm, along a column (`row`) and along a row (`column`).
struct PixelSpacing {
  double row = 0;
  double column = 0;
  /// "patient": calibrated to the patient (Pixel Spacing); "detector": in the detector's plane (Imager Pixel Spacing),
  /// so that the chest, which lies before it, is measured 5–15 % too large.
  std::string kind;
};

/// film value = scale · grey + offset, where grey is the stored value, or what the modality LUT made of it.
struct FilmScale {
  double scale = 1;
  double offset = 0;
  bool after_lut = false;
  bool padded = false;  // the film's lowest value may also be padding

  double grey(double film_value) const { return (film_value - offset) / scale; }
};

/// Texts as the file has them, in upper case; empty where it says nothing.
struct DicomFacts {
  std::string transfer_syntax;      // UID
  std::string modality;             // "DX"
  std::string body_part;            // "CHEST"
  std::string view_position;        // "PA"
  std::string laterality;           // "L", "R", "B", "U"
  std::string orientation;          // Patient Orientation, "L\\F"
  std::string photometric;          // "MONOCHROME1"
  std::string presentation_intent;  // "FOR PRESENTATION"
  bool dual_energy = false;         // Image Type tells of dual energy: soft tissue or bone alone
  bool burned_in = false;           // the file says that there is text in the picture itself
  double lossy_ratio = 0;           // of lossy compressions, the largest stated; 0: none stated
  int frames = 1;
  int frame = 1;              // the one that this film is, counted from 1
  bool frame_chosen = false;  // of several: somebody said that this is the one to analyse
  std::optional<PixelSpacing> spacing;
  double slope = 1;  // modality value = slope · stored value + intercept, where there is no modality LUT
  double intercept = 0;
  std::string rescale_type;
  std::optional<FilmScale> film_scale;  // nothing for colour, whose film values are luminances
  bool inverted = false;                // larger stored values are darker; the film is brighter where the picture is brighter
};

}  // namespace chestlight
