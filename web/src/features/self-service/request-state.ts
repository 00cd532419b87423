import type { MyRequest } from './my-documents.ts';

const open = ['PENDING', 'DEFERRED', 'APPROVED', 'WAITING_FOR_TOKEN'];

/** Whether something can still come of a request. */
export const isOpen = ({ status }: Pick<MyRequest, 'status'>): boolean => open.includes(status);

/** Whether its requester may cancel it: until a token is theirs. */
export const mayCancel = ({ waitsFor }: Pick<MyRequest, 'waitsFor'>): boolean =>
  Boolean(waitsFor) && waitsFor !== 'ACTIVATION';

/** Since when it has been where it is. */
export const stateSince = ({ decisions, createdAt }: MyRequest): string => decisions.at(-1)?.at ?? createdAt;
