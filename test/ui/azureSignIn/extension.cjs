const { authentication, commands, EventEmitter, extensions } = require('vscode');

const id = 'trainbench-test';
const account = { id: 'ada', label: 'ada@demo.example' };

/**
 * One account; a directory that wants a sign-in of its own has no session before somebody asks for one. Sessions outlive a
 * reload of the window, as those of true providers do.
 * @param memory of this extension
 */
function createProvider(memory) {
  const changed = new EventEmitter();
  const sessions = memory.get('sessions', []);
  const tenantOf = (scopes) =>
    scopes.find((scope) => scope.startsWith('VSCODE_TENANT:'))?.slice(14);
  const make = (scopes) => {
    const tenant = tenantOf(scopes);
    const accessToken = tenant === undefined ? 'trainbench-demo' : `trainbench-demo/${tenant}`;
    return { id: scopes.join(' '), accessToken, account, scopes: [...scopes] };
  };
  return {
    onDidChangeSessions: changed.event,
    getSessions: async (scopes) => {
      if (scopes === undefined) return sessions;
      const found = sessions.filter((session) => session.id === scopes.join(' '));
      const isHome = tenantOf(scopes)?.endsWith('d001') === true && sessions.length > 0;
      return found.length === 0 && isHome ? [make(scopes)] : found;
    },
    createSession: async (scopes) => {
      const session = make(scopes);
      sessions.push(session);
      await memory.update('sessions', sessions);
      changed.fire({ added: [session], removed: [], changed: [] });
      return session;
    },
    removeSession: async () => undefined,
  };
}

exports.activate = (context) => {
  const provide = async () => {
    const trainbench = extensions.getExtension('trainbench.trainbench');
    const { azure } = await trainbench.activate();
    (await azure.open()).useTestProvider(id);
  };
  context.subscriptions.push(
    authentication.registerAuthenticationProvider(
      id,
      'Test Accounts',
      createProvider(context.globalState),
    ),
    commands.registerCommand('azureSignIn.provide', provide),
  );
};
