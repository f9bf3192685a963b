// What is said of a parameter that cannot be used as it was given.

/** Something about the parameters that the administrator must hear of. */
export interface Complaint {
  readonly isError: boolean;
  /** Names the parameter, the value, and what is expected. */
  readonly text: string;
}
