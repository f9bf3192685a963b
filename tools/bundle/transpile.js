// Turns TypeScript into Lua: src/ and spec/ into build/, one file each, and from these the bundles in dist/. Run in the
// project's folder. Transpiles only what a change concerns, and puts files in place only if there is no error anywhere.
// What a bundle is made of is in tstl.json and tstl.commands.json; `make lint` compares the bundles with those that
// TypeScriptToLua itself makes.
import fs from "node:fs";
import path from "node:path";
import ts from "typescript";
import * as tstl from "typescript-to-lua";
import plugin from "./plugin.cjs";

const PROJECT = "spec/tsconfig.json";
const BUNDLES = ["tstl.json", "tstl.commands.json"];

/** What TypeScript remembers of the last run. */
const MEMORY = path.resolve("build/transpiled.tsbuildinfo");

/** When one of these changes, everything is transpiled anew. */
const RECIPE = [
  import.meta.filename,
  path.join(import.meta.dirname, "plugin.cjs"),
  "tsconfig.json",
  PROJECT,
  "package-lock.json",
];

const isSource = (file) => !file.isDeclarationFile && !file.fileName.includes("/node_modules/");

const outputOf = (file) => path.resolve("build", path.relative(".", file.fileName).replace(/\.ts$/, ".lua"));

function stopOnErrors(diagnostics) {
  if (diagnostics.length === 0) return;
  const host = {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: ts.sys.getCurrentDirectory,
    getNewLine: () => "\n",
  };
  const format = process.stderr.isTTY ? ts.formatDiagnosticsWithColorAndContext : ts.formatDiagnostics;
  process.stderr.write(format(ts.sortAndDeduplicateDiagnostics(diagnostics), host));
  process.exit(1);
}

function readConfiguration(name, changes) {
  const { errors, fileNames, options } = tstl.parseConfigFileWithSystem(path.resolve(name), changes);
  stopOnErrors(errors);
  return { fileNames, options };
}

/** Whoever reads the file meanwhile sees the old one or the new one, and never a part. */
function putInPlace(name, text) {
  fs.mkdirSync(path.dirname(name), { recursive: true });
  fs.writeFileSync(`${name}.new`, text);
  fs.renameSync(`${name}.new`, name);
}

function forgetIfRecipeChanged() {
  const memory = fs.statSync(MEMORY, { throwIfNoEntry: false });
  if (memory === undefined) return;
  if (RECIPE.some((name) => fs.statSync(name).mtimeMs > memory.mtimeMs)) fs.rmSync(MEMORY);
}

/** The program, those of its files that are to be transpiled, and the memory for the next run, if it changed. */
function checkProgram() {
  // TypeScript compares declarations to see whether a change concerns the files that import the changed one.
  const { fileNames, options } = readConfiguration(PROJECT, {
    incremental: true,
    tsBuildInfoFile: MEMORY,
    declaration: true,
  });
  const builder = ts.createIncrementalProgram({ rootNames: fileNames, options });
  stopOnErrors([
    ...builder.getOptionsDiagnostics(),
    ...builder.getSyntacticDiagnostics(),
    ...builder.getGlobalDiagnostics(),
    ...builder.getSemanticDiagnostics(),
  ]);
  const concerned = new Set();
  let memory;
  const { diagnostics } = builder.emit(undefined, (name, text, _mark, _onError, sources = []) => {
    if (name === MEMORY) memory = text;
    for (const source of sources) concerned.add(source.fileName);
  });
  stopOnErrors(diagnostics);
  const program = builder.getProgram();
  const files = program
    .getSourceFiles()
    .filter(isSource)
    .filter((file) => concerned.has(file.fileName) || !fs.existsSync(outputOf(file)));
  return { program, files, memory };
}

/** What TypeScriptToLua makes of `emit`: the texts of Lua files, by name. */
function luaOf(emit) {
  const texts = new Map();
  const { diagnostics } = new tstl.Transpiler().emit({
    ...emit,
    writeFile: (name, text) => {
      if (name.endsWith(".lua")) texts.set(path.resolve(name), text);
    },
  });
  stopOnErrors(diagnostics);
  return texts;
}

/** The bundle that a configuration asks for, put together from Lua that is there already. */
function bundle(configuration, project, luaText) {
  // The Lua files name each other as the bundle does: nothing is left to resolve.
  const { fileNames, options } = readConfiguration(configuration, { noResolvePaths: ["**"] });
  const host = ts.createCompilerHost(options);
  host.getSourceFile = (name) => project.getSourceFile(name);
  const program = ts.createProgram(fileNames, options, host);
  const addModules = (_program, _options, _host, modules) => {
    for (const file of program.getSourceFiles().filter(isSource))
      modules.push({ fileName: file.fileName, code: luaText(outputOf(file)) });
  };
  return luaOf({ program, sourceFiles: [], plugins: [{ afterPrint: addModules }] });
}

forgetIfRecipeChanged();
const { program, files, memory } = checkProgram();
const modules = luaOf({ program, sourceFiles: files, plugins: [plugin] });
const luaText = (name) => modules.get(name) ?? fs.readFileSync(name, "utf8");
const bundles = BUNDLES.flatMap((configuration) => [...bundle(configuration, program, luaText)]);
for (const [name, text] of [...modules, ...bundles]) putInPlace(name, text);
// Last: what is remembered as done is in place.
if (memory !== undefined) putInPlace(MEMORY, memory);
