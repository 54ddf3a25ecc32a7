// What is seen, for someone else: a link to it, its QR code, and words to cite it by.

import { Late, type Client } from "../channel/client.js";
import type { LibraryCalls } from "../channel/protocol.js";
import { copies } from "../controls.js";
import { Dialog } from "../dialog.js";
import { button, el, section } from "../dom.js";
import { nameOf, save } from "../download.js";
import { wordsOf } from "../errors.js";
import type { FigureView } from "../figure-view.js";
import { grouped } from "../format.js";
import { names, site } from "../gallery.js";
import type { Summary } from "../library-types.js";
import { isOneFile } from "../resources.js";
import type { Scope } from "../scope.js";
import { shownModel, type State } from "../state/state.js";
import type { Store } from "../state/store.js";
import { embedLines } from "./embed.js";
import { MOST, contentsOf, isOnDisk, linkTo, needsWeights, whyOnlyHere } from "./link.js";
import { paper } from "./paper.js";
import { codeOf } from "./qr.js";
import { singleFile } from "./single.js";

interface On {
  readonly figure: Pick<FigureView, "view" | "named" | "pictureName" | "saveModel">;
  summary: () => Summary | null;
  failed: (error: unknown) => void;
}

/** What a link is of, and the link. */
interface Made {
  readonly state: State;
  readonly summary: Summary;
  readonly link: string;
}

/** How often a link is made again where something changed meanwhile: a film goes on for long. */
const TRIES = 20;

/** There is no link of a model, for a reason that is told: its file can be sent. */
class NoLink extends Error {}

export class ShareView {
  readonly #scope;
  readonly #store;
  readonly #client;
  readonly #on;
  readonly #dialog;

  constructor(scope: Scope, store: Store, client: Client<LibraryCalls>, on: On) {
    this.#scope = scope;
    this.#store = store;
    this.#client = client;
    this.#on = on;
    this.#dialog = new Dialog(scope, "share", () => this.#dialog.close());
    this.#dialog.element.classList.add("narrow");
    this.#dialog.title.textContent = "Share what you see";
  }

  /** Makes the link, and shows it. */
  async open() {
    try {
      const made = await this.#made(needsWeights);
      if (!made) return;
      const { state, summary, link } = made;
      if (link.length > MOST) throw new NoLink(`The link would have ${grouped(link.length)} characters`);
      const at = summary.snapshot === null ? null : (state.step ?? summary.step);
      this.#dialog.sentence.textContent = contentsOf(state, summary.file, at, link.includes("#weights="));
      this.#dialog.content.replaceChildren(...this.#partsOf(made));
    } catch (error) {
      if (!(error instanceof NoLink)) return this.#on.failed(error);
      const file = button("Download safetensors", () => void this.#on.figure.saveModel(this.#client, "safetensors"));
      this.#dialog.sentence.textContent = `${wordsOf(error)}. Send the file instead.`;
      this.#dialog.content.replaceChildren(section("The model", file));
    }
    this.#dialog.open();
    this.#dialog.content.querySelector<HTMLElement>("input, button")?.focus();
  }

  /**
   * A link to what is shown; null where nothing is. Where something changed meanwhile it is made again.
   * @param isWhole whether the link to a state has the weights in it
   */
  async #made(isWhole: (state: State) => boolean): Promise<Made | null> {
    for (let tried = 0; tried < TRIES; tried += 1) {
      const [summary, { state }] = [this.#on.summary(), this.#store];
      if (!summary) return null;
      try {
        const weights = isWhole(state) ? await this.#client.call("link", null) : null;
        if (state !== this.#store.state || summary !== this.#on.summary()) continue;
        return { state, summary, link: linkTo(state, weights, names, location.href) };
      } catch (error) {
        if (!(error instanceof Late)) throw new NoLink(wordsOf(error));
      }
    }
    throw new Error("What is shown keeps changing: stop the run, then share it");
  }

  #partsOf(made: Made) {
    const { summary, link } = made;
    const field = el("input", {
      type: "text",
      readonly: true,
      "aria-label": "The link",
      value: link,
      spellcheck: "false",
    });
    field.addEventListener("focus", () => field.select());
    const only = whyOnlyHere(location);
    const size = `${grouped(link.length)} characters.`;
    const told = only === "" ? size : `${size} ${only}: put where the page is hosted in place of what stands before #.`;
    // A path on a disk is nobody else's business.
    const address = isOnDisk(location) ? link.slice(link.indexOf("#")) : link;
    const cited = `${summary.name} (${summary.file}), shown by AdderScope: ${address}`;
    const region = { class: "cited", role: "region", "aria-label": "Words to cite it by", tabindex: 0 };
    return [
      section(
        "Link",
        el("p", { class: "row" }, field, this.#copy(link, "Copy link")),
        el("p", { class: "aside" }, told),
      ),
      isOnDisk(location) ? "" : this.#codeOf(made),
      isOnDisk(location) || isOneFile ? "" : this.#embedOf(made),
      section(
        "This view as one HTML file",
        el(
          "p",
          { class: "aside" },
          "The whole page, opening with this view: some 2 MB, from disk and without a server.",
        ),
        button("Download HTML", () => void this.#page(made), { "aria-label": "Download HTML of this view" }),
      ),
      section("To cite it", el("p", region, cited), this.#copy(cited, "Copy text")),
      paper(this.#scope, this.#on) ?? "",
    ];
  }

  /** For a page of someone else: a frame, or the element. */
  #embedOf({ summary, link }: Made) {
    const { frame, element } = embedLines(link, `AdderScope: ${summary.name}`);
    const line = (text: string, name: string, words: string) => {
      const region = { class: "cited", role: "region", "aria-label": name, tabindex: 0 };
      return [el("p", region, text), this.#copy(text, words)];
    };
    return section(
      "On another page",
      el(
        "p",
        { class: "aside" },
        "This view alone: in a frame, or as an element, which hears and tells what is chosen.",
      ),
      ...line(frame, "The frame", "Copy frame"),
      ...line(element, "The element", "Copy element"),
    );
  }

  #codeOf({ summary, link }: Made) {
    const code = codeOf(link);
    if (!code) return section("QR code", el("p", { class: "aside" }, "The link is too long for one."));
    const name = `${nameOf(summary.file, "link")}.svg`;
    return section(
      "QR code",
      el("div", { class: "qr", role: "img", "aria-label": "The link as a QR code" }, code.element),
      button("Download SVG", () => save(new Blob([code.source], { type: "image/svg+xml" }), name), {
        "aria-label": "Download SVG of the QR code",
      }),
    );
  }

  /** The field can be copied from where this is hidden. */
  #copy(text: string, words: string) {
    const copy = button(words, () => {});
    copies(this.#scope, copy, text);
    return copy;
  }

  /** One file has no file beside it: what the link names there is in it with its weights. */
  async #page({ state, summary: { file }, link }: Made) {
    const isBeside = shownModel(state)?.src !== undefined || (site !== null && !needsWeights(state));
    try {
      const whole = isBeside ? (await this.#made(() => true))?.link : link;
      if (whole === undefined) return;
      save(await singleFile(whole.replace(/^[^#]*#?/s, "")), `${nameOf(file, "adderscope")}.html`);
    } catch (error) {
      this.#on.failed(error);
    }
  }
}
