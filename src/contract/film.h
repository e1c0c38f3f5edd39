// Facts of a film, as its file states them and as decoding found them: what crosses from the engine to the screen, to exports
// and to the command line. Not pixels: those are a buffer beside the message.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chestlight::contract {

/// How brightness rises with the place in a window: 0 at its lower end, centre − width/2, and 1 at its upper end.
enum class WindowShape {
  kLinear,   // brightness = place, clamped to 0..1
  kSigmoid,  // 1 / (1 + exp(−4 · (place − ½))), PS3.3 C.11.2.1.3.1: never quite black, never quite white
  kTable,    // a DisplayTable of the film
};

/// A display window in pixel values. width > 0.
struct Window {
  double centre{0};
  double width{1};
  WindowShape shape = WindowShape::kLinear;
  int table = -1;  // which one, if the shape is kTable

  bool operator==(const Window&) const = default;
};

/// A window that the file itself offers.
struct NamedWindow {
  std::string name{};
  Window window{};
};

/// The pixel values that become 0 and 1. white > black.
struct ValueRange {
  double black{0};
  double white{1};

  bool operator==(const ValueRange&) const = default;
};

/// A rectangle of whole pixels. Not empty, inside the picture.
struct PixelRect {
  int x{0};
  int y{0};
  int width{0};
  int height{0};

  bool operator==(const PixelRect&) const = default;
};

/// Distance between the centres of neighbouring pixels, in mm, along a column (`row`) and along a row (`column`).
struct PixelSpacing {
  double row{0};
  double column{0};
  std::string kind{};  // "patient": calibrated to the patient (Pixel Spacing); "detector": in the detector's plane (Imager Pixel
                       // Spacing), so that the chest, which lies before it, is measured 5–15 % too large
};

/// film value = scale · grey + offset, where grey is the stored value, or what the modality LUT made of it. scale is not 0.
struct FilmScale {
  double scale{1};
  double offset{0};
  bool after_lut = false;
  bool padded = false;  // the film's lowest value may also be padding

  double grey(double film_value) const { return (film_value - offset) / scale; }
};

/// What a DICOM file says of how its picture was taken. Technical facts only, as the file has them, in upper case: no tag that
/// could identify a patient, a visit or an institution is read with a film, so none comes into a result, a log or an export by
/// itself. (web/dicom/identifiers.js reads them, for the reader's eyes, while a switch is on; the engine hears of them for an
/// export alone that was asked to hold them, and of two numbers where a user has `cxr evaluate` join labels by them.) Empty: it
/// says nothing.
struct DicomFacts {
  std::string transfer_syntax = "";      // UID
  std::string modality = "";             // "DX"
  std::string body_part = "";            // "CHEST"
  std::string view_position = "";        // "PA"
  std::string view = "";                 // "lateral", "frontal" or nothing, by all that the file says of it
  bool other_part = false;               // the body part is known, and is not the chest
  std::string laterality = "";           // "L", "R", "B", "U"
  std::string orientation = "";          // Patient Orientation, "L\\F"
  std::string photometric = "";          // "MONOCHROME1"
  std::string presentation_intent = "";  // "FOR PRESENTATION"
  bool dual_energy = false;              // Image Type tells of dual energy: soft tissue or bone alone
  bool burned_in = false;                // the file says that there is text in the picture itself
  double lossy_ratio = 0;                // of lossy compressions, the largest stated; 0: none stated
  int frames = 1;
  int frame = 1;              // the one that this film is, counted from 1
  bool frame_chosen = false;  // of several: somebody said that this is the one to analyse
  std::optional<PixelSpacing> spacing;
  double aspect = 1;  // height of a stored pixel over its width; the film's own pixels are square
  double slope = 1;   // modality value = slope · stored value + intercept, where there is no modality LUT
  double intercept = 0;
  std::string rescale_type = "";
  std::optional<FilmScale> film_scale;  // nothing for colour, whose film values are luminances
  bool inverted = false;                // larger stored values are darker; the film is brighter where the picture is brighter
};

/// One open film.
struct FilmInfo {
  int film = 0;  // the engine's number of it; 0 where it is not decoded
  std::string name = "";
  int width{0};  // SourcePx
  int height{0};
  int full_scale{255};  // the value that means white in the file's own scale
  int low = 0;          // used range of pixel values
  int high = 255;
  Window window{};          // what the film should open with
  std::string format = "";  // "PNG", "JPEG", "DICOM (…)"
  int bits = 8;             // per channel in the file
  int channels = 1;         // in the file, before conversion to grey
  bool lossy = false;
  std::vector<std::string> notes = {};    // sentences a reader should see beside the film
  std::vector<NamedWindow> presets = {};  // windows that the file itself offers
  int study = 0;                          // equal for films of one patient and study, by their files; 0: the file does not say
  int patient = 0;                        // the same of a patient
  std::optional<double> taken;            // minutes after midnight of the day of the first dated film of the visit, so that no
                                          // date can be read from it; may be below 0; nothing: the file states no date
  std::optional<DicomFacts> dicom;        // of DICOM files only
  bool has_drawing = false;               // the file lays one over the picture (overlay planes)
};

/// A display curve given point by point, such as a VOI LUT: its values lie evenly from place `first` to place `last` of its
/// window, with straight lines between and level beyond them. first < last; at least two values.
struct DisplayTable {
  double first{0};
  double last{1};
  std::vector<std::uint16_t> values = {};  // @buffer brightness, 65535 is white
};

/// The same as a message tells it, whose `entries` values follow the film's pixels in the buffer.
struct DisplayCurve {
  double first{0};
  double last{1};
  int entries{2};
};

struct PictureSize {
  int width{0};
  int height{0};
};

/// Who a film is about, as its file states. Shown only while the reader's switch is on.
struct Identifier {
  std::string label{};
  std::string value{};
};

}  // namespace chestlight::contract
