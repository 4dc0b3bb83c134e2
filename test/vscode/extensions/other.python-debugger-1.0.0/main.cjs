// A debugger for Python such as people have beside Unroll. It runs nothing: it says what it was asked for.
const vscode = require('vscode');

const configuration = { type: 'python', request: 'launch', name: 'Python: Current File', program: '${file}' };

exports.activate = ({ subscriptions }) => {
  const dynamic = vscode.DebugConfigurationProviderTriggerKind.Dynamic;
  const provider = {
    provideDebugConfigurations: () => [configuration],
    resolveDebugConfiguration(_folder, { program }) {
      void vscode.window.showInformationMessage(`The other debugger was asked for ${program}`);
    },
  };
  subscriptions.push(
    vscode.debug.registerDebugConfigurationProvider('python', provider),
    vscode.debug.registerDebugConfigurationProvider('python', provider, dynamic),
  );
};
