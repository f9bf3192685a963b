// Command line: `node build/tools/docs/main.js` prints docs/parameters.md. `make docs` keeps it.
import { ALIASES, OBSOLETE, PARAMETERS } from "../../src/settings/parameters.js";
import { GROUPS, parametersPage } from "./parameters_page.js";

process.stdout.write(
  parametersPage({ parameters: PARAMETERS, groups: GROUPS, aliases: ALIASES, obsolete: OBSOLETE }),
);
