import { QRCodeSVG } from 'qrcode.react';
import type { CSSProperties } from 'react';

type QrCodeProps = {
  value: string;
  /** What it holds, for who does not see it. */
  title: string;
  /** Pixels. */
  size?: number;
  className?: string | undefined;
  style?: CSSProperties;
  'data-testid': string;
};

/** Black on white with four modules around it in either colour scheme, for cameras read nothing else as well. */
export function QrCode({ size = 280, ...rest }: QrCodeProps) {
  return <QRCodeSVG size={size} marginSize={4} level="M" bgColor="#ffffff" fgColor="#000000" {...rest} />;
}
