// What the browser's own profiler says of a piece of work: how busy each thread was, and for how long at once.

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{name: string, ph: string, ts: number, dur?: number, tdur?: number, pid: number, tid: number, args: any}} Event */
/** @typedef {{main: number, worker: number, wall: number}} Work in milliseconds: processor time of the page's thread and of its Workers, and time gone by */

/** A task that the browser's scheduler ran. */
const TASK = "RunTask";

export class Trace {
  #events;
  /** Thread names by process and thread. @type {Map<string, string>} */
  #threads = new Map();

  /** @param {Event[]} events */
  constructor(events) {
    this.#events = events;
    for (const { name, pid, tid, args } of events) {
      if (name === "thread_name") this.#threads.set(`${pid} ${tid}`, args.name);
    }
  }

  /**
   * Records while `work` runs on the page.
   * @param {Page} page
   * @param {() => Promise<unknown>} work
   */
  static async of(page, work) {
    const browser = page.context().browser();
    if (!browser) throw new Error("the page has no browser");
    await browser.startTracing(page, { categories: ["devtools.timeline", "disabled-by-default-devtools.timeline", "blink.user_timing"] });
    await work();
    const recorded = await browser.stopTracing();
    return new Trace(JSON.parse(recorded.toString()).traceEvents);
  }

  /** Times of `performance.mark(name)`, in microseconds. @param {string} name */
  #marks(name) {
    const marks = this.#events.filter((event) => event.name === name && /^[RIin]$/.test(event.ph));
    return marks.map(({ ts }) => ts).sort((a, b) => a - b);
  }

  /** @param {RegExp} thread */
  #tasks(thread) {
    return this.#events.filter(
      ({ name, ph, pid, tid }) =>
        name === TASK && ph === "X" && thread.test(this.#threads.get(`${pid} ${tid}`) ?? ""),
    );
  }

  /** The longest task of the page's thread, in milliseconds of processor time. */
  get longest() {
    return Math.max(0, ...this.#tasks(/^CrRendererMain$/).map(({ dur = 0, tdur = dur }) => tdur / 1000));
  }

  /**
   * From each mark called `from` to the next one called `to`.
   * @param {string} from
   * @param {string} to
   * @returns {Work[]}
   */
  spans(from, to) {
    const ends = this.#marks(to);
    const main = this.#tasks(/^CrRendererMain$/);
    const workers = this.#tasks(/DedicatedWorker/);
    return this.#marks(from).flatMap((start) => {
      const end = ends.find((ts) => ts > start);
      if (end === undefined) return [];
      /** @param {Event[]} tasks */
      const busy = (tasks) =>
        tasks
          .filter(({ ts, dur = 0 }) => ts + dur > start && ts < end)
          .reduce((sum, { dur = 0, tdur = dur }) => sum + tdur / 1000, 0);
      return [{ main: busy(main), worker: busy(workers), wall: (end - start) / 1000 }];
    });
  }
}
