import '@fontsource-variable/inter/index.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './styles.css';
import { ApolloProvider } from '@apollo/client/react';
import { MantineProvider } from '@mantine/core';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { IntlProvider } from 'use-intl';
import { apollo } from './lib/apollo.ts';
import { messages } from './lib/messages.ts';
import { theme } from './lib/theme.ts';
import { router } from './router.tsx';

const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <IntlProvider locale="en" timeZone={timeZone} messages={messages as never}>
        <ApolloProvider client={apollo}>
          <RouterProvider router={router} />
        </ApolloProvider>
      </IntlProvider>
    </MantineProvider>
  </StrictMode>,
);
