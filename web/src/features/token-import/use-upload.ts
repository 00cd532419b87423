import { useCallback, useEffect, useRef, useState } from 'react';

/** Octets that the server takes. */
export const MAX_UPLOAD = 512 * 1024 * 1024;
/** Uploads of one person that may wait. */
export const MAX_OPEN = 5;

export type UploadProblem = { kind: 'large' | 'empty' | 'broken' } | { kind: 'refused'; message: string };
export type Uploading = { name: string; loaded: number; total: number };

/** Sends a file to POST /files, with its progress; what is under way ends when the page is left. */
export function useUpload(onDone: (fileId: string) => void) {
  const [uploading, setUploading] = useState<Uploading>();
  const [problem, setProblem] = useState<UploadProblem>();
  const request = useRef<XMLHttpRequest>(undefined);

  const cancel = useCallback(() => {
    request.current?.abort();
    request.current = undefined;
    setUploading(undefined);
  }, []);
  useEffect(() => cancel, [cancel]);

  const upload = (file: File) => {
    cancel();
    const wrong = file.size > MAX_UPLOAD ? 'large' : file.size === 0 ? 'empty' : undefined;
    setProblem(wrong && { kind: wrong });
    if (wrong) return;
    const sent = new XMLHttpRequest();
    request.current = sent;
    setUploading({ name: file.name, loaded: 0, total: file.size });
    sent.upload.addEventListener('progress', ({ loaded, total }) =>
      setUploading({ name: file.name, loaded, total }),
    );
    const end = (trouble?: UploadProblem) => {
      if (request.current !== sent) return;
      request.current = undefined;
      setUploading(undefined);
      setProblem(trouble);
    };
    sent.addEventListener('error', () => end({ kind: 'broken' }));
    sent.addEventListener('load', () => {
      const { id, message } = answerOf(sent.responseText);
      end(id ? undefined : message ? { kind: 'refused', message } : { kind: 'broken' });
      if (id) onDone(id);
    });
    const form = new FormData();
    form.append('file', file);
    sent.open('POST', '/files');
    sent.send(form);
  };

  return { upload, cancel, uploading, problem };
}

function answerOf(body: string): { id?: string; message?: string } {
  try {
    const { id, message } = JSON.parse(body) as Record<string, unknown>;
    return {
      ...(typeof id === 'string' ? { id } : {}),
      ...(typeof message === 'string' ? { message } : {}),
    };
  } catch {
    return {};
  }
}
