import { Stack, Text, Title } from '@mantine/core';
import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconCircleXFilled,
  IconInfoCircleFilled,
} from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useFindingText } from '../../lib/use-finding-text.ts';
import classes from './FindingList.module.css';
import type { AddressFinding } from './address-documents.ts';

const shapes = [
  { severity: 'ERROR', Icon: IconCircleXFilled, color: 'var(--sy-stopped)' },
  { severity: 'WARNING', Icon: IconAlertTriangleFilled, color: 'var(--sy-waiting)' },
  { severity: 'NOTE', Icon: IconInfoCircleFilled, color: 'var(--sy-quiet)' },
  { severity: 'OK', Icon: IconCircleCheckFilled, color: 'var(--sy-working)' },
] as const;

/** What a check found, the gravest first, under words that say how grave it is; each with what to do. */
export function FindingList({
  findings,
  forPhones,
}: {
  findings: readonly AddressFinding[];
  forPhones: boolean;
}) {
  const t = useTranslations('addresses');
  const words = useFindingText();
  return (
    <Stack gap="md">
      {shapes.map(({ severity, Icon, color }) => {
        const these = findings.filter((one) => one.severity === severity);
        if (these.length === 0) return null;
        const heading = severity === 'ERROR' && !forPhones ? 'ERROR_CONSOLES' : severity;
        return (
          <Stack key={severity} gap={8}>
            <Title order={3}>{t(`severity.${heading}`)}</Title>
            <ul className={classes['list']}>
              {these.map((one) => {
                const { text, todo } = words(one);
                return (
                  <li key={`${one.code} ${one.message}`}>
                    <Icon size={18} color={color} aria-hidden="true" />
                    <div>
                      <Text>{text}</Text>
                      {todo && (
                        <Text c="dimmed" size="sm">
                          {todo}
                        </Text>
                      )}
                    </div>
                  </li>
                );
              })}
            </ul>
          </Stack>
        );
      })}
    </Stack>
  );
}
