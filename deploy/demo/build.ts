import { buildMissing } from '../../shared/testing/src/cluster/build.ts'

// For the image: compiles the programs of the control plane into the folder named on the command line.
const [folder = '/programs'] = process.argv.slice(2)
await buildMissing(folder, process.env, (line) => void process.stdout.write(`${line}\n`))
