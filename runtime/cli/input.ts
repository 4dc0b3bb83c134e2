// The script's standard input: read only when the script asks, so that what is typed ahead stays with the shell.
import process from 'node:process';

/** What has come since the last time, at least one byte; empty at the end of the input. */
export function readInput(): Promise<Uint8Array> {
  const { stdin } = process;
  return new Promise((resolve, reject) => {
    const settle = () => {
      stdin.pause();
      stdin.off('data', onData).off('end', onEnd).off('error', onError);
    };
    const onData = (chunk: Buffer) => {
      settle();
      resolve(chunk);
    };
    const onEnd = () => {
      settle();
      resolve(new Uint8Array(0));
    };
    const onError = (error: Error) => {
      settle();
      reject(error);
    };
    if (stdin.readableEnded || stdin.destroyed) {
      resolve(new Uint8Array(0));
      return;
    }
    stdin.on('data', onData).on('end', onEnd).on('error', onError).resume();
  });
}
