import { Badge, Group } from '@mantine/core';
import { useTranslations } from 'use-intl';

export type MarkedToken = { managedElsewhere: boolean; onDevice: boolean };

/** What is special about an imported token, as words beside its status; nothing for any other. */
export function TokenMarks({ token }: { token: MarkedToken }) {
  const t = useTranslations('tokens.marks');
  const marks = (['managedElsewhere', 'onDevice'] as const).filter((mark) => token[mark]);
  if (marks.length === 0) return null;
  return (
    <Group gap={4} component="span" display="inline-flex">
      {marks.map((mark) => (
        <Badge key={mark} variant="outline" c="inherit" tt="none" fw={500} title={t(`${mark}Hint`)}>
          {t(mark)}
        </Badge>
      ))}
    </Group>
  );
}
