// Type-checked lint for the connector, the specs and the tools. Formatting is Prettier's.
import tseslint from "typescript-eslint";

/** What TypeScriptToLua compiles badly or with its runtime library (see docs/development.md). */
const costsRuntimeLibrary = [
  ["ClassDeclaration", "No classes: plain functions, closures and records."],
  ["SpreadElement", "Spread needs lualib and loses values on the universal target."],
  ["ThrowStatement", "Errors are values; error() only in init."],
  ["TryStatement", "try/catch can give Lua that does not load: use pcall."],
  [
    "NewExpression:not([callee.name=/^Lua(Table|Map|Set)$/])",
    "Map, Set, Error and Date need lualib: use LuaMap, LuaSet, records.",
  ],
  ["UnaryExpression[operator='delete']", "delete needs lualib: assign undefined."],
].map(([selector, message]) => ({ selector, message }));

export default tseslint.config(
  { ignores: ["build/", "dist/", "node_modules/", "spec/fixtures/"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: [
          "tsconfig.json",
          "spec/tsconfig.json",
          "tools/tsconfig.json",
          "tools/sandbox/page/tsconfig.json",
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-invalid-void-type": ["error", { allowAsThisParameter: true }],
      "@typescript-eslint/no-floating-promises": [
        "error",
        {
          allowForKnownSafeCalls: [
            { from: "package", name: ["test", "it", "describe"], package: "node:test" },
          ],
        },
      ],
      // Lua has no classes here: a function in a record never loses a `this`.
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: true }],
      eqeqeq: "error",
    },
  },
  {
    files: ["src/**/*.ts", "spec/**/*.ts"],
    rules: {
      // The typings of Lua's library and of the broker promise more than Lua keeps: nil is checked for all the same.
      "@typescript-eslint/no-unnecessary-condition": "off",
      "@typescript-eslint/no-unnecessary-type-assertion": "off",
      // A function that gives nothing but undefined is a value here, as in `return fail("…")`.
      "@typescript-eslint/no-confusing-void-expression": "off",
      // Lua has no import at run time: what may be missing is loaded by require, under pcall.
      "@typescript-eslint/no-require-imports": "off",
    },
  },
  {
    files: ["src/**/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        ...costsRuntimeLibrary,
        {
          selector:
            "CallExpression[callee.object.name!='table'][callee.property.name=/^(split|replaceAll|replace|forEach|map|filter|sort)$/]",
          message: "Needs lualib: write the loop, or use Lua's own string and table functions.",
        },
      ],
    },
  },
  { files: ["**/*.js", "**/*.cjs"], ...tseslint.configs.disableTypeChecked },
  { files: ["**/*.cjs"], rules: { "@typescript-eslint/no-require-imports": "off" } },
);
