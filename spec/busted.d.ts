// The part of busted and luassert that the specs use. Ambient, global, as busted provides it.

/** @noSelfInFile */

declare function describe(name: string, block: () => void): void;
declare function it(name: string, block: () => void): void;
/** Runs before or after each `it` of the block. */
declare function before_each(block: () => void): void;
declare function after_each(block: () => void): void;
/** Runs once around the block. */
declare function setup(block: () => void): void;
declare function teardown(block: () => void): void;
/** Marks a spec that cannot run here, with the reason in sight. */
declare function pending(name: string): void;

declare namespace assert {
  function equal(expected: unknown, actual: unknown, message?: string): void;
  /** Deep comparison of tables. */
  function same(expected: unknown, actual: unknown, message?: string): void;
  function is_true(value: unknown, message?: string): void;
  function is_false(value: unknown, message?: string): void;
  function is_nil(value: unknown, message?: string): void;
  function is_not_nil(value: unknown, message?: string): void;
  function has_error(block: () => void, expected?: string): void;
  function not_equal(unexpected: unknown, actual: unknown, message?: string): void;
}
