import { QrCode } from '../../ui/QrCode.tsx';

/** A QR code of the address from which the app is loaded. */
export function AppCode({ url, title }: { url: string; title: string }) {
  return (
    <QrCode
      value={url}
      size={132}
      title={title}
      data-testid="app-qr"
      style={{ display: 'block', borderRadius: 'var(--mantine-radius-md)' }}
    />
  );
}
