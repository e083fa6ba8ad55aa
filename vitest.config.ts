import { defineConfig } from 'vitest/config'

// Their networks come and go, and a browser breaks off whatever it loads when one does.
const CONTAINERS = ['scripts/test/{agent-image,compose,compose-demo,compose-plain,up}.test.ts']

const common = {
  globalSetup: ['shared/testing/src/vitest-cluster.ts'],
  testTimeout: 60_000,
  hookTimeout: 120_000,
  pool: 'forks' as const,
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'tests',
          include: ['shared/*/test/**/*.test.ts', 'dockers/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...CONTAINERS],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: 'containers',
          include: CONTAINERS,
          // They build images of one name.
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
