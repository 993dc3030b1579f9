// The one class of fault: something that went wrong and is nobody's answer to a pod.

/** Where a fault was found. Lines and columns count from 1. */
export interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** JSON Pointer into the value at hand. */
  readonly pointer?: string;
}

/**
 * A fault, with a stable dotted code: `review.*` is the caller's doing (HTTP 400), everything else is ours.
 * Expected outcomes (leave alone, refuse) are values, never faults.
 */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: string;
  readonly at: Place | undefined;
  /** What was found wrong beside it, where a user can mend several things at once. */
  readonly others: readonly Fault[];
  /** Names of what was at hand, such as the pod's namespace; they are the caller's, of any length. */
  readonly about: Readonly<Record<string, string>>;

  /** @param message one sentence that says what is wrong and, where it helps, what to do */
  constructor(code: string, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.at = options.at;
    this.others = options.others ?? [];
    this.about = options.about ?? {};
  }
}

/** What a fault may carry beside its code and message. */
export interface FaultOptions {
  readonly at?: Place | undefined;
  readonly cause?: unknown;
  readonly others?: readonly Fault[];
  readonly about?: Readonly<Record<string, string>>;
}

/** @throws the faults as one, the first with the others; nothing where there are none */
export const throwAll = ([first, ...others]: readonly Fault[]): void => {
  if (first !== undefined) {
    throw new Fault(first.code, first.message, { at: first.at, cause: first.cause, others });
  }
};

/** Writes a fault as `file:line:column: message (code)`, leaving out what is not known, and the others a line each. */
export const formatFault = (fault: Fault): string => [fault, ...fault.others].map(formatOne).join('\n');

const formatOne = (fault: Fault): string => {
  const { file, line, column, pointer } = fault.at ?? {};
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  const where = [place, pointer].filter((part) => part !== undefined && part !== '').join(' ');
  return `${where === '' ? '' : `${where}: `}${fault.message} (${fault.code})`;
};

/** Makes an `Error` of whatever was thrown: some libraries throw texts and plain objects. */
export const toError = (thrown: unknown): Error => {
  if (thrown instanceof Error) {
    return thrown;
  }
  return new Error(typeof thrown === 'string' ? thrown : JSON.stringify(thrown));
};
