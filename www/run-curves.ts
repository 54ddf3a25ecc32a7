// One run as it learns: its loss above its exact match, drawn anew with each evaluation.

import { Seeds } from "./adderscope.js";
import type { Theme } from "./library-types.js";
import { Plot } from "./plot.js";
import type { Run } from "./run.js";
import type { Scope } from "./scope.js";

/** The curves of an evaluated run: what the lottery draws of many, and the drawer of one. */
export const curveOf = ({ about, log }: Pick<Run, "about" | "log">) => ({
  name: `seed ${about.seed}`,
  seed: about.seed,
  points: log.map(({ step, val_exact }): [number, number] => [step, val_exact ?? 0]),
});

const lossesOf = ({ log }: Pick<Run, "log">) =>
  log.flatMap(({ step, loss }): [number, number][] => (loss === null || loss === undefined ? [] : [[step, loss]]));

/** Wires the curves of the run that the drawer tells of. */
export function runCurves(scope: Scope, failed: (message: string) => void) {
  const plot = new Plot(scope, { failed });
  scope.byId("train-learning").append(plot.element);
  let figure: Seeds | null = null;
  let drawn: { run: Run; evaluations: number; theme: Theme } | null = null;

  return (run: Run, theme: Theme) => {
    const evaluations = run.log.length;
    if (drawn?.run === run && drawn.evaluations === evaluations && drawn.theme === theme) return;
    drawn = { run, evaluations, theme };
    figure?.free();
    figure = Seeds.learning(curveOf(run), lossesOf(run), run.about.steps || 1);
    const name = `Loss and exact match of ${run.about.title} over its training.`;
    plot.show({ figure, panel: "learning", alignment: "answer", theme, name });
  };
}
