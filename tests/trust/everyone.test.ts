// For everyone's hands and eyes: nothing for axe-core to find in colours of the reader's system, either; pictures that are
// told; and a page that is whole where text is large, spaced or narrow.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { picture } from "../browser/fixtures.js";
import { launched, root } from "../browser/harness.js";
import { card, decided, openWeights, refused, settled, verified } from "../browser/person.js";
import { ask } from "./playwright.ts";

const axe = readFileSync(join(root, "node_modules/axe-core/axe.min.js"), "utf8");
const browser = launched();

interface Found {
  violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[];
}

/** What axe-core complains about: rule, element, reason. */
async function complaints(page: Page): Promise<string[]> {
  await settled(page);
  if (!(await ask(page, () => "axe" in window))) await page.evaluate(axe);
  return ask(page, async () => {
    const { axe } = window as unknown as { axe: { run: (what: Document, how: object) => Promise<Found> } };
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")} ${failureSummary}`),
    );
  });
}

type Way = (page: Page) => Promise<unknown>;

/** Each state of the page: its address, and what a person does there. */
const STATES: Record<string, [hash: string, way?: Way]> = {
  start: ["#model=none&view=addition"],
  sum: ["#model=62p&a=57&b=68&digit=1&view=addition", (page) => page.locator("#steps[aria-busy=false] h2").waitFor()],
  panels: ["#model=62p&view=panels"],
  overview: ["#model=62p&view=overview"],
  map: ["#model=62p&view=map", (page) => page.locator("[data-panel=all_additions] canvas").waitFor()],
  panel: [
    "#model=62p&view=panels",
    async (page) => {
      await card(page, "error_rate").getByRole("button", { name: "Enlarge" }).click();
      await page.locator("#large[open]").waitFor();
    },
  ],
  weights: [
    "#model=62p&view=panels",
    async (page) => {
      await openWeights(page);
      await page.locator("#weights [data-tensor]").first().waitFor();
    },
  ],
  training: [
    "#model=62p&view=panels",
    async (page) => {
      await page.locator("#train-open").click();
      await page.locator("#train-settings").waitFor();
    },
  ],
  share: [
    "#model=62p&view=addition",
    async (page) => {
      await page.locator("#share-open").click();
      await page.getByRole("textbox", { name: "The link" }).waitFor();
    },
  ],
  terms: [
    "#model=62p&view=addition",
    async (page) => {
      await page.locator("#terms-open").click();
      await page.locator("dialog[open]").waitFor();
    },
  ],
  comparison: [
    "#model=62p&view=addition",
    async (page) => {
      await page.locator("#compare-open").click();
      await page.locator("dialog[open] [data-kind=neither]").waitFor();
      await page.locator("dialog[open] .compare-panels canvas").first().waitFor();
    },
  ],
  error: ["#model=62p&view=panels", (page) => refused(page, { name: "photo.png", bytes: picture })],
};

async function opened(state: keyof typeof STATES, options = {}) {
  const [hash = "", way] = STATES[state] ?? [];
  const context = await browser.open(options, hash);
  if (!hash.includes("model=none")) await verified(context.page);
  await way?.(context.page);
  await settled(context.page);
  return context;
}

test("axe-core finds nothing in any state, in forced colours", async () => {
  for (const state of Object.keys(STATES)) {
    const { page, problems } = await opened(state, { forcedColors: "active" });
    assert.deepEqual(await complaints(page), [], state);
    assert.deepEqual(problems, [], state);
  }
});

test("axe-core finds nothing in states that have no test of their own, light and dark", async () => {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const state of ["start", "overview", "map", "terms", "comparison"]) {
      const { page } = await opened(state, { colorScheme });
      assert.deepEqual(await complaints(page), [], `${state}, ${colorScheme}`);
    }
  }
});

test("each picture has a name, a sentence with numbers of the model, and its values as a table", async () => {
  const told: Record<string, string> = {};
  for (const model of ["62p", "57p"]) {
    for (const view of ["panels", "map", "addition"]) {
      const { page } = await browser.open({}, `#model=${model}&view=${view}`);
      await verified(page);
      await decided(page);
      await page.locator("[data-panel] canvas:visible").first().waitFor();
      await settled(page);
      const pictures = await ask(page, () =>
        [...document.querySelectorAll<HTMLElement>("[data-panel]")].flatMap((card) => {
          const canvas = card.querySelector("canvas");
          if (!canvas?.checkVisibility()) return [];
          return [{ key: card.dataset.panel ?? "", name: canvas.getAttribute("aria-label") ?? "" }];
        }),
      );
      assert.ok(pictures.length === (view === "panels" ? 12 : 1), `${view}: ${pictures.length}`);
      for (const { key, name } of pictures) {
        assert.match(name, /^[A-Z0-9][^.]+\. .*[A-Za-z].*\./, key);
        told[`${key} of ${model}`] = name;
        const enlarge = page.locator(`[data-panel=${key}]`).getByRole("button", { name: /^Enlarge/ });
        if (!(await enlarge.isVisible())) continue;
        await enlarge.click();
        const table = page.locator("#large-table table");
        await table.waitFor({ state: "attached" });
        assert.ok((await table.locator("tbody tr").count()) > 0, key);
        assert.ok((await table.locator("caption").textContent())?.startsWith("The values of “"), key);
        await page.keyboard.press("Escape");
        await page.locator("#large[open]").waitFor({ state: "detached" });
      }
    }
  }
  // What is computed differs from model to model.
  const keys = Object.keys(told).filter((each) => each.endsWith("62p"));
  const same = keys.filter((each) => told[each] === told[each.replace("62p", "57p")]);
  assert.ok(same.length <= keys.length / 3, `the same words of two models: ${same.join(", ")}`);
});

/** What sticks out of the window to the right, and text that is cut off, outside of what is scrolled. */
const lost = () => {
  const isScrolled = (each: Element | null): boolean =>
    each !== null && (/auto|scroll/.test(getComputedStyle(each).overflowX) || isScrolled(each.parentElement));
  return [...document.querySelectorAll<HTMLElement>("body *")].flatMap((each) => {
    const { right, width, height } = each.getBoundingClientRect();
    const style = getComputedStyle(each);
    if (!each.checkVisibility() || width < 2 || height < 2 || each.closest(".unseen, .skip, svg, [aria-hidden=true]")) return [];
    const what = `${each.tagName}.${each.className}#${each.id}: ${each.textContent?.slice(0, 30)}`;
    if (right > innerWidth + 1 && !isScrolled(each.parentElement)) return [`outside: ${what}`];
    const isCut =
      style.overflowX === "hidden" && style.textOverflow !== "ellipsis" && each.scrollWidth > each.clientWidth + 2;
    return isCut && !each.querySelector("canvas") ? [`cut: ${what}`] : [];
  });
};

/** 1.5 times the space that WCAG 2 asks pages to bear. */
const SPACED =
  "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}";

for (const [what, options, css] of [
  ["320 px", { viewport: { width: 320, height: 700 } }, ""],
  ["twice the zoom", { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }, ""],
  ["spaced text", { viewport: { width: 1280, height: 900 } }, SPACED],
] as const) {
  test(`nothing is lost: ${what}`, async () => {
    for (const state of Object.keys(STATES)) {
      const { page } = await opened(state, options);
      if (css) await page.evaluate(`(() => { const sheet = new CSSStyleSheet(); sheet.replaceSync(${JSON.stringify(css)}); document.adoptedStyleSheets = [sheet]; })()`);
      await settled(page);
      assert.deepEqual(await ask(page, lost), [], state);
      const wide = await ask(page, () => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(wide, 0, `${state} is ${wide} px too wide`);
    }
  });
}

/**
 * Targets that are too small, by WCAG 2.2 (2.5.8): less than 24 px, not in a line of text, and with another within 12 px of
 * their middle, or another such one's middle within 24.
 */
const small = () => {
  const LEAST = 23.5; // what browsers round to 24
  // Nothing behind a dialog can be pressed.
  const from = document.querySelector("dialog:modal") ?? document;
  const all = [...from.querySelectorAll<HTMLElement>("button, a[href], summary, select, input, textarea")].flatMap(
    (each) => {
      if (!each.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return [];
      if (each.closest(".unseen, .skip, .term")) return [];
      // A box or a circle is pressed by its words as well.
      const isMark = each instanceof HTMLInputElement && /checkbox|radio/.test(each.type);
      const target = (isMark && each.closest("label")) || each;
      const { x, y, width, height } = target.getBoundingClientRect();
      if (width === 0 || getComputedStyle(target).display === "inline") return [];
      return [{ each, x, y, width, height, isSmall: width < LEAST || height < LEAST }];
    },
  );
  const middle = (of: (typeof all)[number]) => ({ x: of.x + of.width / 2, y: of.y + of.height / 2 });
  const isNear = (one: (typeof all)[number], other: (typeof all)[number]) => {
    const { x, y } = middle(one);
    if (other.isSmall) return Math.hypot(x - middle(other).x, y - middle(other).y) < LEAST;
    const [dx, dy] = [
      Math.max(other.x - x, 0, x - other.x - other.width),
      Math.max(other.y - y, 0, y - other.y - other.height),
    ];
    return Math.hypot(dx, dy) < LEAST / 2;
  };
  return all
    .filter((one) => one.isSmall && all.some((other) => other !== one && isNear(one, other)))
    .map(({ each, width, height }) => `${each.tagName}#${each.id}.${each.className} “${each.textContent.trim().slice(0, 40)}” ${width} × ${height}`);
};

test("what is pressed is 24 px large, or as far from all else", async () => {
  const all: Record<string, string[]> = {};
  for (const width of [375, 1280]) {
    for (const state of Object.keys(STATES)) {
      const { page } = await opened(state, { viewport: { width, height: 800 } });
      const found = await ask(page, small);
      if (found.length > 0) all[`${state}, ${width} px`] = found;
    }
  }
  assert.deepEqual(all, {});
});
