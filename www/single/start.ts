// The first script of the page as one file: unpacks the other, of which the page's policy has the hash, and runs it.

import { wordsOf } from "../errors.js";
import { trustedTypes } from "../trusted-types.js";
import { unpacked } from "./unpack.js";

async function start() {
  const script = document.createElement("script");
  script.id = "adderscope-script";
  const text = await unpacked(document.getElementById("app.js")?.textContent ?? "").text();
  // As it is: what else it could be has another hash.
  const policy = trustedTypes?.createPolicy("adderscope-start", { createScript: (text) => text });
  script.text = policy?.createScript(text) ?? text;
  document.head.append(script); // which runs it
  script.remove();
}

start().catch((error: unknown) => {
  const stuck = document.getElementById("stuck");
  if (!stuck) return;
  stuck.textContent = `This file does not unpack (${wordsOf(error)}): save it again, or open it in a recent browser.`;
  stuck.style.animation = "none"; // at once
});
