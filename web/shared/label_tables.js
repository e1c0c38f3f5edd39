// Which files are tables of labels, by their names: they are joined to the films and never opened as films.

/** Tables of one drop that are taken; what comes after them is set aside like other text. */
export const kMostTables = 20;

/** More bytes than the engine reads of a table (src/metrics/labels/table.h). */
export const kLargestTable = 256 * 1024 * 1024;

/** @param {string} name of a file that came with others */
export const isLabelTable = (name) => /\.(csv|tsv)$/i.test(name);

/** Of a file that was dropped or chosen by itself: a workbook too, because the engine says what to save it as. @param {string} name */
export const claimsLabelTable = (name) => /\.(csv|tsv|xlsx?|ods)$/i.test(name);
