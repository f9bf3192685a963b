// Command line: `node build/tools/eventtypes/main.js` proves types/events/ against spec/fixtures/events/.
// Prints one line per mismatch and exits with 1, or a summary line.

import { fileURLToPath } from "node:url";
import { check, readInputs } from "./check.js";
import { createCompiler } from "./typings.js";

/** The repository, seen from build/tools/eventtypes/. */
const root = fileURLToPath(new URL("../../..", import.meta.url));

const { complaints, events, fields, recordedEvents } = check(readInputs(root), createCompiler(root));
for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) {
  console.error(`event typings: ${complaints.length} mismatches with spec/fixtures/events/`);
  process.exitCode = 1;
} else {
  console.log(
    `event typings: ${events} events with ${fields} fields and ${recordedEvents} recorded events agree`,
  );
}
