// How orders get to the output: to the running connector by a file beside its journal, and back by another; or, where no
// broker runs it, into the journal itself, for the next start. Knows the files and who may use them; what is ordered is the
// command's to say.
import { type Alert, isOpen, nameOf, setDesired } from "../alerts/alert";
import { createOpenUnknown } from "../alerts/open_unknown";
import { STATE } from "../alerts/policy";
import { hasOpen, processId } from "../broker/process";
import { type Answer, type Order, orderLine, orderPaths, readAnswers } from "../connector/order_lines";
import type { ReopenChoice } from "../feedback/apply";
import { resourceOfKey } from "../feedback/compare";
import { takeClosed } from "../feedback/told_closed";
import { alertLine, forgottenLine } from "../journal/lines";
import { lockJournal } from "../journal/lock";
import type { Settings } from "../settings/settings";
import { type FilePort, writeAndClose } from "../text/files";
import { withRemedy } from "./file_problem";
import { viewJournal } from "./journal_view";
import { runningOutput } from "./running";
import { outputOf, readFile, shellWord, succeeds } from "./shell";

/**
 * Seconds for which the running connector is waited for. It looks every two seconds; but a flush() may take some, and under
 * continuous load it looks once in a thousand events.
 */
const LONGEST_WAIT = 10;

/** Seconds between looks. */
const LOOK_INTERVAL = "0.1";

/** Where the output's journal is, and when what PagerDuty closed is opened anew. */
type OutputFiles = Pick<Settings, "state_path" | "pdy_reopen">;

export interface Delivered {
  readonly answers: readonly Answer[];
  /** The journal was changed, for there is no broker to carry the orders out: that takes effect at its next start. */
  readonly isForNextStart: boolean;
}

/** Waits until `isDone`, for LONGEST_WAIT seconds at most. Gives whether it is. */
function waitUntil(isDone: (this: void) => boolean): boolean {
  const end = os.time() + LONGEST_WAIT;
  while (!isDone()) {
    if (os.time() >= end) return false;
    outputOf(`sleep ${LOOK_INTERVAL}`);
  }
  return true;
}

/** Writes a file that whoever owns the one at `model` can read, and nobody else. Gives what went wrong. */
function writeFor(model: string, path: string, text: string): string | undefined {
  const [owner, to] = [shellWord(model), shellWord(path)];
  const problem = outputOf(`{ umask 077; : > ${to} && chown --reference=${owner} ${to}; } 2>&1`);
  if (problem !== "") return withRemedy(string.gsub(problem, "%s+$", "")[0], "is state_path right?");
  const [file, openProblem] = io.open(path, "wb");
  return file === undefined ? (openProblem ?? path) : writeAndClose(file, text);
}

/** Hands the orders to the connector that runs, and waits for its answers. */
function handOver(statePath: string, orders: readonly Order[]): Delivered | string {
  const paths = orderPaths(statePath);
  const id = orders[0]?.id ?? "";
  const fresh = `${paths.orders}-${id}`;
  const lines: string[] = [];
  for (const order of orders) lines.push(`${orderLine(order)}\n`);
  const problem = writeFor(`${statePath}.lock`, fresh, table.concat(lines));
  // A link, unlike a new name, never takes the place of somebody else's orders.
  const isPut =
    problem === undefined && waitUntil(() => succeeds(`ln ${shellWord(fresh)} ${shellWord(paths.orders)}`));
  os.remove(fresh);
  if (problem !== undefined) return `the order cannot be written: ${problem}`;
  if (!isPut) return `the connector has not taken ${paths.orders} of before yet: look into its log`;
  let answers: Answer[] = [];
  const isAnswered = waitUntil(() => {
    const [text] = readFile(paths.answers);
    answers = [];
    for (const answer of readAnswers(text ?? "")) if (answer.id === id) answers.push(answer);
    return answers.length > 0;
  });
  if (isAnswered) {
    os.remove(paths.answers);
    return { answers, isForNextStart: false };
  }
  const isStillThere = string.find(readFile(paths.orders)[0] ?? "", id, 1, true)[0] !== undefined;
  if (isStillThere) os.remove(paths.orders);
  return isStillThere
    ? `the connector did not take the order within ${LONGEST_WAIT} s, and it is withdrawn: look into its log; one of an older version takes none until cbd is restarted`
    : "the connector took the order, and did not answer: look into its log";
}

/** What an order does to the alert that the journal holds, and the line that says so there; undefined: none is needed. */
function changed(
  { kind, closed }: Order,
  alert: Alert,
  reopen: ReopenChoice,
): { readonly outcome: Answer["outcome"]; readonly line: string | undefined } {
  if (closed !== undefined) {
    const outcome = takeClosed(alert, closed, reopen, false, closed.askedAt);
    const isKnown = outcome === "ended" || outcome === "sent too lately";
    return { outcome, line: isKnown ? undefined : alertLine(alert, undefined, undefined) };
  }
  if (kind === "forget") return { outcome: "forgotten", line: forgottenLine(alert) };
  if (!isOpen(alert)) return { outcome: "ended", line: forgottenLine(alert) };
  alert.facts.state = STATE.ok;
  alert.facts.isFlapping = false;
  setDesired(alert, "resolved", alert.severity);
  alert.isResolveOrdered = true;
  // Place and report stand there already.
  return { outcome: "resolved", line: alertLine(alert, undefined, undefined) };
}

/** Adds whole lines to the file at `path`, in the place of one that a crash has torn. Gives what went wrong. */
function append(path: string, text: string, lines: readonly string[]): string | undefined {
  if (lines.length === 0) return undefined;
  const wholeLines = string.match(text, "^(.*\n)")[0] ?? "";
  const start = wholeLines.length;
  const added = table.concat(lines as string[], "\n");
  const [file, problem] = io.open(path, "r+b");
  if (file === undefined) return withRemedy(problem ?? path, "");
  file.seek("set", start);
  // Space after a line means nothing.
  const padding = string.rep(" ", math.max(0, text.length - start - added.length - 1));
  return writeAndClose(file, `${added}${padding}\n`);
}

const FILES: FilePort = {
  open: (path, mode) => io.open(path, mode as "r"),
  rename: (from, to) => os.rename(from, to),
  makePrivate: () => undefined,
};

/** Changes the journal as the orders say. Undefined when a broker runs the output after all. */
function changeJournal(
  { state_path: statePath, pdy_reopen }: OutputFiles,
  orders: readonly Order[],
): Delivered | string | undefined {
  const lock = `${statePath}.lock`;
  const own = processId();
  const [text, unreadable] = readFile(statePath);
  if (text === undefined) return withRemedy(unreadable, "the broker has not run this output yet");
  if (!lockJournal(statePath, { files: FILES, processId: own, hasOpen })) return undefined;
  succeeds(`chown --reference=${shellWord(statePath)} ${shellWord(lock)}`);
  const alerts = new LuaTable<string, Alert | undefined>();
  for (const alert of viewJournal(statePath).alerts) alerts.set(alert.dedupKey, alert);
  const answers: Answer[] = [];
  const lines: string[] = [];
  for (const order of orders) {
    const { id, key, route } = order;
    const alert = alerts.get(key);
    const resource = route === undefined ? undefined : resourceOfKey(key);
    if (alert === undefined && route !== undefined && resource !== undefined) {
      lines.push(alertLine(createOpenUnknown(resource, route), undefined, undefined));
      answers.push({ id, key, name: "", outcome: "resolved" });
    } else if (alert === undefined) {
      answers.push({ id, key, name: "", outcome: "unknown" });
    } else if (route !== undefined) {
      answers.push({ id, key, name: nameOf(alert), outcome: "a problem here" });
    } else {
      const { outcome, line } = changed(order, alert, pdy_reopen as ReopenChoice);
      if (outcome !== "resolved") alerts.set(key, undefined);
      if (line !== undefined) lines.push(line);
      answers.push({ id, key, name: nameOf(alert), outcome });
    }
  }
  const problem = append(statePath, text, lines);
  if (problem !== undefined) return `the journal cannot be changed: ${problem}`;
  // The broker's user does not see that root holds the lock: one that has started meanwhile may have read the journal before.
  const running = runningOutput(statePath);
  const isTaken = running.kind === "runs" && running.processId !== own;
  return isTaken ? undefined : { answers, isForNextStart: true };
}

/** What is to be done: an order but for whose it is, and until when it counts. */
export type Wanted = Omit<Order, "id" | "until">;

/** Has this carried out, or says why that is not possible. */
export function deliverOrders(output: OutputFiles, wanted: readonly Wanted[]): Delivered | string {
  const id = string.format("%s-%d", processId(), os.time());
  const orders: Order[] = [];
  // Time to be put there, and to be answered.
  const until = os.time() + 2 * LONGEST_WAIT;
  for (const { kind, key, route, closed } of wanted) orders.push({ id, kind, key, route, closed, until });
  const isStopped = runningOutput(output.state_path).kind === "stopped";
  const changes = isStopped ? changeJournal(output, orders) : undefined;
  return changes ?? handOver(output.state_path, orders);
}
