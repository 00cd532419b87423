import { Code } from '@mantine/core';
import type { ClipboardEvent } from 'react';
import { groupSerialNumber } from '../lib/serial-number.ts';

/** A serial number in groups of four; copied without the spaces. */
export function SerialNumber({ value }: { value: string }) {
  const copy = (event: ClipboardEvent) => {
    const selected = getSelection()?.toString() ?? '';
    if (selected.trim() !== groupSerialNumber(value)) return;
    event.clipboardData.setData('text/plain', value);
    event.preventDefault();
  };
  return (
    <Code bg="transparent" p={0} fz="inherit" onCopy={copy} style={{ whiteSpace: 'nowrap' }}>
      {groupSerialNumber(value)}
    </Code>
  );
}
