import { Agent, request } from 'node:http';
import { compare, perSecond } from './rounds.ts';

const WIDTH = 8;
const query = `query { tokens(first: 50) {
  nodes { id serialNumber status enabled expiresOn lastUsedAt nickname assignedTo { id userName } profile { id name } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;

/**
 * A 50-token list as the console asks for it, through GraphQL over HTTP, against a bare handler. Several people ask in turn:
 * one alone would be told to wait.
 */
export async function benchTokenList(
  graphql: { url: string; cookies: string[]; origin: string },
  bareUrl: string,
  { rounds, size }: { rounds: number; size: number },
) {
  const agent = new Agent({ keepAlive: true, maxSockets: WIDTH });
  const body = JSON.stringify({ query });
  const asked = Array.from({ length: size }, (_, at) => at);
  const product = (at: number) =>
    post(
      agent,
      `${graphql.url}/graphql`,
      { Cookie: graphql.cookies[at % graphql.cookies.length]!, Origin: graphql.origin },
      body,
    );
  const floor = () => post(agent, `${bareUrl}/list`, {}, body);
  const [one, other] = [JSON.parse(await product(0)) as Answer, JSON.parse(await floor()) as Answer];
  if (one.data?.tokens.nodes.length !== 50 || JSON.stringify(one.data) !== JSON.stringify(other.data)) {
    throw new Error(
      `Product and floor answer differently: ${JSON.stringify(one).slice(0, 600)} and ${JSON.stringify(other).slice(0, 600)}`,
    );
  }
  const comparison = await compare(
    {
      title: 'A list of 50 tokens',
      text: 'as the console asks for it, with owner, profile and status, through GraphQL over HTTP with a session, 8 at a time; against an express handler with one statement that answers the same JSON to anybody',
      aim: 'at least 0.3, aim 0.5',
    },
    rounds,
    () => perSecond(asked, WIDTH, product),
    () => perSecond(asked, WIDTH, floor),
  );
  agent.destroy();
  return comparison;
}

type Answer = { data?: { tokens: { nodes: unknown[] } } };

function post(agent: Agent, url: string, headers: Record<string, string>, body: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const sent = request(
    url,
    {
      method: 'POST',
      agent,
      headers: { ...headers, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
    },
    (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`HTTP ${response.statusCode}: ${text.slice(0, 200)}`));
      });
      response.on('error', reject);
    },
  );
  sent.on('error', reject);
  sent.end(body);
  return promise;
}
