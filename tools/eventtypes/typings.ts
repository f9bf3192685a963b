// Reads the typings with the TypeScript compiler: whether they compile, which events they declare, of what shape.
// Owns no fact about events.

import path from "node:path";
import ts from "typescript";
import { enumeration, type EventShape, type Field, type Generation, type Value } from "./shapes.js";

/** Texts of the typings by absolute path; `.d.ts` files, or a `.ts` file that uses them. */
export type Sources = ReadonlyMap<string, string>;

/** Compiles typings in place of those on disk. */
export type Compile = (sources: Sources) => ts.Program;

export interface Typings {
  readonly events: readonly EventShape[];
  /** What is wrong with the typings by themselves, one line each. */
  readonly complaints: readonly string[];
}

const GENERATIONS: readonly Generation[] = ["Bbdo2", "Bbdo3"];
const HEAD_FIELDS: readonly string[] = ["_type", "category", "element"];

/** A compiler with the options of `root`'s tsconfig.json. Files that do not change are parsed once for all runs. */
export function createCompiler(root: string): Compile {
  const configPath = path.join(root, "tsconfig.json");
  const config: unknown = ts.readConfigFile(configPath, (file) => ts.sys.readFile(file)).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root, undefined, configPath);
  // The project skips declaration files, ours included: here they are checked.
  const checked = { ...options, skipLibCheck: false, noEmit: true };
  const host = ts.createCompilerHost(checked);
  const parsed = new Map<string, ts.SourceFile>();
  return (sources) =>
    ts.createProgram({
      rootNames: [...sources.keys()],
      options: checked,
      host: {
        ...host,
        fileExists: (file) => sources.has(file) || host.fileExists(file),
        readFile: (file) => sources.get(file) ?? host.readFile(file),
        getSourceFile: (file, language) => {
          const text = sources.get(file);
          if (text === undefined) {
            const known = parsed.get(file) ?? host.getSourceFile(file, language);
            if (known !== undefined) parsed.set(file, known);
            return known;
          }
          return ts.createSourceFile(file, text, language, true);
        },
      },
    });
}

/** What the compiler has against `sources`, one line each. */
export function compileErrors(program: ts.Program, sources: Sources): string[] {
  const ours = [...sources.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  });
  return [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics(), ...ours].map(
    (diagnostic) => {
      const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, " ");
      const { file, start } = diagnostic;
      if (file === undefined || start === undefined) return message;
      const line = file.getLineAndCharacterOfPosition(start).line + 1;
      return `${path.basename(file.fileName)}:${line}: ${message}`;
    },
  );
}

/** Every event that the namespaces Bbdo2 and Bbdo3 of `sources` declare. */
export function readTypings(program: ts.Program, sources: Sources): Typings {
  const checker = program.getTypeChecker();
  const complaints = compileErrors(program, sources);
  const files = [...sources.keys()].flatMap((file) => program.getSourceFile(file) ?? []);
  const events = GENERATIONS.flatMap((generation) => {
    const members = namespaceMembers(checker, files, generation);
    const found = members.flatMap((symbol) => readEvent(checker, generation, symbol, complaints));
    const union = members.find((symbol) => symbol.name === "Event");
    complaints.push(...unionComplaints(checker, `${generation}.Event`, union, found));
    return found;
  });
  complaints.push(
    ...unionComplaints(checker, "BrokerEvent", globalAlias(checker, files, "BrokerEvent"), events),
  );
  return { events, complaints };
}

function namespaceMembers(
  checker: ts.TypeChecker,
  files: readonly ts.SourceFile[],
  name: string,
): ts.Symbol[] {
  for (const statement of files.flatMap((file) => [...file.statements])) {
    if (!ts.isModuleDeclaration(statement) || statement.name.text !== name) continue;
    const symbol = checker.getSymbolAtLocation(statement.name);
    // Declarations of the same name are one symbol: the first one leads to all members.
    return symbol === undefined ? [] : checker.getExportsOfModule(symbol);
  }
  return [];
}

function globalAlias(
  checker: ts.TypeChecker,
  files: readonly ts.SourceFile[],
  name: string,
): ts.Symbol | undefined {
  const declaration = files
    .flatMap((file) => [...file.statements])
    .find((statement) => ts.isTypeAliasDeclaration(statement) && statement.name.text === name);
  return declaration && checker.getSymbolAtLocation((declaration as ts.TypeAliasDeclaration).name);
}

/** The event that a member of a namespace declares, if it does; else nothing. */
function readEvent(
  checker: ts.TypeChecker,
  generation: Generation,
  symbol: ts.Symbol,
  complaints: string[],
): EventShape[] {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  if (type.isUnion() || type.getProperty("_type") === undefined) return [];
  const name = symbol.name;
  const label = `${generation}.${name}`;
  if (symbol.getDocumentationComment(checker).length === 0) complaints.push(`${label}: has no doc comment`);
  const [eventType, category, element] = HEAD_FIELDS.map((field) => literalOf(checker, type, field));
  if (eventType === undefined || category === undefined || element === undefined) {
    complaints.push(`${label}: ${HEAD_FIELDS.join(", ")} must be number literals`);
    return [];
  }
  const fields = readFields(checker, type, label, complaints);
  HEAD_FIELDS.forEach((field) => fields.delete(field));
  return [{ generation, name, category, element, type: eventType, fields }];
}

function literalOf(checker: ts.TypeChecker, type: ts.Type, field: string): number | undefined {
  const symbol = type.getProperty(field);
  const fieldType = symbol && checker.getTypeOfSymbol(symbol);
  return fieldType?.isNumberLiteral() ? fieldType.value : undefined;
}

function readFields(
  checker: ts.TypeChecker,
  type: ts.Type,
  label: string,
  complaints: string[],
): Map<string, Field> {
  const fields = new Map<string, Field>();
  for (const property of checker.getPropertiesOfType(type)) {
    const field = `${label}.${property.name}`;
    const declaration = property.declarations?.[0];
    if (declaration && !(ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Readonly)) {
      complaints.push(`${field}: must be readonly`);
    }
    if (property.flags & ts.SymbolFlags.Optional) {
      complaints.push(`${field}: must be "| undefined", not optional: the broker knows every field`);
    }
    const full = checker.getTypeOfSymbol(property);
    const value = checker.getNonNullableType(full);
    fields.set(property.name, {
      value: readValue(checker, value, field, complaints),
      nilable: full !== value,
    });
  }
  return fields;
}

function readValue(checker: ts.TypeChecker, type: ts.Type, label: string, complaints: string[]): Value {
  if (type.flags & ts.TypeFlags.BooleanLike) return { kind: "boolean" };
  if (type.flags & ts.TypeFlags.Number) return { kind: "number" };
  if (type.flags & ts.TypeFlags.String) return { kind: "string" };
  const literals = (type.isUnion() ? type.types : [type]).map((one) =>
    one.isNumberLiteral() ? one.value : NaN,
  );
  if (!literals.some(Number.isNaN)) return enumeration(literals);
  if (checker.isArrayType(type)) {
    if (type.symbol.name !== "ReadonlyArray") complaints.push(`${label}: must be a readonly list`);
    const [of] = checker.getTypeArguments(type as ts.TypeReference);
    if (of) return { kind: "list", of: readValue(checker, of, `${label}[]`, complaints) };
  }
  if (type.flags & ts.TypeFlags.Object) {
    return { kind: "message", fields: readFields(checker, type, label, complaints) };
  }
  return { kind: "other", text: checker.typeToString(type) };
}

/** Whether the union is of exactly these events. */
function unionComplaints(
  checker: ts.TypeChecker,
  name: string,
  symbol: ts.Symbol | undefined,
  events: readonly EventShape[],
): string[] {
  const type = symbol && checker.getDeclaredTypeOfSymbol(symbol);
  if (!type?.isUnion()) return [`${name}: is not a union of events`];
  const members = new Set(type.types.map((member) => literalOf(checker, member, "_type")));
  return events
    .filter((event) => !members.has(event.type))
    .map((event) => `${name}: lacks ${event.generation}.${event.name}`);
}
