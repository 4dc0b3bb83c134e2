// Offers to save a file.
import path from 'node:path';
import * as vscode from 'vscode';

const kinds: Record<string, string> = { png: 'PNG', csv: 'CSV', npy: 'NumPy', svg: 'SVG' };

/** Asks where to, and writes it there; the name's ending says what it is. */
export async function saveFile(name: string, bytes: Uint8Array): Promise<void> {
  const plain = path.basename(name).replace(/[^\p{L}\p{N}._ -]+/gu, '-');
  const ending = path.extname(plain).slice(1);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, plain) }),
    filters: { [kinds[ending] ?? ending.toUpperCase()]: [ending] },
  });
  if (target) await vscode.workspace.fs.writeFile(target, bytes);
}
