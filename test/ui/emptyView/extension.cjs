const { commands, ViewColumn, window } = require('vscode');

exports.activate = (context) => {
  const open = () => {
    const panel = window.createWebviewPanel('empty', 'Empty', ViewColumn.Beside, {
      enableScripts: true,
    });
    panel.webview.html = '<!doctype html><body><main id="view" data-points="0">empty</main></body>';
  };
  context.subscriptions.push(commands.registerCommand('emptyView.open', open));
};
