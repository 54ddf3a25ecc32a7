// What went wrong, in words.

export const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Why a check throws; "" where it does not. */
export function whyNot(check: () => void): string {
  try {
    check();
    return "";
  } catch (error) {
    return wordsOf(error);
  }
}

/**
 * What is at an address.
 * @param lost makes what is thrown where it does not come
 */
export async function fetched(address: URL | string, lost: (why: string) => Error) {
  const response = await fetch(address).catch((error: unknown) => {
    throw lost(wordsOf(error));
  });
  if (!response.ok) throw lost(`HTTP ${response.status}`);
  return response;
}
