// What the chosen digit's row looks at, shaded on the digits of the sum: as dark as it is weighty, with its share in figures.

/** A place that a row looks at, with its share of the attention of one head. */
interface Look {
  /** `X3`, `Z2`. */
  readonly name: string;
  readonly head: number;
  readonly weight: { readonly value: number };
}

/** Shares by place; those of several heads are averaged. */
export function sharesOf(looks: readonly Look[]): ReadonlyMap<string, number> {
  const heads = 1 + Math.max(0, ...looks.map(({ head }) => head));
  const shares = new Map<string, number>();
  for (const { name, weight } of looks) shares.set(name, (shares.get(name) ?? 0) + weight.value / heads);
  return shares;
}

/** What is looked at less is left out. */
const LEAST = 0.01;

/** Shades a digit, or takes the shade away. */
export function shade(cell: HTMLElement, share = 0) {
  const isSeen = share >= LEAST;
  cell.classList.toggle("seen", isSeen);
  if (isSeen) {
    cell.dataset.share = `${Math.round(100 * share)} %`;
    cell.style.setProperty("--share", share.toFixed(3));
  } else {
    delete cell.dataset.share;
    cell.style.removeProperty("--share");
  }
}
