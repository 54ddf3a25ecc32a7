// The library at work, away from the page: opens files, analyses, edits, verifies.

import init, { Session } from "./adderscope.js";
import type { Intervention, Looking } from "./explain.js";
import { early, type Before } from "./channel/early.js";
import type { Drawn, LibraryCalls, Opened, Source, Standing } from "./channel/protocol.js";
import { serve, type Handlers } from "./channel/server.js";
import { bytesOf, wordsOf } from "./errors.js";
import type { Edit, NamedBytes } from "./library-types.js";
import { onDemand } from "./part.js";
import { resource } from "./resources.js";
import { Lost, Rest } from "./rest.js";
import { nearest } from "./steps.js";

/** What reads and writes files: a bundled model is shown without it. */
const formats = onDemand("formats", () => import("./formats.js"));

/** What looks into one addition. */
const explain = onDemand("explain", () => import("./explain.js"));

/** A part, or in words why it does not come. */
const loaded = <Part>(part: Promise<Part>) =>
  part.catch((error: unknown) => {
    throw new Error(`${wordsOf(error)}. Check the connection and try again`, { cause: error });
  });

/** What files hold that came together. */
async function inputOf(group: readonly Source[]): Promise<Uint8Array> {
  const [first] = group;
  if (first && "input" in first) return first.input;
  const { read_files } = await loaded(formats());
  return read_files(group as NamedBytes[]);
}

async function fileOf(source: Source): Promise<NamedBytes> {
  if ("bytes" in source) return source;
  const lost = (why: string) =>
    new Error(`${source.name} could not be loaded (${why}). Check the connection and try again`);
  return { name: source.name, bytes: await bytesOf(await resource(source.file, lost), lost) };
}

/** Files that came together, and what they hold. */
interface Read {
  readonly group: readonly Source[];
  readonly input: Uint8Array;
}

const keyOf = ({ name, index }: Edit) => `${name} ${index}`;

/** The model that is open, and where it stands. */
class Open {
  readonly session: Session;
  /** What it was read from. */
  sources: readonly Source[] = [];
  /** What that holds. */
  input: Uint8Array = new Uint8Array();
  /** What of it has not come yet; null: all of it is here. */
  #rest: Rest | null = null;
  /** Counts the models that were opened. */
  id = 0;
  #steps: readonly { step: number }[] = [];
  /** The snapshot that its run opens with, and the one that is shown; null without a run. */
  #opensAt: number | null = null;
  #snapshot: number | null = null;
  #scales: Standing["scales"] = "snapshot";
  /** Whether the page was told how far the numbers of the run go. */
  #toldExtremes = false;
  /** The file's own numbers, from when one is first asked for. */
  #originals: Map<string, number> | null = null;

  /** @param before what is open, with which this begins */
  constructor(before?: Open) {
    this.session = before ? before.session.fork() : new Session();
    if (!before) return;
    ({ sources: this.sources, input: this.input, id: this.id } = before);
    this.#rest = before.#rest;
    this.#steps = before.#steps;
    this.#opensAt = before.#opensAt;
    this.#snapshot = before.#snapshot;
    this.#scales = before.#scales;
  }

  /** Takes what was read, and makes all that the page asks for: where any of it fails, this is of no use. */
  async take(read: readonly Read[], { opensAt, standing, addition }: LibraryCalls["open"]["input"]): Promise<Opened> {
    let isOther = false;
    for (const { group, input } of read) {
      if (!this.#take(group, input)) continue;
      this.sources = group;
      this.input = input;
      const [first] = group;
      this.#rest = first && "whole" in first && first.whole ? new Rest(first) : null;
      this.id += 1;
      isOther = true;
    }
    const steps = this.session.steps();
    this.#steps = steps;
    let refused = "";
    if (isOther) {
      this.#snapshot = this.session.summary().snapshot;
      this.#opensAt = opensAt === null ? this.#snapshot : nearest(steps, opensAt);
      this.#scales = "snapshot";
      this.#originals = null;
      refused = await this.#standOrNot(standing);
    }
    this.#toldExtremes = false; // the page makes another figure of it
    const { session } = this;
    return {
      summary: session.summary(),
      ...this.drawn(),
      weights: session.weights(),
      answered: session.answer(addition.a, addition.b),
      steps,
      isOther,
      refused,
    };
  }

  /** What of its run is on its way; nothing: all of it is here. */
  coming() {
    return this.#rest?.bytes();
  }

  /** The same, where it is needed to stand there. */
  comingFor(standing: Standing) {
    return this.#needsWhole(standing) ? this.coming() : undefined;
  }

  /** Settles once all of its run is here. */
  async whole() {
    const rest = this.#rest;
    if (!rest) return;
    const input = await rest.bytes();
    if (this.#rest !== rest) return; // another call had it first
    this.session.complete(input);
    this.input = input;
    this.#rest = null;
  }

  /** The snapshot that is another than the one that is shown; null: none is. */
  #elsewhere({ step }: Standing) {
    const index = step === null ? this.#opensAt : nearest(this.#steps, step);
    return index === this.#snapshot ? null : index;
  }

  #needsWhole(standing: Standing) {
    return standing.scales === "run" || this.#elsewhere(standing) !== null;
  }

  /** Brings it to where it should stand; whether that is another snapshot. */
  async stand(standing: Standing) {
    const { scales, edits } = standing;
    if (this.#needsWhole(standing)) await this.whole();
    const index = this.#elsewhere(standing);
    if (index !== null) {
      this.session.show_snapshot(index);
      this.#snapshot = index;
      this.#originals = null;
    }
    this.#scales = scales;
    this.#edit(edits);
    return index !== null;
  }

  drawn(): Drawn {
    const isFirst = this.#scales === "run" && !this.#toldExtremes;
    this.#toldExtremes ||= isFirst;
    const extremes = isFirst ? (this.session.extremes() ?? null) : null;
    const { session } = this;
    return {
      report: session.report(),
      unedited: session.unedited() ?? null,
      scales: this.#scales,
      extremes,
    };
  }

  /** As `stand`, or as the file has it: an address can ask for what this model has not. Why not, or "". */
  async #standOrNot(standing: Standing) {
    try {
      await this.stand(standing);
      return "";
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError || error instanceof Lost) throw error;
      await this.stand({ step: null, scales: "snapshot", edits: [] });
      return wordsOf(error);
    }
  }

  #take(group: readonly Source[], input: Uint8Array) {
    try {
      return this.session.open(input);
    } catch (error) {
      const [first] = group;
      const isDamaged = first && "input" in first && !(error instanceof WebAssembly.RuntimeError);
      throw isDamaged ? new Error(`${first.name}: ${wordsOf(error)}`, { cause: error }) : error;
    }
  }

  /** All that is to be edited, of which most is as a rule. */
  #edit(edits: readonly Readonly<Edit>[]) {
    const before = new Map(this.session.edits().map((edit) => [keyOf(edit), edit]));
    const changes = edits.filter((edit) => !Object.is(before.get(keyOf(edit))?.value, edit.value));
    for (const edit of edits) before.delete(keyOf(edit));
    const back = [...before.values()].map(({ name, index }) => ({
      name,
      index,
      value: this.#original({ name, index }),
    }));
    if (changes.length + back.length > 0) this.session.edit([...changes, ...back]);
  }

  #original({ name, index }: Pick<Edit, "name" | "index">) {
    this.#originals ??= new Map(
      this.session
        .weights()
        .tensors.flatMap(({ name, numbers }) =>
          numbers.map(({ original }, at) => [keyOf({ name, index: at, value: 0 }), original] as const),
        ),
    );
    return this.#originals.get(keyOf({ name, index, value: 0 })) ?? NaN;
  }
}

let open: Open | undefined;

/** The page sends `start` before all else. */
function opened() {
  if (!open) throw new Error("The library has not started");
  return open;
}

/** With all of its run. */
async function openedWhole() {
  const here = opened();
  await here.whole();
  return here;
}

/** Opens files: all is read, and all made of it, before anything takes the place of what is open. */
async function become(asked: LibraryCalls["open"]["input"]): Promise<Opened> {
  const read = await Promise.all(asked.groups.map(async (group) => ({ group, input: await inputOf(group) })));
  const before = opened();
  const next = new Open(before);
  try {
    const answer = await next.take(read, asked);
    open = next;
    before.session.free();
    return answer;
  } finally {
    if (open !== next) next.session.free();
  }
}

/** Looks into the model as it is now. */
async function withLooking<Found>(look: (looking: Looking) => Found): Promise<Found> {
  const [{ Looking }, { session, input }] = await Promise.all([loaded(explain()), openedWhole()]);
  const looking = new Looking(input, session.summary().snapshot ?? undefined, session.edits());
  try {
    return look(looking);
  } finally {
    looking.free();
  }
}

/** Looks into it under interventions. */
async function withIntervention<Found>(under: readonly string[], look: (pass: Intervention) => Found): Promise<Found> {
  const [{ Intervention }, { session, input }] = await Promise.all([loaded(explain()), openedWhole()]);
  const pass = new Intervention(input, session.summary().snapshot ?? undefined, session.edits(), under);
  try {
    return look(pass);
  } finally {
    pass.free();
  }
}

const isAny = (under?: readonly string[]): under is readonly string[] => under !== undefined && under.length > 0;

/** What is open, for a part that takes what `read_files` wrote. */
async function held() {
  const { session, input, id } = await openedWhole();
  const snapshot = session.summary().snapshot ?? undefined;
  return { id, input, snapshot, edits: session.edits(), hidden: new Uint8Array(), off: "" };
}

const calls: Handlers<LibraryCalls> = {
  async start(module) {
    await init({ module_or_path: module });
    open = new Open();
  },
  async expectFiles() {
    await formats().catch(() => {}); // told by the call that needs it
  },
  open: become,
  async apply({ standing, addition: { a, b }, weights }) {
    const here = opened();
    const { session } = here;
    const moved = await here.stand(standing);
    return {
      moved,
      summary: session.summary(),
      ...here.drawn(),
      answered: session.answer(a, b),
      verdict: session.verify(),
      weights: weights ? session.weights() : null,
    };
  },
  answer: ({ a, b, under }) =>
    isAny(under) ? withIntervention(under, (pass) => pass.answer(a, b)) : opened().session.answer(a, b),
  async ruler({ a, b, digit, under }) {
    const ruler = isAny(under)
      ? await withIntervention(under, (pass) => pass.ruler(a, b, digit))
      : opened().session.ruler(a, b, digit);
    return ruler ?? null;
  },
  weights: () => opened().session.weights(),
  verify: () => opened().session.verify(),
  failures: () => opened().session.failures(false),
  async board({ draw, seed, pairs }, { progress, turn }) {
    const { session } = opened();
    let result: ReturnType<typeof session.continue_run> = session.start_run(draw, seed, pairs);
    while (result) {
      progress(result);
      if (result.score.total === result.of) return { result, failures: session.failures(true) };
      if (!(await turn())) return null;
      result = session.continue_run(); // nothing, where the model changed in that turn
    }
    return null;
  },
  trace: ({ a, b }) => withLooking((looking) => looking.trace(a, b)),
  steps: ({ a, b, digit, under = [] }) => withIntervention(under, (pass) => pass.steps(a, b, digit)),
  explain: ({ item, a, b, digit = 0, under = [] }) =>
    withIntervention(under, (pass) => pass.explain(item, a, b, digit)),
  intervening: ({ a, b, digit, under = [] }) => withIntervention(under, (pass) => pass.told(a, b, digit)),
  measured: ({ under }) => withIntervention(under, (pass) => pass.measured(opened().session.report())),
  named: ({ items }) => withLooking((looking) => looking.named([...items])),
  entered: ({ item, a, b }) => withLooking((looking) => looking.entered(item, a, b)),
  wrong: ({ summands }) => withLooking((looking) => looking.wrong(summands)),
  simplest: ({ a, b }) => withLooking((looking) => looking.simplest(a, b)),
  suites: async () => (await loaded(explain())).suites(),
  terms: async () => (await loaded(explain())).terms(),
  async held(asked) {
    const model = await held();
    if (!isAny(asked?.under)) return model;
    const { zeros, hidden, off } = await withIntervention(asked.under, (pass) => pass.switched());
    return { ...model, edits: [...model.edits, ...zeros], hidden: Uint8Array.from(hidden), off };
  },
  async link() {
    const { session, sources } = opened();
    const files = await Promise.all(sources.map(fileOf));
    const { link_of } = await loaded(formats());
    return link_of(files, session.summary().snapshot ?? undefined);
  },
  read: (files) => inputOf(files),
  async export(format) {
    const { session, sources } = opened();
    const files = await Promise.all(sources.map(fileOf));
    const { export_file } = await loaded(formats());
    return export_file(files, session.summary().snapshot ?? undefined, session.edits(), format);
  },
};

const rest = () => open?.coming();
const restUnder = ({ under }: { under?: readonly string[] }) => (isAny(under) ? rest() : undefined);
/** What needs all of a run waits for it before its turn. */
const before: Before<LibraryCalls> = {
  apply: ({ standing }) => open?.comingFor(standing),
  answer: restUnder,
  ruler: restUnder,
  trace: rest,
  steps: rest,
  explain: rest,
  intervening: rest,
  measured: rest,
  named: rest,
  entered: rest,
  wrong: rest,
  simplest: rest,
  held: rest,
};

serve<LibraryCalls>(early(self, before), calls, { opens: ["open"], aside: ["expectFiles"] });
