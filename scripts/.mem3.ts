import { readFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { openStdio, ownServer } from './bench/session.ts'
const kc=readFileSync('/tmp/bench/kc','utf8')
const l=ownServer(kc,true,{NODE_COMPILE_CACHE:'/tmp/bench/ccm',GC:'2',GCW:'500',...(process.env.MA?{MALLOC_ARENA_MAX:process.env.MA}:{})}); const launch={...l,args:['--import','/tmp/bench/mu.mjs',...l.args]}
const s=await openStdio(launch); await s.client.listTools()
const smaps=(w:string)=>console.log(w+'\n'+execFileSync('python3',['/tmp/bench/smaps.py',String(s.pid)]))
smaps('start')
for(let i=0;i<500;i++) await s.call('infra.k8s.pods.listPods',{namespace:'bench-three'})
for(let i=0;i<100;i++) await s.call('infra.k8s.pods.listPods',{namespace:'load'})
for(let i=0;i<20;i++) await Promise.all(Array.from({length:30},(_,k)=>s.call('infra.k8s.pods.listPods',{namespace:'bench-three',labelSelector:`b!=${k}`})))
for(let i=0;i<20;i++) await s.call('infra.k8s.pods.listPods',{allNamespaces:true})
smaps('run'); process.kill(s.pid,'SIGHUP'); await pause(1500); process.kill(s.pid,'SIGHUP'); await pause(2500); smaps('gc')
await s[Symbol.asyncDispose]()
