// What a DICOM file says of how its picture was taken, held against what the networks here were trained on: frontal
// chest radiographs, ready for reading. Tags are often missing and sometimes wrong: what is missing warns at most.
//
// Words for views and parts of the body are told apart where their letters are read, in web/dicom/acquisition_words.js.
//
//   other-modality   refuse  a modality other than CR, DX, RG, RF, OT, SC, DR, XR
//   lateral          refuse  by what the file says of its view (DicomFacts::view), or by rows that run to the patient's front
//                            or back
//   for-processing   refuse  raw detector data (Presentation Intent Type FOR PROCESSING): not yet a picture
//   dual-energy      refuse  a picture of soft tissue or bone alone, by its Image Type
//   frame-not-chosen refuse  one of several frames, and nobody said that it is the one to analyse
//   unusual-modality warn    RG, RF, OT, SC, or none stated; DR and XR, which are not of the standard
//   other-body-part  warn    a body part examined that is known to be another one than the chest
//   one-frame        warn    one of several frames, chosen
//   burned-in        warn    text in the picture itself (Burned In Annotation)
//   lossy            warn    compressed more than 20 : 1 with loss
//   turned           warn    a patient orientation whose columns do not run to the feet
//   mirrored         warn    rows that run to the patient's right: the film is stored as seen from behind
//   unknown-view     warn    neither PA nor AP stated by a file that names its modality
#pragma once

#include <vector>

#include "contract/film.h"
#include "findings/gate.h"

namespace chestlight {

/// In the order above, refusals first.
std::vector<Reason> check_acquisition(const DicomFacts& facts);

}  // namespace chestlight
