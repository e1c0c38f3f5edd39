// Words for views and for parts of the body, as files have them: what each is taken for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOtherPart, viewOf } from '../../web/dicom/acquisition_words.js';

const kViews = {
  lateral: ['LL', 'RL', 'LLO', 'LAT', 'LATERAL', 'lateral', 'LEFT LATERAL', 'LAT_L', 'L-LAT', 'LLAT', 'RLAT', 'LEFTLAT', 'LATLEFT', 'RTLATERAL', 'LATERAL_LEFT',
    'LATERAL R-L', 'CHEST LAT', 'CHEST,LATERAL', 'LATERO-LATERALE', 'CROSS TABLE LATERAL', 'LATERALE', 'LATERAAL', 'PERFIL', 'PROFIL', 'Profil gauche',
    'de profil', 'SEITE', 'SEITLICH', 'Thorax seitlich', 'BOCZNE', 'Boční snímek', 'YAN', 'БОКОВАЯ', 'боковой', 'ПРОФИЛЬНАЯ', 'БІЧНА', 'ΠΛΆΓΙΑ', 'Πλάγια',
    '側面', '侧位', '胸部侧位片', '측면', 'جانبي', 'צדדי', 'NGHIÊNG', 'ＬＡＴ', 'PA LAT', 'LATERAL, LEFT LATERAL DECUBITUS'],
  frontal: ['PA', 'AP', 'pa', 'P.A.', 'A-P', 'AP_SUPINE', 'CHEST PA', 'postero-anterior', 'ANTEROPOSTERIOR', 'FRONTAL', 'FACE', 'ПРЯМАЯ', '正面', '后前位 正位',
    'AP LEFT LATERAL DECUBITUS', 'AP, décubitus latéral gauche', 'LT LAT DECUB AP', 'AP LEFT SIDE DOWN'],
  '': ['', 'LATIN', 'BILATERAL', 'UNILATERAL', 'COLLATERAL', 'LLD', 'RLD', 'LATERAL DECUBITUS', 'Left Lateral Decubitus', 'Decubitus left lateral',
    'CHEST PROFILE 1', 'APPLE', 'PATIENT', 'OBLIQUE', 'LAO', '5 MIN LATER', 'LATEX', 'THORAX', 'FLATTENED'],
};
for (const [view, all] of Object.entries(kViews)) {
  test(`views that are ${view || 'neither lateral nor frontal'}`, () => {
    for (const words of all) assert.equal(viewOf(words, { codes: true }), view, words);
  });
}

test('codes of two letters count in View Position alone', () => {
  assert.deepEqual([viewOf('LL'), viewOf('LL', { codes: true })], ['', 'lateral']);
});

/** Language or origin, and what is written. */
const kChest = {
  'of the standard': ['CHEST', 'LUNG', 'RIB', 'STERNUM', 'HEART', 'MEDIASTINUM', 'CHESTABDOMEN', 'NECKCHEST', 'CHEST ABDOMEN', 'THORACIC INLET', ''],
  'Romance languages': ['TORAX', 'TÓRAX', 'TORACE', 'POUMONS', 'PULMÓN', 'CÔTES', 'CAGE THORACIQUE', 'POITRINE', 'TORACE E ADDOME'],
  'Germanic languages': ['THORAX', 'BRUST', 'BRUSTKORB', 'LUNGE', 'RIPPEN', 'BORSTKAS', 'BRYSTKASSE', 'BRÖSTKORG', 'Röntgenthorax'],
  'Slavic languages': ['KLATKA PIERSIOWA', 'PLUCA', 'HRUDNIK', 'ГРУДНАЯ КЛЕТКА', 'Грудная клетка и брюшная полость', 'ОГК', 'Лёгкие', 'GRUDNI KOŠ'],
  others: ['TORAKS', 'GÖĞÜS', 'göğüs', 'RINTAKEHÄ', 'MELLKAS', 'ΘΩΡΑΚΑΣ', 'Θώρακας', 'ΠΝΕΥΜΟΝΕΣ', 'NGUC', 'NGỰC', '胸部', '肺', '흉부', 'صدر', 'חזה', 'CXR'],
  'what nobody knows': ['UNKNOWN', 'DR 1', 'ROUTINE', 'HANDLUNG', 'ARMADILLO', 'ZZZ'],
};
const kOther = {
  'of the standard': ['HAND', 'BREAST', 'ABDOMEN', 'PELVIS', 'SKULL', 'KNEE', 'SHOULDER', 'CLAVICLE', 'EXTREMITY', 'FOOT', 'NECK', 'LEFT HAND'],
  'the spine': ['TSPINE', 'LSPINE', 'CTSPINE', 'SPINE', 'THORACIC SPINE', 'THORACIC_SPINE', 'THORACOLUMBAR', 'Dorsal vertebrae', 'COLUMNA TORACICA', 'COLUNA TORÁCICA',
    'RACHIS THORACIQUE', 'RACHIDE TORACICO', 'BRUSTWIRBELSÄULE', 'BRUSTWIRBELS', 'BWS', 'BORSTWERVELS', 'BRÖSTRYGG', 'RINTARANKA', 'KRĘGOSŁUP PIERSIOWY', 'HRUDNÍ PÁTEŘ',
    'ГРУДНОЙ ПОЗВОНОК', 'ГРУДНОЙ ОТДЕЛ ПОЗВОНОЧНИКА', 'ΘΩΡΑΚΙΚΗ ΜΟΙΡΑ ΣΠΟΝΔΥΛΙΚΗΣ ΣΤΗΛΗΣ', '胸椎', '胸腰椎', '흉추', 'עמוד שדרה חזה'],
  'joints of the chest': ['STERNOCLAVICULAR', 'STERNOCLAVICULAR JOINT'],
  'in other languages': ['ABDOME', 'Becken', 'HÜFTE', 'ÉPAULE', 'RODILLA', 'KOLANO', 'КОЛЕННЫЙ СУСТАВ', 'череп', 'ΓΟΝΑΤΟ', '骨盤', '膝关节', '무릎', 'MAMMA', 'Brustdrüse', 'كتف'],
};
for (const [isOther, groups] of [[false, kChest], [true, kOther]]) {
  for (const [origin, all] of Object.entries(groups)) {
    test(`parts of the body that are ${isOther ? 'another one' : 'no other one'}: ${origin}`, () => {
      for (const words of all) assert.equal(isOtherPart(words), isOther, words);
    });
  }
}
