// The version, as package.json has it: make lint checks that they agree.
export const VERSION = "0.2.0";
