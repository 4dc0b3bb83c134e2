// The extension's beginning: makes the parts and hands them to VS Code. Nothing starts before a person asks for it.
import * as vscode from 'vscode';
import { registerCommands } from './commands/commands.ts';
import { AdapterFactory } from './debug/adapter.ts';
import { ConfigurationProvider, debugType } from './debug/configuration.ts';
import { Controller } from './run/controller.ts';
import { Scripts } from './script/scripts.ts';

export function activate(context: vscode.ExtensionContext): void {
  const scripts = new Scripts(context.workspaceState);
  const controller = new Controller();
  const configurations = new ConfigurationProvider(scripts);
  controller.started.on(({ launch }) => void scripts.remember(launch.program));
  context.subscriptions.push(
    controller,
    ...registerCommands({ scripts, controller }),
    vscode.debug.registerDebugConfigurationProvider(debugType, configurations),
    vscode.debug.registerDebugConfigurationProvider(
      debugType,
      // Of its own: one that resolves, too, would be asked twice.
      { provideDebugConfigurations: (folder) => configurations.provideDebugConfigurations(folder) },
      vscode.DebugConfigurationProviderTriggerKind.Dynamic,
    ),
    vscode.debug.registerDebugAdapterDescriptorFactory(debugType, new AdapterFactory(controller)),
  );
}
