// `unroll devices`: asked of an engine process, since only that one loads native code.
import type { Devices } from '../../protocol/engine.ts';
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
  let found: Devices;
  try {
    found = await engine.rpc.call('devices', null);
  } finally {
    engine.kill();
    await engine.exited;
  }
  const rows = found.devices.map(({ kind, name, memory, isa, float64 }) => [
    kind,
    name,
    isa,
    bytes(memory),
    float64 ? 'yes' : 'no',
  ]);
  console.log(table([['device', 'name', 'instructions or driver', 'memory', 'float64'], ...rows]));
  const { why, whyNoClblast } = found;
  if (why !== '') console.log(`\nNo GPU: ${why}.`);
  else if (whyNoClblast !== '') console.log(`\nMatrix products are Unroll's own, as ${whyNoClblast}.`);
  else console.log("\nMatrix products are CLBlast's.");
  return 0;
}
