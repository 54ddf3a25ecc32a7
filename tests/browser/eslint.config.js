import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["**/node_modules/", "tests/browser/out/"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      "no-implicit-globals": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "max-lines": ["error", 400],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      // What comes from a file or an error is text, never markup; and nothing is made from a string.
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML", "write"].map((property) => ({
          property,
          message: "Use textContent or el() of dom.js.",
        })),
      ],
    },
  },
  { files: ["www/*.js"], languageOptions: { globals: globals.browser } },
  { files: ["www/worker.js", "www/trainer-worker.js"], languageOptions: { globals: globals.worker } },
  {
    files: ["tests/browser/**/*.js"],
    // Functions handed to the page run there.
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: { "max-lines-per-function": "off" },
  },
];
