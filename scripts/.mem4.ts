import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { processorSeconds, residentMegabytes } from './bench/process.ts'
import { openStdio, ownServer } from './bench/session.ts'
const kc=readFileSync('/tmp/bench/kc','utf8')
const s=await openStdio(ownServer(kc,true)); await s.client.listTools()
for(let i=0;i<200;i++) await s.call('infra.k8s.pods.listPods',{namespace:'load'})
for(let i=0;i<20;i++) await s.call('infra.k8s.pods.listPods',{allNamespaces:true})
let c=processorSeconds(s.pid)!
for(let i=0;i<10;i++){await pause(4000); const n=processorSeconds(s.pid)!; console.log(`+${(i+1)*4} s: cpu ${(n-c).toFixed(2)} rss ${residentMegabytes(s.pid)?.toFixed(0)}`); c=n}
await s[Symbol.asyncDispose]()
