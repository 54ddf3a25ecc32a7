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

/** All of what is at an address, of which some may not come. @param lost as of `fetched` */
export async function bytesOf(response: Response, lost: (why: string) => Error) {
  const buffer = await response.arrayBuffer().catch((error: unknown) => {
    throw lost(wordsOf(error));
  });
  return new Uint8Array(buffer);
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
