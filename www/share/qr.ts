// A link as a QR code, for a slide.

import { correction, generate, type Bitmap2D } from "lean-qr";
import { toSvg, toSvgSource } from "lean-qr/extras/svg";

/** What cameras find the edges by: a margin of as many modules as the standard asks for. */
const LOOK = { on: "black", off: "white", pad: 4 } as const;

export interface Code {
  readonly element: SVGElement;
  readonly source: string;
}

/** A module in pixels where there is room, which cameras need, and all of it, which looks well. */
const [MODULE, WIDTH] = [2, 240] as const;

/** Null where the link is too long for one. */
export function codeOf(link: string): Code | null {
  let code: Bitmap2D;
  try {
    code = generate(link, { minCorrectionLevel: correction.L });
  } catch {
    return null;
  }
  const width = Math.max(WIDTH, MODULE * (code.size + 2 * LOOK.pad));
  const element = toSvg(code, document, { ...LOOK, width, height: width });
  return { element, source: toSvgSource(code, { ...LOOK, xmlDeclaration: true }) };
}
