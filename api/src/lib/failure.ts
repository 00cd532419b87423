export type FailureKind =
  | 'InvalidInput'
  | 'NotFound'
  | 'InvalidState'
  | 'Conflict'
  | 'LimitReached'
  | 'Unsupported'
  | 'BadFile'
  | 'BadPassword';

export type FieldError = { path: string; code: string; message: string };
type Params = Record<string, string | number>;
type Extra = { fields?: FieldError[]; limit?: number; line?: number; serialNumber?: string };

/**
 * An expected failure of an action. Throwing it rolls the transaction back; GraphQL answers it as a member of the
 * result union. `code` is a stable literal that screens translate; `message` is English and says what to do.
 */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly code: string;
  readonly params: Params;
  readonly extra: Extra;

  constructor(kind: FailureKind, code: string, message: string, params: Params = {}, extra: Extra = {}) {
    super(message);
    this.name = kind;
    this.kind = kind;
    this.code = code;
    this.params = params;
    this.extra = extra;
  }
}

/** Refused input; each field by its dotted path without `input.`. */
export function invalidInput(...fields: FieldError[]): Failure {
  const message = fields.map((field) => field.message).join(' ');
  return new Failure('InvalidInput', 'input.invalid', message, {}, { fields });
}

/** Collects field errors and throws them together. */
export class FieldChecks {
  readonly #errors: FieldError[] = [];

  /** Notes an error for `path` unless `holds`. */
  require(holds: boolean, path: string, code: string, message: string): this {
    if (!holds) this.#errors.push({ path, code, message });
    return this;
  }

  /** Notes an error for `path` when a number is given that is no whole one in the range. */
  within(
    value: number | null | undefined,
    [from, to]: readonly [number, number],
    path: string,
    code: string,
    message: string,
  ): this {
    const isFine =
      value === null || value === undefined || (Number.isInteger(value) && value >= from && value <= to);
    return this.require(isFine, path, code, message);
  }

  /** @throws Failure InvalidInput when anything was noted. */
  done(): void {
    if (this.#errors.length > 0) throw invalidInput(...this.#errors);
  }
}

/** Too many tries: the answer is withheld for some seconds. GraphQL tells it as RATE_LIMITED. */
export class RateLimited extends Error {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number, message?: string) {
    super(message ?? `Too many wrong codes. Wait ${retryAfterSeconds} s, then try again.`);
    this.name = 'RateLimited';
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
