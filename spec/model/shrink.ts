// Makes a history that goes wrong as short and as plain as it can be while it still goes wrong.
import type { History, Setting, Step } from "./history";
import type { Rules } from "./rulebook";

/** Simpler forms of a step, the simplest first. */
function simplerSteps(step: Step): Step[] {
  switch (step.step) {
    case "check":
      return step.age > 0 ? [{ ...step, age: 0 }] : [];
    case "time": {
      const simpler: Step[] = step.isBusy ? [{ ...step, isBusy: false }] : [];
      if (step.seconds > 1) simpler.push({ ...step, seconds: 1 });
      return simpler;
    }
    case "start":
      return step.diesAt === undefined ? [] : [{ step: "start", diesAt: undefined }];
    case "kill":
      return [{ step: "stop" }];
    case "engine restarts": {
      const { poller, after, breaks } = step;
      if (after === undefined) return [];
      const whole: Step = { step: "engine restarts", poller, after: undefined, breaks };
      return breaks === "kill" ? [whole, { ...step, breaks: "stop" }] : [whole];
    }
    case "rules":
      return typeof step.written === "string"
        ? []
        : simplerRules(step.written).map((written) => ({ step: "rules", written }));
    default:
      return [];
  }
}

/** A copy: a field that is set to undefined when a record is spread stays as it was. */
function without<Some extends object>(record: Some, name: string): Some {
  const less = { ...record } as Record<string, unknown>;
  less[name] = undefined;
  return less as Some;
}

/** With one rule less, and with one that says or asks less. */
function simplerRules(rules: Rules): Rules[] {
  const simpler: Rules[] = [];
  rules.forEach((rule, index) => {
    if (rules.length > 1) simpler.push(rules.filter((_, other) => other !== index));
    rule.when.forEach((_, place) => {
      const when = rule.when.filter((__, other) => other !== place);
      simpler.push(rules.with(index, { ...rule, when }));
    });
    for (const name of Object.keys(rule)) {
      if (name === "when" || Object.keys(rule).length <= 2) continue;
      simpler.push(rules.with(index, without(rule, name)));
    }
    const { texts } = rule;
    if (texts === undefined || Object.keys(texts).length < 2) return;
    for (const name of Object.keys(texts))
      simpler.push(rules.with(index, { ...rule, texts: without(texts, name) }));
  });
  return simpler;
}

function simplerSettings(setting: Setting): Setting[] {
  const simpler: Setting[] = [];
  for (const name of Object.keys(setting.parameters)) {
    simpler.push({ ...setting, parameters: without(setting.parameters, name) });
  }
  setting.hosts.forEach((host, index) => {
    const { parent, maximumAttempts } = host;
    if (parent !== undefined) {
      simpler.push({ ...setting, hosts: setting.hosts.with(index, { parent: undefined, maximumAttempts }) });
    }
    if (maximumAttempts > 1) {
      simpler.push({ ...setting, hosts: setting.hosts.with(index, { parent, maximumAttempts: 1 }) });
    }
  });
  setting.services.forEach((service, index) => {
    if (!service.isVolatile && service.maximumAttempts === 1) return;
    const plain = { host: service.host, maximumAttempts: 1, isVolatile: false };
    simpler.push({ ...setting, services: setting.services.with(index, plain) });
  });
  const { rules } = setting;
  if (rules !== undefined) {
    simpler.push(without(setting, "rules"));
    const { first, clock } = rules;
    for (const field of ["labels", "categories", "activities"] as const)
      if (rules[field] !== undefined) simpler.push({ ...setting, rules: without(rules, field) });
    if (clock.change !== undefined)
      simpler.push({ ...setting, rules: { ...rules, clock: without(clock, "change") } });
    if (typeof first !== "string")
      for (const fewer of simplerRules(first))
        simpler.push({ ...setting, rules: { ...rules, first: fewer } });
  }
  if (setting.hasJournal) simpler.push({ ...setting, hasJournal: false });
  if (setting.protocol !== "BBDO 3") simpler.push({ ...setting, protocol: "BBDO 3" });
  return simpler;
}

/** The shortest history found for which `fails` still holds, as it does for `history`. */
export function shrink(history: History, fails: (this: void, history: History) => boolean): History {
  let best = history;
  const accept = (candidate: History): boolean => {
    if (!fails(candidate)) return false;
    best = candidate;
    return true;
  };

  let isBetter = true;
  while (isBetter) {
    isBetter = false;
    for (let size = math.max(1, math.floor(best.steps.length / 2)); size >= 1; size = math.floor(size / 2)) {
      let from = 0;
      while (from < best.steps.length) {
        const steps = best.steps.filter((_, index) => index < from || index >= from + size);
        if (accept({ ...best, steps })) isBetter = true;
        else from += size;
      }
    }
    best.steps.forEach((step, index) => {
      const isSimplified = simplerSteps(step).some((simpler) =>
        accept({ ...best, steps: best.steps.with(index, simpler) }),
      );
      if (isSimplified) isBetter = true;
    });
    if (simplerSettings(best.setting).some((setting) => accept({ ...best, setting }))) isBetter = true;
  }
  return best;
}
