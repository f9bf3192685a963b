// JSON for specs, by a library that is not the connector's own: what we send must be read by others.
interface Dkjson {
  decode(
    this: void,
    text: string,
    position?: number,
    nullValue?: unknown,
  ): LuaMultiReturn<[unknown, number, string?]>;
  encode(this: void, value: unknown): string;
}

const dkjson = require("dkjson") as Dkjson;

/** The value that `text` stands for (null becomes nil); a failed parse fails the spec. */
export function decodeJson(text: string): unknown {
  const [value, , problem] = dkjson.decode(text);
  if (problem !== undefined) error(`not JSON: ${problem}: ${text}`);
  return value;
}

/** The JSON text of `value`. */
export function encodeJson(value: unknown): string {
  return dkjson.encode(value);
}
