// The part of luatz (package lua-tz of Centreon) that a conversion to a time zone needs. The library is optional
// at run time. Source: the library's own code, github.com/daurnimator/luatz, 0.3 and 0.4. The types are global,
// since the module is loaded under pcall: const [loaded, luatz] = pcall(() => require("luatz") as LuatzModule);

/** How a time zone's clocks run at some moment. */
interface LuatzOffset {
  /** Ahead of UTC; negative in the west. */
  readonly gmtoff: Bbdo.Seconds;
  /** Daylight saving time. */
  readonly isdst: boolean;
  /** At most the first three letters of the zone's abbreviation. */
  readonly abbr: string;
}

/** A time zone. Moments after the last change that its file lists get the offset of that change. */
interface LuatzTimeZone {
  find_current(moment: Bbdo.UnixTime): LuatzOffset;
  /** The moment plus the zone's offset: as if the local time were UTC. Now, if no moment is given. */
  localise(moment?: Bbdo.UnixTime): number;
  /** From what `localise` returns back to the moment; a second one when the local time came twice. */
  utctime(local: number): LuaMultiReturn<[Bbdo.UnixTime, Bbdo.UnixTime | undefined]>;
}

/** A date and time in fields, without a zone. They are out of range until `normalise` is called. */
interface LuatzTimetable {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  /** From 1. */
  readonly day: number;
  readonly hour: number;
  readonly min: number;
  /** Can have a fraction. */
  readonly sec: number;
  /** Brings every field into its range, and returns the table itself. */
  normalise(): LuatzTimetable;
  /** `2025-10-09T08:53:20.000`: milliseconds, but no zone. Call `normalise` first. */
  rfc_3339(): string;
  /** Seconds since 1970-01-01 00:00 of the same zone. */
  timestamp(): number;
}

/** What `require("luatz")` returns. */
interface LuatzModule {
  /** Now; whole seconds unless a socket or system call library is installed. */
  time(this: void): Bbdo.UnixTime;
  /** Of a name such as `Europe/Paris`, or of the machine without one. Raises when its file cannot be read. */
  get_tz(this: void, name?: string): LuatzTimeZone;
  readonly timetable: {
    new_from_timestamp(this: void, seconds: number): LuatzTimetable;
  };
}

/** @noResolution */
declare module "luatz" {
  const luatz: LuatzModule;
  export = luatz;
}
