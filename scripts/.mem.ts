import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { openStdio, ownServer } from './bench/session.ts'
import { residentMegabytes } from './bench/process.ts'
const kc=readFileSync('/tmp/bench/kc','utf8')
const flags=(process.env.FLAGS??'').split(' ').filter(Boolean)
const l=ownServer(kc,true); const launch={...l,args:[...flags,'--import','/tmp/bench/mu.mjs',...l.args]}
const s=await openStdio(launch)
writeFileSync('/tmp/bench/mu.out','')
const show=async(what:string)=>{process.kill(s.pid,'SIGUSR2'); await pause(150); console.log(what.padEnd(26), residentMegabytes(s.pid)?.toFixed(0),'MB', readFileSync('/tmp/bench/mu.out','utf8').trim().split('\n').at(-1))}
await s.client.listTools(); await show('tools/list')
await s.call('infra.k8s.pods.listPods',{namespace:'bench-three'}); await show('one list of 3')
for(let i=0;i<500;i++) await s.call('infra.k8s.pods.listPods',{namespace:'bench-three'}); await show('500 lists of 3')
for(let i=0;i<100;i++) await s.call('infra.k8s.pods.listPods',{namespace:'load'}); await show('100 lists of 500')
for(let i=0;i<20;i++) await Promise.all(Array.from({length:30},(_,k)=>s.call('infra.k8s.pods.listPods',{namespace:'bench-three',labelSelector:`b!=${k}`}))); await show('20x30 at once')
for(let i=0;i<20;i++) await s.call('infra.k8s.pods.listPods',{allNamespaces:true}); await show('20 lists of 5400')
await pause(3000); await show('3 s later')
await s[Symbol.asyncDispose]()
