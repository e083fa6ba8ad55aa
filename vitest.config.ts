import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['shared/*/test/**/*.test.ts', 'dockers/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
    globalSetup: ['shared/testing/src/vitest-cluster.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
