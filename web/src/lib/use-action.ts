import { CombinedGraphQLErrors, type OperationVariables, type TypedDocumentNode } from '@apollo/client';
import { useMutation } from '@apollo/client/react';
import { useCallback, useState } from 'react';

/** A failure as screens show it, whether a member of a result union or an error of the whole request. */
export type ActionFailure = {
  code: string;
  message: string;
  params: { name: string; value: string }[];
  line?: number | null;
  faultySerialNumber?: string | null;
};

type Refusal = ActionFailure & { fields?: { path: string; message: string }[] };
type ResultOf<Data> = Data[Exclude<keyof Data, '__typename'>];
type SuccessOf<Data> = Exclude<ResultOf<Data>, { code: string }>;

export type Action<Data, Variables> = {
  /** Answers the success, or null when it was refused; then `failure` or `fieldErrors` say why. */
  run(variables: Variables): Promise<SuccessOf<Data> | null>;
  busy: boolean;
  failure: ActionFailure | null;
  /** By the input's path. */
  fieldErrors: Record<string, string>;
  reset(): void;
};

/** Runs a mutation of the contract's form: one field, whose result is a success or a failure. */
export function useAction<Data, Variables extends OperationVariables>(
  document: TypedDocumentNode<Data, Variables>,
): Action<Data, Variables> {
  const [mutate] = useMutation<Data, Variables>(document);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Refusal | null>(null);

  const run = useCallback(
    async (variables: Variables) => {
      setBusy(true);
      setFailure(null);
      try {
        const { data } = await mutate({ variables } as never);
        const result = Object.entries(data ?? {}).find(
          ([name]) => name !== '__typename',
        )?.[1] as ResultOf<Data>;
        if (isRefusal(result)) {
          setFailure(result);
          return null;
        }
        return result as SuccessOf<Data>;
      } catch (error) {
        const failed = failureOf(error);
        setFailure(failed.code === 'UNREACHABLE' ? unanswered : failed);
        return null;
      } finally {
        setBusy(false);
      }
    },
    [mutate],
  );
  const reset = useCallback(() => setFailure(null), []);
  const fields = failure?.fields ?? [];
  return {
    run,
    busy,
    failure: fields.length > 0 ? null : failure,
    fieldErrors: Object.fromEntries(fields.map(({ path, message }) => [path, message])),
    reset,
  };
}

const isRefusal = (result: unknown): result is Refusal =>
  typeof result === 'object' && result !== null && 'code' in result && 'params' in result;

/** An error of a whole request as a failure: what the server said, or that it could not be reached. */
export function failureOf(error: unknown): ActionFailure {
  const [first] = CombinedGraphQLErrors.is(error) ? error.errors : [];
  if (first)
    return { code: String(first.extensions?.code ?? 'INTERNAL'), message: first.message, params: [] };
  return { code: 'UNREACHABLE', message: 'The server cannot be reached. Try again.', params: [] };
}

/** The server may have done it, and its answer was lost on the way. */
const unanswered: ActionFailure = {
  code: 'UNANSWERED',
  message: 'No answer came from the server. It may have been done all the same: look before you try again.',
  params: [],
};
