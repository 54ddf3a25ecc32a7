// A film of a run: by the clock, however many frames there are.

/** How long a film of a whole run takes, in milliseconds. */
export const WHOLE = 12_000;

export class FilmClock {
  #last;
  /** How far it is, in snapshots. */
  #at;
  #time;

  /**
   * From where someone took the run; from its start where no one did, or where it is at its end.
   * @param last snapshot
   * @param from the snapshot that is shown
   * @param now in milliseconds
   */
  constructor(last: number, from: number, isMoved: boolean, now: number) {
    this.#last = last;
    this.#at = isMoved && from < last ? from : 0;
    this.#time = now;
  }

  /** The snapshot to show. */
  get index() {
    return Math.floor(this.#at);
  }

  get isOver() {
    return this.index >= this.#last;
  }

  /** @param now in milliseconds; a frame's time can lie before the click that began the film */
  tick(now: number) {
    this.#at = Math.min(this.#last, this.#at + (Math.max(0, now - this.#time) * this.#last) / WHOLE);
    this.#time = now;
  }
}
