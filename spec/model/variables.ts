// What the connector knows of custom variables: engines tell them when they start, and it takes those that a rule looks at. Of
// what was told before it started it has what its journal has: either may be right.
import { type Resource, type Told, VARIABLE } from "./engine";
import { type Rules, needsMacro } from "./rulebook";

export interface Variables {
  readonly told: (this: void, told: Told) => void;
  /** A process begins. */
  readonly starts: (this: void) => void;
  /** All that a resource's, or else its host's, may be to the connector; empty: it is not known to have one. */
  readonly onCallOf: (this: void, resource: Resource) => readonly string[];
}

/** `rulesInForce`: several where it cannot be known which hold. */
export function createVariables(rulesInForce: (this: void) => readonly Rules[]): Variables {
  let isTold: Record<string, boolean | undefined> = {};

  const own = ({ key, labels }: Resource): string[] => {
    const onCall = labels?.onCall ?? "";
    return onCall === "" || isTold[key] === true ? [onCall] : [onCall, ""];
  };

  return {
    told: ({ says, resource, event }) => {
      if (says !== "variable" || resource === undefined) return;
      const isOnCall = (event as Bbdo3.CustomVariables).name === VARIABLE.onCall;
      if (isOnCall && rulesInForce().every((rules) => needsMacro(rules))) isTold[resource.key] = true;
    },
    starts: () => {
      isTold = {};
    },
    onCallOf: (resource) => {
      const { host } = resource;
      const all = own(resource);
      if (host === undefined || !all.includes("")) return all;
      return [...all.filter((it) => it !== ""), ...own(host)];
    },
  };
}
