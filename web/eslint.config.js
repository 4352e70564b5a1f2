// What ESLint looks for in the client and its tests: the recommended rules of ESLint, typescript-eslint and Vue. How
// the code is set is Prettier's business (script/fmt); a line that Prettier can't break is ours: it becomes named
// steps. Run from the root of the tree, since it covers tests/e2e too: npm --prefix web run lint
import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import globals from 'globals'
import ts from 'typescript-eslint'

const LINE = 120
const FUNCTION = 60 // lines, comments aside
const WAYS = 15 // through one function; `?.` and `??` count
const DEPTH = 9 // of elements in a template
const unused = { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }

export default ts.config(
  { ignores: ['**/node_modules/', 'web/dist/', 'web/src/generated/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ts.configs.recommended,
  vue.configs['flat/recommended'],
  prettier,
  {
    rules: {
      'max-len': ['error', { code: LINE }],
      'no-unused-vars': 'off',
      '@typescript-eslint/no-unused-vars': ['error', unused],
      'no-nested-ternary': 'error',
      complexity: ['error', WAYS],
      'max-lines-per-function': ['error', { max: FUNCTION, skipComments: true, skipBlankLines: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'prefer-const': 'error',
    },
  },
  {
    files: ['web/src/**'],
    languageOptions: { globals: globals.browser },
    rules: { 'no-undef': 'off' }, // the compiler says so, and knows the types too
  },
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      'max-len': 'off',
      'vue/max-template-depth': ['error', { maxDepth: DEPTH }],
      'vue/max-len': ['error', { code: LINE, template: LINE }],
    },
  },
  {
    files: ['web/test/**', 'web/*.{js,ts}', 'tests/e2e/**'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: { 'vue/one-component-per-file': 'off' }, // an empty app is what a test calls things in
  },
)
