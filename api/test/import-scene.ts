import { securidTokencode } from '@symbolon/tokencode/securid';
import { unixSeconds } from '../src/lib/clock.ts';
import { act } from './act.ts';
import { asProgram, keyOf } from './keys.ts';
import type { Person, TestApi } from './kit.ts';
import { records } from './token-file.ts';
import { upload } from './upload.ts';

export const JOB = `job { id name state total done skipped failed message dryRun rowsCut counts { name number }
  rows(first: 200) { nodes { position line serialNumber outcome code message } } }`;
const TOKEN = 'id serialNumber status pinStyle managedElsewhere onDevice assignedTo { userName }';

/** Imports by this administrator, and what came of them. */
export function importScene(api: TestApi, admin: Person) {
  let last = 0;
  /** Uploads a file and asks for its import. */
  const start = async (file: string, input: object = {}, person = admin) => {
    const { id } = await upload(api.url, person, file);
    return { fileId: id, answer: await act(person, 'importTokens', { fileId: id, ...input }, JOB) };
  };
  const jobNow = async (id: string) =>
    (await admin.graphql(`query ($id: ID!) { ${JOB.replace('job', 'job(id: $id)')} }`, { id })).data.job;
  return {
    start,
    jobNow,
    /** Tokens with serial numbers that no other test has. */
    fresh: (count: number) => records(count, (last += 1000)),
    /** Uploads, imports, and answers the job as it ended. */
    async imported(file: string, input: object = {}, person = admin) {
      const { answer } = await start(file, input, person);
      if (!answer.job) throw new Error(JSON.stringify(answer));
      await api.work();
      const job = await jobNow(answer.job.id);
      const counts = job.counts.map((one: { name: string; number: number }) => [one.name, one.number]);
      return { ...job, counts: Object.fromEntries(counts) };
    },
    tokenNow: async (serialNumber: string) =>
      (
        await admin.graphql(
          `query ($serialNumber: String!) { token(serialNumber: $serialNumber) { ${TOKEN} } }`,
          { serialNumber },
        )
      ).data.token,
    /** What a program hears of the code that the token shows now. */
    async verify(serialNumber: string, seed: Uint8Array): Promise<string> {
      const program = asProgram(api.url, admin, await keyOf(admin, ['PASSCODES_VERIFY']));
      const at = unixSeconds(api.deps.clock.now());
      const passcode = securidTokencode({ seed, serialNumber, digits: 8, intervalSeconds: 60, at });
      return (await act(program, 'verifyPasscode', { target: { serialNumber }, passcode }, 'outcome'))
        .outcome;
    },
  };
}
