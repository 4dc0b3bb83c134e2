// A script's error on the line of the user's own code that it comes from.
import path from 'node:path';
import * as vscode from 'vscode';
import type { Controller, Driven } from '../run/controller.ts';
import type { Subscription } from '../signal.ts';
import { type Frame, lastTraceback } from './traceback.ts';

/** Code that is not the user's own. */
const foreign = /[\\/](site-packages|dist-packages|python3\.\d+)[\\/]|^<|^\/lib\//;

export function showErrors(controller: Controller): Subscription {
  const collection = vscode.languages.createDiagnosticCollection('unroll');
  const byScript = new Map<string, vscode.Uri[]>();
  controller.started.on(({ launch }) => {
    for (const uri of byScript.get(launch.program) ?? []) collection.delete(uri);
    byScript.delete(launch.program);
  });
  controller.ended.on(({ driven, end }) => {
    if (end.wasStopped || end.end?.error == null) return;
    void show(driven, collection).then((uri) => {
      if (uri) byScript.set(driven.launch.program, [uri]);
    });
  });
  return collection;
}

async function show(
  { errors, launch }: Driven,
  collection: vscode.DiagnosticCollection,
): Promise<vscode.Uri | null> {
  const traceback = lastTraceback(errors.text);
  if (!traceback) return null;
  const own = traceback.frames.filter(({ file }) => !foreign.test(file));
  const [frame] = own.slice(-1);
  if (!frame) return null;
  const uri = vscode.Uri.file(path.resolve(launch.cwd, frame.file));
  const diagnostic = new vscode.Diagnostic(
    await rangeOf(uri, frame),
    traceback.message,
    vscode.DiagnosticSeverity.Error,
  );
  diagnostic.source = 'Unroll';
  diagnostic.relatedInformation = own.slice(0, -1).map(({ file, line }) => {
    const place = new vscode.Position(Math.max(0, line - 1), 0);
    const location = new vscode.Location(vscode.Uri.file(path.resolve(launch.cwd, file)), place);
    return new vscode.DiagnosticRelatedInformation(location, vscode.l10n.t('called from here'));
  });
  collection.set(uri, [diagnostic]);
  return uri;
}

/** The part of the line that was at work, else the whole line. */
async function rangeOf(uri: vscode.Uri, { line, columns }: Frame): Promise<vscode.Range> {
  const number = Math.max(0, line - 1);
  let text = '';
  try {
    const document = await vscode.workspace.openTextDocument(uri);
    text = number < document.lineCount ? document.lineAt(number).text : '';
  } catch {
    // The file is gone: the problem still names its line.
  }
  const start = /^\s*/.exec(text)?.[0].length ?? 0;
  return columns
    ? new vscode.Range(number, start + columns.from, number, start + columns.to)
    : new vscode.Range(number, start, number, Math.max(start, text.trimEnd().length));
}
