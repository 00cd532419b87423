import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './explorer.css';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { forgetful } from './forgetful-storage.ts';
import texts from '../src/messages/en/explorer.json';

const query = `# ${texts.first.join('\n# ')}

query Me {
  viewer { userName }
  session { permissions expiresAt }
}
`;

/** Whether there is a session, and whether an administrator has documents of others refused in it. */
async function lookAround(): Promise<'signed in' | 'signed out' | 'switched off'> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query: '{ session { expiresAt } }' }),
  });
  const { data, errors } = (await response.json()) as {
    data?: { session: object | null };
    errors?: { extensions: { code: string } }[];
  };
  if (errors?.some(({ extensions }) => extensions.code === 'FORBIDDEN')) return 'switched off';
  return data?.session ? 'signed in' : 'signed out';
}

function Explorer() {
  const socket = `${location.origin.replace(/^http/, 'ws')}/graphql`;
  return (
    <GraphiQL
      fetcher={createGraphiQLFetcher({ url: '/graphql', subscriptionUrl: socket })}
      initialQuery={query}
      storage={forgetful()}
      defaultEditorToolsVisibility="variables"
    >
      <GraphiQL.Logo>
        <a className="home" href="/">
          {texts.back}
        </a>
      </GraphiQL.Logo>
    </GraphiQL>
  );
}

const SwitchedOff = () => (
  <main className="off">
    <h1>{texts.title}</h1>
    <p>{texts.off}</p>
    <a href="/">{texts.back}</a>
  </main>
);

document.title = texts.title;
const found = await lookAround();
const root = createRoot(document.getElementById('root')!);
if (found === 'signed in') root.render(<Explorer />);
else if (found === 'switched off') root.render(<SwitchedOff />);
else location.replace('/sign-in?next=%2Fexplorer%2F');
