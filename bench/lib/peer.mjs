// The Python whose PyTorch is the peer.
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { command } from '../../scripts/lib/command.mjs';
import { root } from '../shared.mjs';

const release = '2.13.0';
const folder = path.join(root, 'build/bench/venv');
const installMinutes = 15;

/** PyTorch's version in `python`, and whether it has a GPU. @throws where there is no PyTorch */
function torchIn(python) {
  const program = 'import torch; print(torch.__version__, torch.cuda.is_available())';
  // Not the checkout: Python would find our torch there.
  const options = { cwd: os.tmpdir(), encoding: 'utf8', stdio: 'pipe' };
  const [version, hasGpu] = execFileSync(python, ['-c', program], options).trim().split(' ');
  return { python, version, hasGpu: hasGpu === 'True' };
}

/**
 * The Python that was named, or one of our own in build/, made by pip where it offers PyTorch.
 *
 * @returns {Promise<{ python: string, version: string, hasGpu: boolean } | null>} null where there is none; `say` is told why
 * @throws where the Python that was named has no PyTorch
 */
export async function findPeer(python, say) {
  if (python !== undefined) {
    try {
      return torchIn(python);
    } catch (error) {
      throw new Error(
        `${python} has no PyTorch: ${error.stderr?.trim().split('\n').at(-1) ?? error.message}`,
        {
          cause: error,
        },
      );
    }
  }
  const own = path.join(folder, 'bin/python');
  try {
    if (!existsSync(own)) {
      say(`installing PyTorch ${release} into build/bench/venv`);
      await command('python3', ['-m', 'venv', folder]);
      const packages = [`torch==${release}`, 'numpy'];
      const pip = ['-m', 'pip', 'install', '--quiet', ...packages];
      await command('timeout', [String(60 * installMinutes), own, ...pip]);
    }
    return torchIn(own);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    const why = (error.output || error.message).trim().split('\n').at(-1);
    say(`PyTorch cannot be had here, so Unroll is measured alone: ${why}`);
    return null;
  }
}
