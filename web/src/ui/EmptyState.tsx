import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** An empty place: what it is for, and the one button that fills it. */
export function EmptyState({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <Stack align="flex-start" gap="xs" py="xl">
      <Text component="h2" fw={600} style={{ overflowWrap: 'anywhere' }}>
        {title}
      </Text>
      {children && <Text c="dimmed">{children}</Text>}
      {action}
    </Stack>
  );
}
