// Makes the bundles readable: TypeScriptToLua drops `//` comments and knows no header; an administrator opens
// dist/pagerduty.lua on a production server. Owns the looks of the bundles only, never their meaning.
const fs = require("node:fs");
const path = require("node:path");
const ts = require("typescript");

const root = path.resolve(__dirname, "../..");

/** The statements a comment can stand in front of. Comments elsewhere (inside expressions) are not kept. */
const STATEMENT_KINDS = [
  ts.SyntaxKind.BreakStatement,
  ts.SyntaxKind.ContinueStatement,
  ts.SyntaxKind.DoStatement,
  ts.SyntaxKind.ExpressionStatement,
  ts.SyntaxKind.ForOfStatement,
  ts.SyntaxKind.ForStatement,
  ts.SyntaxKind.FunctionDeclaration,
  ts.SyntaxKind.IfStatement,
  ts.SyntaxKind.ReturnStatement,
  ts.SyntaxKind.SwitchStatement,
  ts.SyntaxKind.VariableStatement,
  ts.SyntaxKind.WhileStatement,
];

/** The text of one TypeScript comment as Lua comment lines, without the leading `--`. */
function luaCommentLines(comment) {
  if (comment.startsWith("//")) return [comment.slice(2)];
  return comment
    .replace(/^\/\*+/, "")
    .replace(/\*+\/$/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\*?/, "").trimEnd())
    .filter((line, index, lines) => line !== "" || (index > 0 && index < lines.length - 1))
    .map((line) => (line === "" || line.startsWith(" ") ? line : ` ${line}`));
}

function commentsBefore(sourceFile, node) {
  const isMadeUp = node.pos < 0;
  if (isMadeUp) return [];
  const ranges = ts.getLeadingCommentRanges(sourceFile.text, node.getFullStart()) ?? [];
  return ranges.flatMap((range) => luaCommentLines(sourceFile.text.slice(range.pos, range.end)));
}

function transformStatementWithComments(node, context) {
  const statements = context.superTransformStatements(node);
  const isFirstOfFile = node === context.sourceFile.statements[0];
  const comments = isFirstOfFile ? [] : commentsBefore(context.sourceFile, node);
  if (statements.length > 0) statements[0].leadingComments = comments.length > 0 ? comments : undefined;
  return statements;
}

function transformSourceFile(node, context) {
  const [file] = context.superTransformNode(node);
  const first = node.statements[0];
  if (first !== undefined && file.statements.length > 0) {
    const comments = commentsBefore(node, first);
    if (comments.length > 0) file.statements[0].leadingComments = comments;
  }
  return file;
}

/** What an administrator must know of each bundle. */
const INTRODUCTIONS = {
  "pagerduty.lua": [
    "-- Where it goes:   /usr/share/centreon-broker/lua/pagerduty.lua",
    "-- Where to set it: Configuration > Pollers > Broker configuration > central-broker-master > Output,",
    '--                  "Generic - Stream connector", with the string parameter pdy_routing_key.',
    "-- What it needs:   Lua 5.1, 5.3, 5.4 or LuaJIT, and lua-curl (Lua-cURLv3).",
  ],
  "centreon-pagerduty.lua": [
    "-- The commands for administrators: check, smoke, fire, clear, explain, replay, status, retry.",
    "-- How to run it: lua centreon-pagerduty.lua COMMAND [options]; `help` lists the commands.",
    "-- What it needs: Lua 5.1, 5.3, 5.4 or LuaJIT, and lua-curl (Lua-cURLv3).",
  ],
};

function header(introduction) {
  const { name, version, description, license } = JSON.parse(
    fs.readFileSync(path.join(root, "package.json"), "utf8"),
  );
  return [
    `-- ${name} ${version}: ${description}`,
    `-- SPDX-License-Identifier: ${license}`,
    "--",
    ...introduction,
    "--",
    "-- Made from TypeScript by `make build`; change the source, not this file.",
    "",
  ].join("\n");
}

const opensFunction = /^\s*(local )?function [\w.]+\(/;
const isComment = /^\s*--/;

/** A blank line before each function and the comment that belongs to it. */
function withBlankLines(text) {
  const lines = text.split("\n");
  const output = [];
  for (const [index, line] of lines.entries()) {
    const startsBlock =
      !isComment.test(output.at(-1) ?? "") && (opensFunction.test(line) || isComment.test(line));
    let ahead = index;
    while (isComment.test(lines[ahead] ?? "")) ahead += 1;
    if (startsBlock && opensFunction.test(lines[ahead] ?? "") && (output.at(-1) ?? "") !== "")
      output.push("");
    output.push(line);
  }
  return output.join("\n");
}

function beautify(bundle) {
  const modules = bundle.replace(
    /^\["src\.([\w.]+)"\] = function\(\.\.\.\) $/gm,
    (line, name) =>
      `\n-- ${"-".repeat(20)} src/${name.replaceAll(".", "/")}.ts ${"-".repeat(20)}\n${line.trimEnd()}`,
  );
  return withBlankLines(modules.replaceAll("____exports", "exports")).replace(/[ \t]+$/gm, "");
}

const visitors = Object.fromEntries(STATEMENT_KINDS.map((kind) => [kind, transformStatementWithComments]));
visitors[ts.SyntaxKind.SourceFile] = transformSourceFile;

module.exports = {
  visitors,
  beforeEmit(_program, _options, _emitHost, files) {
    for (const file of files) {
      const introduction = INTRODUCTIONS[path.basename(file.outputPath)];
      if (introduction !== undefined) file.code = `${header(introduction)}${beautify(file.code).trim()}\n`;
    }
  },
};
