// The administrator's choices about alerts that are open already, as the table of actions takes them.
import type { ActionRules, HoldAction } from "../alerts/alert";
import type { Settings } from "../settings/settings";

export function actionRulesOf(settings: Settings): ActionRules {
  return {
    resolvesRecoveries: settings.pdy_resolve,
    passesOnAcknowledgements: settings.pdy_acknowledge,
    repageOnEscalation: settings.pdy_repage_on_escalation,
    updatesState: settings.pdy_updates !== "none",
    updatesOutput: settings.pdy_updates === "output",
  };
}

/** What a downtime does to an open alert; undefined: nothing. */
export function downtimeActionOf({ pdy_downtime_action: action }: Settings): HoldAction | undefined {
  return action === "none" ? undefined : (action as HoldAction);
}
