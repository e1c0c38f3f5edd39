// What every output says once. The engine's exports say the same (src/study/export.h).
export const NOTICE = 'For research and teaching. Not a medical device.';
