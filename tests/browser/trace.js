// What the browser's own profiler says of a piece of work: how busy each thread was, and for how long at once.

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{name: string, ph: string, ts: number, tts?: number, dur?: number, tdur?: number, pid: number, tid: number, args: any}} Event */
/**
 * In milliseconds: processor time of the page's thread and of its Workers, time gone by, and what of that the page needs:
 * this processor time, and when no thread had anything to do. The rest was taken by other programs in the midst of a task.
 * @typedef {{main: number, worker: number, wall: number, own: number}} Work
 */

/** A task that the browser's scheduler ran. */
const TASK = "RunTask";
/** A callback of requestAnimationFrame. */
const FRAME = "FireAnimationFrame";

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
    await browser.startTracing(page, {
      categories: ["devtools.timeline", "disabled-by-default-devtools.timeline", "blink.user_timing"],
    });
    /** @type {Buffer} */
    let recorded;
    try {
      await work();
    } finally {
      recorded = await browser.stopTracing(); // only then can another begin
    }
    return new Trace(JSON.parse(recorded.toString()).traceEvents);
  }

  /** Each `performance.mark(name)`, in order. @param {string} name */
  #marks(name) {
    const marks = this.#events.filter((event) => event.name === name && /^[RIin]$/.test(event.ph));
    return marks.sort((a, b) => a.ts - b.ts);
  }

  /** @param {RegExp} thread @param {string} [what] */
  #tasks(thread, what = TASK) {
    return this.#events.filter(
      ({ name, ph, pid, tid }) => name === what && ph === "X" && thread.test(this.#threads.get(`${pid} ${tid}`) ?? ""),
    );
  }

  /** The longest task of the page's thread, in milliseconds of processor time. */
  get longest() {
    const tasks = this.#tasks(/^CrRendererMain$/);
    if (tasks.length === 0) throw new Error("no task of the page's thread was recorded");
    return Math.max(...tasks.map(({ dur = 0, tdur = dur }) => tdur / 1000));
  }

  /** How many marks are in a callback of requestAnimationFrame. @param {string} name */
  inFrames(name) {
    const frames = this.#tasks(/^CrRendererMain$/, FRAME);
    return this.#marks(name).filter((mark) => frames.some(({ ts, dur = 0 }) => ts <= mark.ts && mark.ts <= ts + dur))
      .length;
  }

  /**
   * From each mark of the page called `from` to the next one called `to`.
   * @param {string} from
   * @param {string} to
   * @returns {Work[]}
   */
  spans(from, to) {
    const ends = this.#marks(to);
    const tasks = this.#tasks(/^CrRendererMain$/);
    const workers = this.#tasks(/DedicatedWorker/);
    return this.#marks(from).flatMap((start) => {
      const end = ends.find(({ ts }) => ts > start.ts);
      if (end === undefined) return [];
      if (start.tts === undefined || end.tts === undefined) throw new Error("a mark has no processor time");
      const during = (/** @type {Event[]} */ all) =>
        all.filter(({ ts, dur = 0 }) => ts + dur > start.ts && ts < end.ts);
      const main = (end.tts - start.tts) / 1000;
      const worker = during(workers).reduce((sum, { dur = 0, tdur = dur }) => sum + tdur / 1000, 0);
      const wall = (end.ts - start.ts) / 1000;
      let [idle, until] = [0, start.ts];
      for (const { ts, dur = 0 } of during([...tasks, ...workers]).sort((a, b) => a.ts - b.ts)) {
        idle += Math.max(0, ts - until) / 1000;
        until = Math.max(until, ts + dur);
      }
      return [{ main, worker, wall, own: idle + main + worker }];
    });
  }
}
