// Calls a command by its name, as any extension can: no menu and no condition stands before it.
const vscode = require('vscode');

exports.activate = ({ subscriptions }) => {
  const call = async () => {
    const command = await vscode.window.showInputBox({ title: 'Command' });
    if (command) void vscode.commands.executeCommand(command);
  };
  subscriptions.push(vscode.commands.registerCommand('caller.call', call));
};
