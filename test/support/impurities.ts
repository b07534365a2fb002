import ts from 'typescript';

/** What reaches the clock, chance, the environment, the network or the terminal without an import. */
const GLOBALS = new Set([
  'process',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'fetch',
  'WebSocket',
  'performance',
  'crypto',
  'console',
  'globalThis',
  'global',
  'require',
  'eval',
  'Function',
]);

/** Every use of the outside world in a source text, as `line: text`. Comments, strings and property names are not uses. */
export function impuritiesOf(source: string): string[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isImpure(node)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${line + 1}: ${node.getText()}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isImpure(node: ts.Node): boolean {
  if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
    return node.expression.getText() === 'Date';
  }
  if (ts.isPropertyAccessExpression(node)) {
    return /^(Date\s*\??\.\s*now|Math\s*\??\.\s*random)$/.test(node.getText());
  }
  return ts.isIdentifier(node) && GLOBALS.has(node.text) && isValueUse(node);
}

/** Whether an identifier is read as a variable: not a property's name, not a declaration, not a type. */
function isValueUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent)) return parent.initializer === node;
  return (
    ts.isExpression(parent) ||
    ts.isStatement(parent) ||
    ts.isShorthandPropertyAssignment(parent) ||
    ts.isSpreadAssignment(parent)
  );
}
