import { Anchor, Box, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import classes from './FirstSteps.module.css';

const AppCode = lazy(() => import('./AppCode.tsx').then((module) => ({ default: module.AppCode })));

/** The way of a first token in three numbered steps: install the app (link, and QR code to it), scan, prove. */
export function FirstSteps({ appUrl, minutes }: { appUrl: string | null; minutes: number }) {
  const t = useTranslations('my.next.first');
  const isPhone = useMediaQuery('(pointer: coarse) and (max-width: 600px)');
  return (
    <ol className={classes['steps']}>
      <Step title={t('install')}>
        <Text size="sm">{t(appUrl ? (isPhone ? 'installHintPhone' : 'installHint') : 'installNoLink')}</Text>
        {appUrl && (
          <>
            <Anchor
              href={appUrl}
              target="_blank"
              rel="noreferrer"
              underline="always"
              size="sm"
              aria-label={t('getAppNew')}
            >
              {t('getApp')}
            </Anchor>
            {!isPhone && (
              <Box w={132} h={132} mt="xs">
                <Suspense>
                  <AppCode url={appUrl} title={t('qrTitle')} />
                </Suspense>
              </Box>
            )}
          </>
        )}
      </Step>
      <Step title={t('scan')}>
        <Text size="sm">{t('scanHint', { minutes })}</Text>
      </Step>
      <Step title={t('prove')}>
        <Text size="sm">{t('proveHint')}</Text>
      </Step>
    </ol>
  );
}

function Step({ title, children }: { title: string; children: ReactNode }) {
  return (
    <li>
      <div>
        <Text fw={600}>{title}</Text>
        {children}
      </div>
    </li>
  );
}
