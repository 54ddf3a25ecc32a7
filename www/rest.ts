// What of a bundled model comes after what the page opens with.

import type { Packed } from "./channel/protocol.js";
import { bytesOf } from "./errors.js";
import { resource } from "./resources.js";

/** Some of a model did not come: that says nothing of what it has. */
export class Lost extends Error {}

/** What the run of a bundled model holds beside its opening snapshot: asked for once, and again where it did not come. */
export class Rest {
  readonly #file: string;
  readonly #of: string;
  #coming: Promise<Uint8Array> | undefined;

  constructor({ name, whole }: Packed) {
    this.#of = name;
    this.#file = whole;
  }

  /** All that the file holds. */
  bytes(): Promise<Uint8Array> {
    const lost = (why: string) =>
      new Lost(
        `The run of ${this.#of} could not be loaded (${why}): check the connection, and try again or reload the page`,
      );
    this.#coming ??= resource(this.#file, lost).then((response) => bytesOf(response, lost));
    this.#coming.catch(() => {
      this.#coming = undefined;
    });
    return this.#coming;
  }
}
