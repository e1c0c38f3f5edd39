// Pictures of maps for export: the film as a reader looks at it, the map over it as it is on screen (render/map_drawing.h),
// and the caption below. One way for the maps of an analysis and for those of explanations, so that the evidence is the same
// picture whichever of the two it comes from.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/analysis.h"
#include "engine/explanation.h"
#include "engine/model.h"
#include "render/film_picture.h"
#include "render/typeface.h"
#include "study/report.h"

namespace chestlight {

/// What is asked of a picture. The date is the caller's: there is no clock here.
struct PictureOrder {
  PictureLook look;
  std::string file, date;  // for the caption; either may be empty
  std::shared_ptr<const Typeface> typeface;
};

struct MapPicture {
  int width = 0, height = 0;
  double full_scale = 0;  // of the map's unit, at full strength of the colours
  std::vector<std::uint8_t> png;
};

/// `finding` indexes the manifest's labels; the analysis must have findings.
MapPicture evidence_picture(const Model& model, const Analysis& analysis, std::size_t finding, const Film& film,
                            const PictureOrder& order);

/// Both for reports: at most kReportSide pixels a side, without a caption. The explanation must have a map.
inline constexpr int kReportSide = 1100;
std::vector<std::uint8_t> film_png(const Film& film, const PictureLook& look);
struct ReportMap {
  ReportPicture picture;
  ReportLegend legend;
};
ReportMap report_map(const Model& model, const Explanation& explanation, const Film& film, PictureLook look);

/// The explanation must have a map.
MapPicture explanation_picture(const Model& model, const Explanation& explanation, const Film& film, const PictureOrder& order);

}  // namespace chestlight
