// Which of the files that came in are site profiles (src/contract/site_profile.h): JSON that says so. What is in one, the engine reads.

/** More bytes than the engine reads of one (src/findings/site_profile.cpp). */
const kLargestProfile = 1024 * 1024;
const kKind = '"chestlight-site-profile"';

/** @param {string} name @returns {boolean} it may be one */
export const claimsProfile = (name) => /\.json$/i.test(name);

/** The text of a file, where it is a profile; else null. @param {Blob} file @returns {Promise<string|null>} */
export async function profileIn(file) {
  if (file.size > kLargestProfile) return null;
  try {
    const text = await file.text();
    return text.includes(kKind) ? text : null;
  } catch {
    return null;
  }
}
