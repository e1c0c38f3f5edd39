// What people and files beside the weights say of a network (contract::ModelForm): read from text, and put into a manifest.
//
// Text may be a list of labels, a line each; JSON with labels; or the config.json that timm, and the preprocessor_config.json
// that Hugging Face, put beside weights: their labels, mean, deviation, side and crop are taken, all else is passed over.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"
#include "contract/model.h"

namespace chestlight {

/// Errors: kInvalidRequest where the text says nothing of a network, with what was expected.
Result<contract::ModelForm> read_model_form(std::string_view text);

/// `beside` where `form` says nothing.
contract::ModelForm completed(contract::ModelForm form, const contract::ModelForm& beside);

/// One label of a manifest, with the words that are known for it. Characters that no id may have become spaces.
Json manifest_label(const std::string& label);

/// The manifest with what the form says, as another version of the model; sentences about what was guessed go where it is said.
/// Errors: kInvalidRequest where labels or numbers do not fit the network; those of parse_manifest().
Result<std::vector<std::uint8_t>> revised_manifest(Bytes manifest, const contract::ModelForm& form);

/// Puts the form into `manifest`, whose network has `outputs` outputs and `channels` channels. Errors: kInvalidRequest.
Result<void> apply_form(Json& manifest, const contract::ModelForm& form, std::size_t outputs, int channels);

/// "imported, " and a part of the hash of all that the manifest says.
std::string imported_version(const Json& manifest);

/// What sentences in "limits" begin with, that a form may make void.
inline constexpr std::string_view kLabelsGuessed = "The labels are a guess", kLabelsNumbered = "The outputs are numbered",
                                  kInputAssumed = "The input is assumed";

}  // namespace chestlight
