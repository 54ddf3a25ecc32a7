// embed.html: one <adder-scope> as large as the frame that it is in, with what stands after the "#" of its address.

import { attributesOf } from "./asked.js";

const element = document.querySelector("adder-scope");

function follow() {
  for (const [name, value] of Object.entries(attributesOf(location.hash))) element?.setAttribute(name, value);
}

addEventListener("hashchange", follow);
follow();
