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

/** Whoever has no session is led to the sign-in page and back. */
async function isSignedIn(): Promise<boolean> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query: '{ session { expiresAt } }' }),
  });
  const { data } = (await response.json()) as { data?: { session: object | null } };
  return Boolean(data?.session);
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

document.title = texts.title;
if (await isSignedIn()) createRoot(document.getElementById('root')!).render(<Explorer />);
else location.replace('/sign-in?next=%2Fexplorer%2F');
