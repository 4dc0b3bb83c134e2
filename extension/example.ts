// The example: copied with its text into the extension's own storage, where its runs and weights go, too.
import path from 'node:path';
import * as vscode from 'vscode';

const name = 'char-lm';
/** Long enough to look around while it trains. */
export const exampleArguments = '--epochs 20';

/** The example's folder; there once the example has been opened. */
export function exampleFolder(context: vscode.ExtensionContext): vscode.Uri {
  return vscode.Uri.joinPath(context.globalStorageUri, 'examples', name);
}

/** Copies what is not there yet: what the person has changed stays. @returns the script */
export async function copyExample(context: vscode.ExtensionContext): Promise<vscode.Uri> {
  const target = exampleFolder(context);
  await copyMissing(vscode.Uri.joinPath(context.extensionUri, 'examples', name), target);
  return vscode.Uri.joinPath(target, 'main.py');
}

async function copyMissing(from: vscode.Uri, to: vscode.Uri): Promise<void> {
  const { fs } = vscode.workspace;
  await fs.createDirectory(to);
  const there = new Set((await fs.readDirectory(to)).map(([entry]) => entry));
  for (const [entry, type] of await fs.readDirectory(from)) {
    const [source, target] = [vscode.Uri.joinPath(from, entry), vscode.Uri.joinPath(to, entry)];
    if (type === vscode.FileType.Directory) await copyMissing(source, target);
    else if (!there.has(entry)) await fs.copy(source, target);
  }
}

/** Whether a file belongs to the example. */
export function isExample(context: vscode.ExtensionContext, file: string): boolean {
  return file.startsWith(exampleFolder(context).fsPath + path.sep);
}
