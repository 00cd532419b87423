import { QRCodeSVG } from 'qrcode.react';

/** A QR code of the address from which the app is loaded. */
export function AppCode({ url, title }: { url: string; title: string }) {
  return (
    <QRCodeSVG
      value={url}
      size={132}
      marginSize={4}
      level="M"
      bgColor="#ffffff"
      fgColor="#000000"
      title={title}
      data-testid="app-qr"
      style={{ display: 'block', borderRadius: 'var(--mantine-radius-md)' }}
    />
  );
}
