// What went wrong, in words.

/** @param {unknown} error */
export const wordsOf = (error) => (error instanceof Error ? error.message : String(error));

/**
 * What is at an address.
 * @param {URL | string} address
 * @param {(why: string) => Error} lost what is thrown where it does not come
 */
export async function fetched(address, lost) {
  const response = await fetch(address).catch((error) => {
    throw lost(wordsOf(error));
  });
  if (!response.ok) throw lost(`HTTP ${response.status}`);
  return response;
}
