import activation from '../messages/en/activation.json';
import common from '../messages/en/common.json';
import failures from '../messages/en/failures.json';
import my from '../messages/en/my.json';
import requests from '../messages/en/requests.json';
import session from '../messages/en/session.json';
import type { AdminMessages } from './admin-messages.ts';

/** Texts that both shells and the sign-in page need. */
export const messages = { activation, common, failures, my, requests, session };

declare module 'use-intl' {
  interface AppConfig {
    Messages: typeof messages & AdminMessages;
    Locale: 'en';
  }
}
