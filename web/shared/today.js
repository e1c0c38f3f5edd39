// The clock of exports: dates as ISO 8601 writes them, in the time of the place where this runs. The engine has no clock.

/** @param {number} number */
const two = (number) => String(number).padStart(2, '0');

/** @returns {string} the day: 2026-11-30 */
export function today(now = new Date()) {
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** @returns {string} the second, with its distance from UTC: 2026-11-30T16:05:09+01:00 */
export function timestamp(now = new Date()) {
  const east = -now.getTimezoneOffset();
  const zone = `${east < 0 ? '-' : '+'}${two(Math.floor(Math.abs(east) / 60))}:${two(Math.abs(east) % 60)}`;
  return `${today(now)}T${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}${zone}`;
}
