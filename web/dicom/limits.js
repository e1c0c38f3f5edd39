// What a DICOM file may ask for, checked before anything of that size is allocated.

/** Bytes of a file; also of what a deflated data set expands to. */
export const kLargestDicom = 512 * 1024 * 1024;
export const kMostPixels = 64_000_000;
export const kLongestSide = 20_000;
export const kMostFrames = 2000;
