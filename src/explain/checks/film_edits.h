// Changed copies of the network's input, for methods and checks that ask "and what if the film were otherwise".
// Films here are as the network takes them: channels × height × width of a Question, normalised values.
#pragma once

#include <vector>

#include "base/grid.h"
#include "explain/procedure.h"
#include "explain/question.h"

namespace chestlight {

/// Appends a film to a batch.
void append(std::vector<float>& batch, const std::vector<float>& film);

/// The film moved by (dx, dy) ModelPx; its border rows and columns are repeated where nothing is left.
std::vector<float> shifted(const Question& question, int dx, int dy);

/// mean + contrast · (value − mean) per channel, over the part of the input that the film covers.
std::vector<float> with_contrast(const Question& question, float contrast);

/// Each channel replaced by its mean over the part that the film covers.
std::vector<float> mean_film(const Question& question);

/// The film blurred until nothing smaller than a quarter of its width is left: three passes of a box of an eighth of
/// the width, which is close to a Gaussian (P. Kovesi 2010). What lies under a letterbox's border is blurred along.
std::vector<float> blurred_film(const Question& question);

/// `film` where `mask` is 0, `fill` where it is 1, mixed between. `mask` is width × height of the input and the same for
/// all channels.
std::vector<float> mixed(const std::vector<float>& film, const std::vector<float>& fill, GridView<const float> mask);

}  // namespace chestlight
