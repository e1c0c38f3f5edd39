// What is remembered between visits, in localStorage: how the page looks, never what was opened.

const kKey = 'chestlight.settings';

/** @returns {{default_model?: string}} as the screen wrote it; empty when nothing is stored, or storage is switched off */
export function loadSettings() {
  try {
    return JSON.parse(localStorage.getItem(kKey) ?? 'null') ?? {};
  } catch {
    return {};
  }
}

/** A full or forbidden storage is no reason to bother anyone: the page works without it. @param {object} settings */
export function saveSettings(settings) {
  try {
    localStorage.setItem(kKey, JSON.stringify(settings));
  } catch {
    // Private windows may forbid it.
  }
}
