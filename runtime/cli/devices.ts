// `unroll devices`: asked of an engine process, since only that one loads native code.
import type { Device } from '../../protocol/engine.ts';
import { EngineClient } from '../engine-client.ts';
import { bytes, table } from './format.ts';

export async function listDevices(): Promise<number> {
  const refuse = () => {
    throw new Error('no run has been started');
  };
  const engine = await EngineClient.start({
    output: refuse,
    measured: refuse,
    status: refuse,
    input: refuse,
    finished: refuse,
  });
  let devices: Device[];
  try {
    devices = await engine.rpc.call('devices', null);
  } finally {
    engine.kill();
    await engine.exited;
  }
  const rows = devices.map(({ kind, name, memory, isa }) => [kind, name, isa, bytes(memory)]);
  console.log(table([['device', 'name', 'instructions', 'memory'], ...rows]));
  return 0;
}
