// Plain text for people: aligned columns, and names from outside made harmless for a terminal.

/** Control characters would let a file's name move the cursor or colour the screen. @param {string} text */
export function printable(text) {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => (
    `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`));
}

/**
 * @param {string[][]} rows the first one is the head; a row may be shorter than the head: its last cell then runs on
 * @param {boolean[]} [right] columns aligned to the right
 */
export function alignTable(rows, right = []) {
  const columns = rows[0].length;
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => (
    column < columns - 1 && row.length === columns ? row[column].length : 0))));
  widths[0] = Math.max(...rows.map((row) => row[0].length));
  /** @param {string[]} row */
  const line = (row) => row.map((cell, column) => {
    if (column === row.length - 1 && !right[column]) return cell;
    return right[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column]);
  }).join('  ').trimEnd();
  return rows.map((row) => `${line(row)}\n`).join('');
}
