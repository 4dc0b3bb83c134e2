// The extension's beginning: makes the parts, joins them, hands them to VS Code. Nothing starts before a person asks for it.
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { CommandHost } from './commands/command.ts';
import { registerCommands } from './commands/commands.ts';
import { AdapterFactory } from './debug/adapter.ts';
import { ConfigurationProvider, debugType } from './debug/configuration.ts';
import { Disk } from './disk/disk.ts';
import { TensorHover } from './look/hover.ts';
import { ShapeHints } from './look/inlay-hints.ts';
import { Looker } from './look/looker.ts';
import { Trees } from './look/trees.ts';
import { Controller } from './run/controller.ts';
import { RunFolders } from './run/folders.ts';
import { Form } from './run/form.ts';
import { Runs } from './run/runs.ts';
import type { Marks } from './run/summary.ts';
import { TrainingLenses } from './script/code-lens.ts';
import { showErrors } from './script/diagnostics.ts';
import { ProjectFiles } from './script/project-files.ts';
import { Scripts } from './script/scripts.ts';
import { pageActions } from './views/actions.ts';
import { ModelTree, modelViewId } from './views/model-tree.ts';
import { createStatusBar } from './views/status-bar.ts';
import { panelType, RunPanel } from './views/run-panel.ts';
import { RunsTree, runsViewId } from './views/runs-tree.ts';
import { TrainingView, trainingViewId } from './views/training-view.ts';
import { followContext, followRuns, followScripts } from './wiring.ts';

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });
  const log = vscode.window.createOutputChannel('Unroll', { log: true });

  const files = new ProjectFiles();
  const scripts = new Scripts(files, context.workspaceState);
  const form = new Form(scripts, context);
  const controller = new Controller();
  const disk = new Disk();
  const folders = new RunFolders(context, () => void runs.refresh());
  const runs: Runs = new Runs(disk, () => folders.all(), marksIn(context.globalState));

  const looker = new Looker(controller, runs, disk);

  const pages = { runs, form, disk, looker, ...pageActions(controller) };
  const panel = new RunPanel(pages, context);
  const configurations = new ConfigurationProvider(scripts, form);
  const trees = new Trees();
  const hints = new ShapeHints(looker, runs, trees);
  const lenses = new TrainingLenses(scripts, runs);
  const python: vscode.DocumentSelector = { language: 'python', scheme: 'file' };
  const tree = vscode.window.createTreeView(runsViewId, {
    treeDataProvider: new RunsTree(runs),
    canSelectMany: true,
  });
  const model = new ModelTree(runs, disk);
  const modelView = vscode.window.createTreeView(modelViewId, { treeDataProvider: model });
  const selected = () => (tree.visible ? tree.selection.map(({ run }) => run) : []);
  const selectedTensor = () => (modelView.visible ? (modelView.selection[0] ?? null) : null);
  const host: CommandHost = {
    ...{ context, controller, disk, form, looker, panel, runs, scripts },
    ...{ selected, selectedTensor },
  };

  context.subscriptions.push(
    log,
    controller,
    disk,
    files,
    runs,
    folders,
    lenses,
    hints,
    tree,
    model,
    modelView,
    model.attach(modelView),
    ...followRuns(host, folders),
    ...followScripts(host),
    ...followContext(host),
    ...registerCommands(host, log),
    createStatusBar(runs),
    showErrors(controller),
    vscode.languages.registerCodeLensProvider(python, lenses),
    vscode.languages.registerHoverProvider(python, new TensorHover(looker, disk, trees)),
    vscode.languages.registerInlayHintsProvider(python, hints),
    vscode.window.registerWebviewViewProvider(trainingViewId, new TrainingView(pages, context.extensionUri)),
    vscode.window.registerWebviewPanelSerializer(panelType, panel),
    vscode.debug.registerDebugAdapterDescriptorFactory(debugType, new AdapterFactory(controller)),
    vscode.debug.registerDebugConfigurationProvider(debugType, configurations),
    vscode.debug.registerDebugConfigurationProvider(
      debugType,
      // Of its own: one that resolves, too, would be asked twice.
      { provideDebugConfigurations: (folder) => configurations.provideDebugConfigurations(folder) },
      vscode.DebugConfigurationProviderTriggerKind.Dynamic,
    ),
  );
  await runs.refresh();
}

/** The names and pins that a person has given to runs. */
function marksIn(memory: vscode.Memento) {
  const key = 'runMarks';
  return {
    get: () => memory.get<Record<string, Marks>>(key, {}),
    set: async (marks: Record<string, Marks>) => {
      await memory.update(key, marks);
    },
  };
}
