// What is seen, for someone else: a link to it, its QR code, and words to cite it by.

import type { Client } from "../channel/client.js";
import type { LibraryCalls } from "../channel/protocol.js";
import { button, el } from "../dom.js";
import { nameOf, save } from "../download.js";
import { wordsOf } from "../errors.js";
import type { FigureView } from "../figure-view.js";
import { Dialog } from "../exact/dialog.js";
import { grouped } from "../format.js";
import { names, site } from "../gallery.js";
import type { Summary } from "../library-types.js";
import type { Scope } from "../scope.js";
import { shownModel } from "../state/state.js";
import type { Store } from "../state/store.js";
import { MOST, contentsOf, isOnlyHere, linkTo, needsWeights } from "./link.js";
import { paper } from "./paper.js";
import { codeOf } from "./qr.js";
import { singleFile } from "./single.js";

interface On {
  readonly figure: Pick<FigureView, "view" | "named">;
  summary: () => Summary | null;
  failed: (error: unknown) => void;
}

/** A part of the dialog. */
const part = (title: string, ...content: (Node | string | null)[]) =>
  el("section", {}, el("h3", {}, title), ...content);

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
    const summary = this.#on.summary();
    if (!summary) return;
    const { state } = this.#store;
    const hasWeights = needsWeights(state);
    try {
      const weights = hasWeights ? await this.#client.call("link", null) : null;
      const link = linkTo(state, weights, names, location.href);
      if (link.length > MOST) throw new Error(`The link would have ${grouped(link.length)} characters`);
      const at = summary.snapshot === null ? null : summary.step;
      this.#dialog.sentence.textContent = contentsOf(state, summary.file, at, link.includes("#weights="));
      this.#dialog.content.replaceChildren(...this.#partsOf(link, summary));
    } catch (error) {
      this.#dialog.sentence.textContent = `${wordsOf(error)}. Send the file instead.`;
      this.#dialog.content.replaceChildren(
        part(
          "The model",
          button("Download safetensors", () => void this.#download(summary)),
        ),
      );
    }
    this.#dialog.open();
    this.#dialog.content.querySelector<HTMLElement>("input, button")?.focus();
  }

  #partsOf(link: string, summary: Summary) {
    const field = el("input", {
      type: "text",
      readonly: true,
      "aria-label": "The link",
      value: link,
      spellcheck: "false",
    });
    field.addEventListener("focus", () => field.select());
    const only = isOnlyHere(location);
    const size = `${grouped(link.length)} characters.`;
    const told = only === "" ? size : `${size} ${only}: put where the page is hosted in place of what stands before #.`;
    const code = codeOf(link);
    const cited = `${summary.name} (${summary.file}), shown by AdderScope: ${link}`;
    const name = nameOf(summary.file, "link");
    return [
      part("Link", el("p", { class: "row" }, field, this.#copy(link, "Copy link")), el("p", { class: "aside" }, told)),
      code
        ? part(
            "QR code",
            el("div", { class: "qr", role: "img", "aria-label": "The link as a QR code" }, code.element),
            button("Download SVG", () => save(new Blob([code.source], { type: "image/svg+xml" }), `${name}.svg`)),
          )
        : part("QR code", el("p", { class: "aside" }, "The link is too long for one.")),
      part(
        "This view as one HTML file",
        el(
          "p",
          { class: "aside" },
          "The whole page, opening with this view: some 2 MB, from disk and without a server.",
        ),
        button("Download HTML", () => void this.#page(link, summary)),
      ),
      part("To cite it", el("p", { class: "cited" }, cited), this.#copy(cited, "Copy text")),
      paper(this.#scope, this.#on) ?? "",
    ];
  }

  #copy(text: string, words: string) {
    const copy = button(words, () => {
      navigator.clipboard.writeText(text).then(() => {
        copy.textContent = "Copied";
        this.#scope.announce("Copied");
      }, this.#on.failed);
    });
    copy.hidden = !("clipboard" in navigator); // the field can be copied from
    return copy;
  }

  /** One file has no file beside it: what the link names there is in it with its weights. */
  async #page(link: string, { file }: Summary) {
    const { state } = this.#store;
    const isBeside = shownModel(state)?.src !== undefined || (site !== null && !needsWeights(state));
    try {
      const whole = isBeside ? linkTo(state, await this.#client.call("link", null), names, location.href) : link;
      save(await singleFile(whole.replace(/^[^#]*#?/s, "")), `${nameOf(file, "adderscope")}.html`);
    } catch (error) {
      this.#on.failed(error);
    }
  }

  async #download({ file }: Summary) {
    try {
      const bytes = await this.#client.call("export", "safetensors");
      save(new Blob([bytes]), `${nameOf(file)}.safetensors`);
    } catch (error) {
      this.#on.failed(error);
    }
  }
}
