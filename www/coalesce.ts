// One thing at a time: what is wanted meanwhile waits, and of that the newest only.

/** Of everything wanted meanwhile, the last is done. */
export class Latest<Wish> {
  #wanted: { wish: Wish } | null = null;
  #isBusy = false;
  #work;
  #busy;

  /**
   * @param work never fails
   * @param busy told when it begins, and when nothing is left to do
   */
  constructor(work: (wish: Wish) => Promise<void>, busy: (isBusy: boolean) => void) {
    this.#work = work;
    this.#busy = busy;
  }

  get isBusy() {
    return this.#isBusy;
  }

  want(wish: Wish) {
    this.#wanted = { wish };
    if (!this.#isBusy) void this.#go();
  }

  /** What waits is not wanted any more. */
  forget() {
    this.#wanted = null;
  }

  async #go() {
    this.#isBusy = true;
    this.#busy(true);
    while (this.#wanted) {
      const { wish: next } = this.#wanted;
      this.#wanted = null;
      await this.#work(next);
    }
    this.#isBusy = false;
    this.#busy(false);
  }
}

/** Of everything put in meanwhile, the last under each key goes out, all in one batch. */
export class Outbox<Item> {
  #waiting = new Map<string, Item>();
  #isBusy = false;
  #send;
  #busy;

  /**
   * @param send never fails
   * @param busy told when it begins, and when nothing is left to send
   */
  constructor(send: (items: Item[]) => Promise<void>, busy: (isBusy: boolean) => void) {
    this.#send = send;
    this.#busy = busy;
  }

  put(key: string, item: Item) {
    this.#waiting.set(key, item);
    if (!this.#isBusy) void this.#go();
  }

  clear() {
    this.#waiting.clear();
  }

  async #go() {
    this.#isBusy = true;
    this.#busy(true);
    await Promise.resolve(); // what comes in one go, such as a reset of all, goes out in one go
    while (this.#waiting.size > 0) {
      const items = [...this.#waiting.values()];
      this.#waiting.clear();
      await this.#send(items);
    }
    this.#isBusy = false;
    this.#busy(false);
  }
}
