// Carries out what an administrator orders by `resolve`, `forget` and `reconcile --fix`: looks for the file of orders beside the journal, and
// says beside it what became of each. What an alert's end means is the book's to know.
import { type Alert, isOpen, nameOf } from "../alerts/alert";
import type { Book } from "../alerts/book";
import type { ReopenChoice } from "../feedback/apply";
import { resourceOfKey } from "../feedback/compare";
import { takeClosed } from "../feedback/told_closed";
import { type FilePort, replaceFile } from "../text/files";
import { type Answer, type Order, type ReadClosed, answerLine, orderPaths, readOrders } from "./order_lines";

/** Seconds between looks for orders: a person waits for the answer. */
const LOOK_INTERVAL = 2;

export interface OrdersPorts {
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
  readonly unixTime: (this: void) => number;
  readonly files: FilePort;
  readonly book: Pick<
    Book,
    "eachAlert" | "resolveNow" | "resolveUnknown" | "forget" | "learnt" | "isOfQuietPoller"
  >;
  readonly reopen: ReopenChoice;
  readonly info: (this: void, text: string) => void;
  readonly warning: (this: void, text: string) => void;
}

/** A look for orders, to be taken often, for the output whose journal is at `statePath`. */
export function createOrders(statePath: string, ports: OrdersPorts): (this: void) => void {
  const { now, files, book } = ports;
  const paths = orderPaths(statePath);
  const taken = `${paths.orders}.taken`;
  let lastLook = now();

  const close = (alert: Alert, closed: ReadClosed): Answer["outcome"] => {
    const askedAt = now() - (ports.unixTime() - closed.askedAt);
    const outcome = takeClosed(alert, closed, ports.reopen, book.isOfQuietPoller(alert), askedAt);
    if (outcome === "sent too lately" || outcome === "ended") return outcome;
    ports.info(
      `${nameOf(alert)} (${alert.dedupKey}): it was closed by ${closed.by ?? "PagerDuty itself (a timeout, or the API)"}, as centreon-pagerduty reconcile has read: ${outcome}`,
    );
    book.learnt(alert);
    return outcome;
  };

  const outcomeOf = ({ kind, closed }: Order, alert: Alert): Answer["outcome"] => {
    if (kind === "close") return closed === undefined ? "unknown" : close(alert, closed);
    const isUnderWay = alert.inFlight !== undefined;
    if (kind === "resolve") {
      const mayBeOpen = isOpen(alert) || isUnderWay;
      alert.isResolveOrdered = true;
      book.resolveNow(alert, "it is resolved by hand (centreon-pagerduty resolve)");
      return mayBeOpen ? "resolved" : "ended";
    }
    if (isUnderWay) return "under way";
    ports.info(
      `${nameOf(alert)} (${alert.dedupKey}): it is forgotten by hand (centreon-pagerduty forget); PagerDuty is not told`,
    );
    book.forget(alert);
    return "forgotten";
  };

  /** Of a key that no alert has: what PagerDuty has open of it is resolved where the order says by which routing key. */
  const outcomeOfUnknown = ({ kind, key, route }: Order): Answer["outcome"] => {
    const resource = resourceOfKey(key);
    if (kind !== "resolve" || route === undefined || resource === undefined) return "unknown";
    ports.info(
      `${key}: nothing is known of it here, and PagerDuty has it open: it is resolved by hand (centreon-pagerduty reconcile)`,
    );
    book.resolveUnknown(resource, route);
    return "resolved";
  };

  /** Carries out what is still waited for. */
  const carryOut = (orders: readonly Order[]): Answer[] => {
    const alerts = new LuaTable<string, Alert | undefined>();
    book.eachAlert((alert) => {
      alerts.set(alert.dedupKey, alert);
    });
    const answers: Answer[] = [];
    for (const order of orders) {
      const { id, key } = order;
      const alert = alerts.get(key);
      if (ports.unixTime() >= order.until) {
        ports.warning(`nobody waits any more for the order to ${order.kind} ${key}: it is not carried out`);
      } else if (alert === undefined) {
        answers.push({ id, key, name: "", outcome: outcomeOfUnknown(order) });
      } else {
        const name = nameOf(alert);
        const outcome = order.route === undefined ? outcomeOf(order, alert) : "a problem here";
        // Whatever has ended and is settled is no alert any more.
        const isGone = order.kind !== "close" && (outcome === "ended" || outcome === "forgotten");
        if (isGone) alerts.set(key, undefined);
        answers.push({ id, key, name, outcome });
      }
    }
    return answers;
  };

  return () => {
    if (now() - lastLook < LOOK_INTERVAL) return;
    lastLook = now();
    // Under another name first: nobody takes it twice, and nobody adds to it any more.
    const [isTaken] = files.rename(paths.orders, taken);
    if (isTaken !== true) return;
    const [file, problem] = files.open(taken, "rb");
    if (file === undefined) {
      ports.warning(`orders cannot be read: ${problem ?? taken}; give them as root or as the broker's user`);
      return;
    }
    const text = file.read("*a") ?? "";
    file.close();
    const lines: string[] = [];
    for (const answer of carryOut(readOrders(text))) lines.push(`${answerLine(answer)}\n`);
    // The file of the orders becomes that of the answers: it is readable for whoever gave them, and for nobody else.
    const writeProblem = replaceFile(files, paths.answers, taken, table.concat(lines));
    if (writeProblem !== undefined)
      ports.warning(`orders were carried out, and cannot be answered: ${writeProblem}`);
  };
}
