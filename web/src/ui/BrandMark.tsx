import { Group, Text } from '@mantine/core';
import { useBranding } from '../lib/branding.ts';
import { Mark } from './Mark.tsx';

/** The customer's logo and name, or ours; the name is told once, so the picture has no other text. */
export function BrandMark({ size = 28 }: { size?: number }) {
  const { productName, logo } = useBranding();
  return (
    <Group gap="xs" wrap="nowrap">
      {logo ? (
        <img src={logo} alt="" style={{ maxHeight: 32, maxWidth: 160, objectFit: 'contain' }} />
      ) : (
        <Mark size={size} />
      )}
      <Text fw={600} fz={size > 30 ? 22 : undefined} style={{ overflowWrap: 'anywhere' }}>
        {productName}
      </Text>
    </Group>
  );
}
