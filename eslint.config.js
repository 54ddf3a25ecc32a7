import js from "@eslint/js";
import globals from "globals";
import tseslint from "typescript-eslint";

/** What comes from a file or an error is text, never markup. */
const message = "Use textContent or el() of dom.";
const markup = ["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({ property, message }));

export default tseslint.config(
  { ignores: ["dist/", "hosted/", "python/", "target/", "tests/browser/out/"] },
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
      // Nothing is made from a string.
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-restricted-properties": ["error", ...markup, { object: "document", property: "write", message }],
    },
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "no-undef": "off", // the compiler knows
      // Messages are answered by objects of functions, which are taken apart: none has a `this`.
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      // A handler of an event may be asynchronous: what it throws is told by what it calls.
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { arguments: false, attributes: false } }],
    },
  },
  {
    files: ["tests/**/*.ts"],
    // node:test runs what it is given, and a stand-in may answer at once where the page's own would not.
    rules: { "@typescript-eslint/no-floating-promises": "off", "@typescript-eslint/require-await": "off" },
  },
  { files: ["www/**/*.js"], languageOptions: { globals: { ...globals.browser, ...globals.worker, } } },
  {
    files: ["tests/browser/**/*.js", "tests/python/**/*.js"],
    // Functions handed to the page run there.
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
  { files: ["tests/**"], rules: { "max-lines-per-function": "off" } },
);
