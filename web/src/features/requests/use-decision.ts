import type { RequestVerb } from '../../gql/graphql';
import { useAction } from '../../lib/use-action.ts';
import {
  ApproveRequestDocument,
  DeferRequestDocument,
  DistributeRequestDocument,
  type QueueRequest,
  RejectRequestDocument,
} from './request-documents.ts';

type Decision = { comment: string; note: string; tokenId: string | null };

/** The four decisions as one act; answers the decided request, or null when it was refused. */
export function useDecision(verb: RequestVerb | undefined) {
  const actions = {
    APPROVE: useAction(ApproveRequestDocument),
    REJECT: useAction(RejectRequestDocument),
    DEFER: useAction(DeferRequestDocument),
    DISTRIBUTE: useAction(DistributeRequestDocument),
  };
  const all = Object.values(actions);
  return {
    busy: all.some(({ busy }) => busy),
    failure: all.find(({ failure }) => failure)?.failure ?? null,
    fieldErrors: verb ? actions[verb].fieldErrors : {},
    decide: async (
      { id: requestId, approvalsGiven }: QueueRequest,
      { comment, note, tokenId }: Decision,
    ): Promise<QueueRequest | null> => {
      if (!verb) return null;
      for (const { reset } of all) reset();
      const said = { requestId, comment: comment.trim() || null, note: note.trim() || null };
      const done =
        verb === 'DISTRIBUTE'
          ? await actions.DISTRIBUTE.run({ ...said, tokenId })
          : await actions[verb].run({ ...said, step: approvalsGiven + 1 });
      return done?.tokenRequest ?? null;
    },
  };
}
