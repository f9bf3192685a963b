// The notes and addresses that a person wrote in Centreon, as a responder reads them: with the macros expanded that
// Centreon's pages expand. Knows the macros' values; what a macro is, text/macros does.
import type { DescribedAlert } from "../alerts/alert";
import { expandMacros } from "../text/macros";
import { urlEncode } from "../text/url";

function macrosOf({ resource, place, report }: DescribedAlert): Record<string, string | undefined> {
  const isService = resource.kind === "service";
  return {
    HOSTNAME: place.hostName,
    HOSTALIAS: place.hostAlias,
    HOSTADDRESS: place.hostAddress,
    HOSTSTATE: isService ? undefined : report.stateName,
    SERVICEDESC: isService ? place.serviceDescription : undefined,
    SERVICESTATE: isService ? report.stateName : undefined,
  };
}

export function notesOf(alert: DescribedAlert): string {
  return expandMacros(alert.place.notes ?? "", macrosOf(alert), (value) => value);
}

export function notesUrlOf(alert: DescribedAlert): string {
  return expandMacros(alert.place.notesUrl ?? "", macrosOf(alert), urlEncode);
}

export function actionUrlOf(alert: DescribedAlert): string {
  return expandMacros(alert.place.actionUrl ?? "", macrosOf(alert), urlEncode);
}
