// What ESLint asks of the JavaScript: faults, not looks. Run from the top of the repository:
//
//   npx eslint --config tools/lint/eslint.config.mjs
import js from '@eslint/js';
import globals from 'globals';

/** Beyond the recommended ones, each for its reason. */
const kRules = {
  'array-callback-return': 'error',                        // a map() or find() that forgets its value
  'consistent-return': 'error',                            // a value on one way out and none on another
  eqeqeq: 'error',                                         // == takes '' and 0 for the same
  'no-constant-condition': ['error', { checkLoops: false }],  // for (;;) is how a loop without an end is written
  'no-control-regex': 'off',                               // file formats and terminals are made of control characters
  'no-eval': 'error',                                      // forbidden by the page's policy, too
  'no-implied-eval': 'error',
  'no-new-func': 'error',
  'no-self-compare': 'error',
  'no-shadow': 'error',                                    // the inner of two names hides what the reader has in mind
  'no-template-curly-in-string': 'error',                  // a template in the wrong quotes
  'no-throw-literal': 'error',                             // only an Error says where it came from
  'no-unreachable-loop': 'error',
  'no-unused-expressions': ['error', { allowShortCircuit: true, allowTernary: true }],
  'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all' }],
  'no-useless-return': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',                                 // what changes is marked by `let`
  'prefer-promise-reject-errors': 'error',
};

export default [
  { ignores: ['build/**', 'node_modules/**', '.toolchain/**'] },
  { files: ['web/**/*.js', 'tools/**/*.mjs', 'tests/**/*.mjs'], ...js.configs.recommended },
  {
    files: ['web/**/*.js', 'tools/**/*.mjs', 'tests/**/*.mjs'],
    languageOptions: { ecmaVersion: 2022, sourceType: 'module' },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: kRules,
  },
  { files: ['web/**/*.js'], languageOptions: { globals: { ...globals.browser, ...globals.worker } } },
  // The two that are loaded as scripts, and what they are loaded by.
  { files: ['web/sw.js', 'web/page/watchdog.js', 'web/shared/own_origin.js'],
    languageOptions: { sourceType: 'script', globals: { ...globals.serviceworker } } },
  { files: ['tools/**/*.mjs', 'tests/**/*.mjs'], languageOptions: { globals: { ...globals.node } } },
  // Tests hold functions that run in the page.
  { files: ['tests/**/*.mjs'], languageOptions: { globals: { ...globals.browser, ...globals.worker } } },
];
