// What words say of a view and of a part of the body. The tags for them hold codes by the standard (PS3.3 C.8.7.1, PS3.16
// CID 4010 and 4031), and in many files what people in a hospital read: in their language, in any case and mark, joined to
// other words. Compared without case and marks, so that Göğüs, GOGUS and ΘΏΡΑΚΑΣ are written once.
//
// An unknown word says nothing. Of a view that is told to the reader, since it may be lateral. Of a part of the body it is
// not: no list has the chest in all languages, and a warning on every good film of a country is one that nobody reads there.
// So it is the other parts that are listed, and the file's own word stands among the facts of the film in any case. Whether
// the picture is a chest, the network's own gate judges by the picture.

/** Letters that are not a letter and a mark in Unicode. @type {Record<string, string>} */
const kLetters = { Ł: 'L', Ø: 'O', Đ: 'D' };

/** Upper case without marks, of the width of Latin letters. @param {string} text */
const plain = (text) => text.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').normalize('NFC').toUpperCase()
  .replace(/[ŁØĐ]/g, (letter) => kLetters[letter]);

/**
 * Finds one of some words: WORD by itself, WORD- as the beginning of one, -WORD- anywhere.
 * @param {string} table
 */
function finder(table) {
  const alternatives = plain(table).trim().split(/\s+/).map((entry) => {
    const word = entry.replaceAll('-', '');
    return `${entry.startsWith('-') ? '' : String.raw`(?<!\p{L})`}${word}${entry.endsWith('-') ? '' : String.raw`(?!\p{L})`}`;
  });
  return new RegExp(alternatives.join('|'), 'u');
}

const kGap = String.raw`[ _\-/,.]+`;
const kSide = '(?:LEFT|RIGHT|L|R|LT|RT|LE|RI)';
/** Lying on the side is how the patient lies; the beam still runs from front to back. */
const kLyingOnTheSide = new RegExp([String.raw`DECUB\p{L}*${kGap}(?:\p{L}+${kGap})?LATERA\p{L}*`, String.raw`LAT\p{L}*${kGap}DECUB\p{L}*`,
  String.raw`LATERODECUB\p{L}*`, `${kSide}${kGap}SIDE${kGap}(?:UP|DOWN)`].join('|'), 'gu');

/** LAT, LATERAL, LATERALE and so on, with a side before or behind it; BILATERAL is none. */
const kLateral = new RegExp(String.raw`(?<!\p{L})${kSide}?LAT(?:ER[AO]\p{L}*|${kSide})?(?!\p{L})`, 'u');
const kLateralCodes = finder('LL RL LLO RLO');
/** Words for the side and the profile; PROFILE is that of a processing. */
const kLateralWords = finder(`
  PROFIL PROFILO PROFILN- PERFIL SIDE SEITE SEITLICH- SEITENBILD- SEITENANSICHT- SEITENAUFN- ZIJDELINGS- ZIJAANZICHT- LATERAAL
  SIDEBILLED- SIDEBILDE- SIDOBILD- SIDOPROJ- SIVUKUVA- SIVUPROJ- SIVUSUUN- KÜLJELT BOCZN- BOČN- STRANSK- STRANIČN- OLDALIRÁNY- OLDALSÓ-
  ŠONIN- SĀNISK- YAN YANDAN ANËSOR- NGHIÊNG SAMPING БОК БОКОВ- ЛАТЕР- ПРОФИЛ- БІЧН- СТРАНИЧ- ΠΛΑΓΙ- ΠΡΟΦΙΛ
  -側面- -側位- -侧面- -侧位- -측면- -측방- -جانب- -نیمرخ- -צדדי- -צידי- -פרופיל- -ด้านข้าง-`);
const kFrontalWords = finder(`
  PA AP POSTEROANT- POSTERIORANT- ANTEROPOST- ANTERIORPOST- FRONT- FACE FRENTE
  ПРЯМ- ФРОНТ- ПЕРЕДН- ЗАДНЕ- ΟΠΙΣΘΟΠΡΟΣΘΙ- ΠΡΟΣΘΟΠΙΣΘΙ- ΜΕΤΩΠΙ- -正面- -正位- -정면- -후전- -전후-`);

/**
 * "lateral", "frontal" or '': what is both is lateral, as the file says.
 * @param {string} text
 * @param {{codes?: boolean}} [options] codes: those of View Position count, too
 */
export function viewOf(text, { codes = false } = {}) {
  const words = plain(text).replace(kLyingOnTheSide, ' ')
    .replace(/(?<!\p{L})(P|A|POSTERO|POSTERIOR|ANTERO|ANTERIOR)[ ._\-/](?=A(?!\p{L})|P(?!\p{L})|ANT|POST)/gu, '$1');
  if ([kLateral, kLateralWords, ...(codes ? [kLateralCodes] : [])].some((found) => found.test(words))) return 'lateral';
  return kFrontalWords.test(words) ? 'frontal' : '';
}

// The spine and the joints of the chest are named after it: they outrank the chest, which outranks what lies beside it.
const kSpine = finder(`
  -SPINE- SPINA- -VERTEB- -COLUMNA- COLUMN COLUNA COLONNA COLONNE COLOANA RACHIS RACHID- RAQUIS -LUMB- -LOMB- CERVICOTHORA- CERVICOTORA-
  -WIRBEL- BWS HWS LWS -WERVEL- RYGRAD- RYGSØJL- -RYGG- -RANKA- -RANGAN- KRĘGOSŁUP- KRĘG- PÁTEŘ- OBRATL- CHRBTIC- -GERINC- KRALJEŽ- KIČM-
  HRBTENIC- LÜLISAM- STUBUR- MUGURKAUL- OMURGA- ПОЗВОН- ХРЕБЕТ- ХРЕБТ- ГРЪБНАЧ- КИЧМ- ГОП ШОП ПОП ΣΠΟΝΔΥΛ-
  -椎- -脊- -척추- -흉추- -요추- -경추- -عمود- -فقر- -ستون- -שדרה- -חוליות- -กระดูกสันหลัง- STERNOCLAV- -CLAVIC- CLAVÍCUL-`);
const kChest = finder(`
  -CHEST- CXR -THORA- -TORAX- -TORAC- -TORAK- LUNG- PULM- POUMON- POLMON- RIB RIBS RIPP- STERN- BRUST BRUSTK- BORSTKAS- BRYSTKAS- BRÖSTKORG-
  RINTAKEH- KEUHKO- POITRINE PECHO PEITO PETTO COST- CÔTE CÔTES PIERSIOW- PŁUC- HRUDN- MELLKAS- GRUDN- PRSN- GÖĞÜS- AKCİĞER-
  HEART CARDIAC MEDIASTIN- ГРУД- ЛЕГК- ЛЕГЕН- ОГК ГРЪД- ΘΩΡΑΚ- ΠΝΕΥΜΟΝ- NGỰC -胸- -肺- -肋- -흉- -폐- -صدر- -سینه- -חזה- -ทรวง- -ปอด-`);
const kOthers = finder(`
  ABDOM- ADDOM- BAUCH- BUIK- BRZUCH- BŘICH- ЖИВОТ- БРЮШН- ЧЕРЕВН- ΚΟΙΛΙΑ- -腹- -복부- -بطن- -בטן- BLADDER KIDNEY- URETER- STOMACH COLON LIVER
  PELV- BECKEN- BEKKEN- BASSIN BACINO PANEV- PÁNEV- MIEDNIC- LANTIO- ТАЗ ТАЗА ΛΕΚΑΝΗ- -骨盤- -骨盆- -골반- -حوض- -אגן- SACR- SAKR- COCCYX
  HIP HIPS HÜFT- HEUP- HANCHE- ANCA CADERA- QUADRIL BIODR- KYČEL- CSÍPŐ- KALÇA- ТАЗОБЕДР- ΙΣΧΙΟ- -股関節- -髋- -고관절-
  SKULL- CRANI- CRÂNE- KRANI- SCHÄDEL- SCHEDEL- CZASZK- LEBK- KOPONYA- ЧЕРЕП- ΚΡΑΝΙΟ- HEAD KOPF- TÊTE CABEZA CABEÇA BRAIN FACE FACIAL SINUS
  SINUSES NASAL- NOSE ORBIT- JAW MANDIB- MAXILL- TOOTH TEETH DENTAL- -頭- -头颅- -두개- -رأس- NECK HALS- CUELLO COLLO PESCOÇO ШЕЯ ШЕИ- -頸部- -颈部-
  SHOULDER- SCHULTER- SCHOUDER- SKULD- ÉPAULE- SPALLA HOMBRO- OMBRO- BARK BARKU RAMENO OMUZ- ПЛЕЧ- ΩΜΟΣ ΩΜΟΥ SCAPUL- AXILLA -肩- -어깨- -كتف- -כתף-
  ARM HUMER- OBERARM- UNTERARM- FOREARM- RADIUS ULNA ELBOW- ELLBOGEN- ELLENBOGEN- ELLEBOOG- COUDE- GOMITO- CODO COTOVELO ŁOKIE- ŁOKCI- LOKET- LOKTE-
  KÖNYÖK- DIRSEK- ЛОКТ- ΑΓΚΩΝ- -肘- -팔꿈치- WRIST- HANDGELENK- POIGNET- POLSO MUÑECA PUNHO NADGARST- ZÁPĚST- CSUKLÓ- ЗАПЯСТ- ЛУЧЕЗАПЯСТ- -手- -손목-
  HAND HANDS MAIN MAINS MANO MANOS MÃO DŁOŃ RĘKA RUKA РУКА РУКИ КИСТЬ КИСТИ ΧΕΙΡ- ΧΕΡΙ- 손 FINGER- DOIGT- DEDO DITO PALEC PALCE ПАЛЕЦ- ПАЛЬЦ- THUMB- -指-
  FEMUR- FEMOR- THIGH- OBERSCHENKEL- БЕДРО БЕДРЕНН- ΜΗΡΙΑΙ- -大腿- LEG LEGS BEIN BEINE JAMBE- GAMBA PIERNA- PERNA NOGA НОГА НОГИ ГОЛЕН- EXTREMIT-
  TIBI- FIBUL- UNTERSCHENKEL- CALF -下肢- -上肢- -下腿- -小腿- KNEE- KNIE- KNÆ KNÄ POLVI GENOU- GINOCCHI- RODILLA- JOELHO- KOLANO- KOLENO- TÉRD- DIZ
  КОЛЕН- КОЛІН- ΓΟΝΑΤ- PATELL- -膝- -무릎- -ركبة- -ברך- ANKLE- SPRUNGGEL- KNÖCHEL- ENKEL ANKEL NILKKA CHEVILLE- CAVIGLIA TOBILLO- TORNOZELO KOSTK- -踝- -발목-
  FOOT FEET FUSS FÜSSE VOET- JALKA JALKATERÄ PIED PIEDS PIEDE PIE PIES STOPA STOPY AYAK- СТОПА СТОПЫ ΠΟΔΙ -足- 발 CALCAN- HEEL TOE TOES ZEHE-
  BREAST- MAMM- MAMA SEIN SEINS SENO BRUSTDRÜSE- МОЛОЧН- ΜΑΣΤΟ- -乳- -유방- -ثدي- WHOLEBODY`);

/** @param {string} text of Body Part Examined @returns {boolean} it names a part of the body that is known, and none of it is the chest */
export function isOtherPart(text) {
  const words = plain(text);
  return kSpine.test(words) || (!kChest.test(words) && kOthers.test(words));
}
