// Sources, read in the repositories of their authors: torchxrayvision (models.py: file names, order of outputs, op_threshs,
// untrained outputs; Apache-2.0), CheXNet by arnoweng (model.py: labels, Resize(256) and TenCrop(224), of which the centre is
// taken here), reproduce-chexnet by jrzech (model.py: Scale(224), CenterCrop(224)), EVA-X by hustvl (classification/utils/
// datasets.py: mean, deviation, Resize(256) with bicubic filter, CenterCrop(224); grad_cam/get_cams.py: order of outputs; file
// names and licence: the model's page).
#include "model/known/known_models.h"

#include <algorithm>
#include <array>
#include <limits>

namespace chestlight {
namespace {

constexpr float kUntrained = std::numeric_limits<float>::quiet_NaN();

constexpr std::array<std::string_view, 18> kXrvLabels = {
    "Atelectasis", "Consolidation", "Infiltration", "Pneumothorax",       "Edema",        "Emphysema",
    "Fibrosis",    "Effusion",      "Pneumonia",    "Pleural_Thickening", "Cardiomegaly", "Nodule",
    "Mass",        "Hernia",        "Lung Lesion",  "Fracture",           "Lung Opacity", "Enlarged Cardiomediastinum"};

constexpr std::array<std::string_view, 14> kChestXray14 = {
    "Atelectasis", "Cardiomegaly", "Effusion",           "Infiltration",  "Mass",
    "Nodule",      "Pneumonia",    "Pneumothorax",       "Consolidation", "Edema",
    "Emphysema",   "Fibrosis",     "Pleural_Thickening", "Hernia"};

using XrvThresholds = std::array<float, 18>;

constexpr XrvThresholds kAll = {.07422872f,  .038290843f, .09814756f,  .0098118475f, .023601074f, .0022490358f,
                                .010060724f, .103246614f, .056810737f, .026791653f,  .050318155f, .023985857f,
                                .01939503f,  .042889766f, .053369623f, .035975814f,  .20204692f,  .05015312f};
constexpr XrvThresholds kNih = {.039117552f, .0034529066f, .11396341f,   .0057298196f, .00045666535f, .0018880932f,
                                .012037827f, .038744126f,  .0037213727f, .014730946f,  .016149804f,   .054241467f,
                                .037198864f, .0004403434f, kUntrained,   kUntrained,   kUntrained,    kUntrained};
constexpr XrvThresholds kPadChest = {.031012505f, .013347598f,  .081435576f, .001262615f, .002587246f, .0035944257f,
                                     .0023071f,   .055412333f,  .044385884f, .042766232f, .043258056f, .037629247f,
                                     .005658899f, .0091741895f, kUntrained,  .026507627f, kUntrained,  kUntrained};
constexpr XrvThresholds kCheXpert = {.1988969f,  .05710573f, kUntrained, .0531293f,  .1435217f,  kUntrained,
                                     kUntrained, .27212676f, .07749717f, kUntrained, .19712369f, kUntrained,
                                     kUntrained, kUntrained, .09932402f, .09273402f, .3270967f,  .10888247f};
constexpr XrvThresholds kRsna = {kUntrained, kUntrained, kUntrained, kUntrained, kUntrained, kUntrained,
                                 kUntrained, kUntrained, .13486601f, kUntrained, kUntrained, kUntrained,
                                 kUntrained, kUntrained, kUntrained, kUntrained, .13511065f, kUntrained};
constexpr XrvThresholds kMimicNb = {.08558747f, .011884617f, kUntrained,  .0040595434f, .010733786f, kUntrained,
                                    kUntrained, .118761964f, .022924708f, kUntrained,   .06358637f,  kUntrained,
                                    kUntrained, kUntrained,  .022143636f, .017476924f,  .1258702f,   .014020768f};
constexpr XrvThresholds kMimicCh = {.09121389f, .010573786f, kUntrained,  .005023008f, .003698257f, kUntrained,
                                    kUntrained, .08001232f,  .037242252f, kUntrained,  .05006329f,  kUntrained,
                                    kUntrained, kUntrained,  .019866971f, .03823637f,  .11303808f,  .0069147074f};

constexpr XrvThresholds kResNet512 = {.51570356f, .50444704f, .53787947f, .50723547f, .5025118f, .5035252f,
                                      .5038076f,  .51862943f, .5078151f,  .50724894f, .5056339f, .510706f,
                                      .5053923f,  .5020846f,  kUntrained, .5080557f,  .5138526f, kUntrained};

constexpr std::string_view kXrvLink = "https://github.com/mlmed/torchxrayvision/releases/tag/v1";

constexpr KnownModel xrv(std::string_view id, std::string_view name, std::string_view file_name,
                         const XrvThresholds& thresholds) {
  return {id,         name,       "DenseNet-121",          1,   18,           file_name,
          kXrvLabels, thresholds, Scaling::kSymmetric1024, 224, "Apache-2.0", kXrvLink};
}

constexpr KnownModel eva_x(std::string_view id, std::string_view name, std::string_view file_name) {
  return {id,           name, "DenseNet-121",       3,   14,    file_name,
          kChestXray14, {},   Scaling::kChestFilms, 224, "MIT", "https://huggingface.co/MapleF/eva_x",
          0.875};
}

constexpr KnownModel kKnown[] = {
    xrv("torchxrayvision-densenet121-all", "torchxrayvision DenseNet-121, all data sets", "nih-pc-chex-mimic_ch-google-openi-",
        kAll),
    xrv("torchxrayvision-densenet121-nih", "torchxrayvision DenseNet-121, NIH", "nih-densenet121-", kNih),
    xrv("torchxrayvision-densenet121-pc", "torchxrayvision DenseNet-121, PadChest", "pc-densenet121-", kPadChest),
    xrv("torchxrayvision-densenet121-chex", "torchxrayvision DenseNet-121, CheXpert", "chex-densenet121-", kCheXpert),
    xrv("torchxrayvision-densenet121-rsna", "torchxrayvision DenseNet-121, RSNA", "kaggle-densenet121-", kRsna),
    xrv("torchxrayvision-densenet121-mimic-nb", "torchxrayvision DenseNet-121, MIMIC by NegBio", "mimic_nb-densenet121-",
        kMimicNb),
    xrv("torchxrayvision-densenet121-mimic-ch", "torchxrayvision DenseNet-121, MIMIC by CheXpert", "mimic_ch-densenet121-",
        kMimicCh),
    {"torchxrayvision-resnet50-512", "torchxrayvision ResNet-50 at 512 pixels", "ResNet-50", 1, 18,
     "pc-nih-rsna-siim-vin-resnet50-", kXrvLabels, kResNet512, Scaling::kSymmetric1024, 512, "Apache-2.0", kXrvLink},
    {"chexnet-arnoweng",
     "CheXNet by arnoweng",
     "DenseNet-121",
     3,
     14,
     "model.pth",
     kChestXray14,
     {},
     Scaling::kImageNet,
     224,
     "none stated",
     "https://github.com/arnoweng/CheXNet",
     0.875},
    {"chexnet-jrzech",
     "CheXNet reproduced by jrzech",
     "DenseNet-121",
     3,
     14,
     "checkpoint",
     kChestXray14,
     {},
     Scaling::kImageNet,
     224,
     "BSD-3-Clause",
     "https://github.com/jrzech/reproduce-chexnet"},
    eva_x("eva-x-densenet121-mae", "DenseNet-121 of EVA-X, begun by a masked autoencoder", "densenet121_medical_mae_pt_cxr14_ft"),
    eva_x("eva-x-densenet121-mocov2", "DenseNet-121 of EVA-X, begun by MoCo v2", "densenet121_mocov2_pt_cxr14_ft"),
};

}  // namespace

std::span<const KnownModel> known_models() { return kKnown; }

const KnownModel* find_known_model(std::string_view architecture, int channels, int outputs, std::string_view file_name) {
  const auto found = std::find_if(std::begin(kKnown), std::end(kKnown), [&](const KnownModel& known) {
    return known.architecture == architecture && known.channels == channels && known.outputs == outputs &&
           file_name.starts_with(known.file_name);
  });
  return found == std::end(kKnown) ? nullptr : found;
}

const KnownModel* find_known_model(std::string_view id) {
  const auto found = std::find_if(std::begin(kKnown), std::end(kKnown), [&](const KnownModel& known) { return known.id == id; });
  return found == std::end(kKnown) ? nullptr : found;
}

std::span<const std::string_view> likely_labels(int outputs) {
  if (outputs == static_cast<int>(kChestXray14.size())) return kChestXray14;
  if (outputs == static_cast<int>(kXrvLabels.size())) return kXrvLabels;
  return {};
}

}  // namespace chestlight
