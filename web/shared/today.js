/** @returns {string} the day where this runs, as ISO 8601 writes it: 2026-11-30 */
export function today(now = new Date()) {
  /** @param {number} number */
  const two = (number) => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
