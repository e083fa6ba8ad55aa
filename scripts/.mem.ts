import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { openStdio, ownServer } from './bench/session.ts'
import { processorSeconds, residentMegabytes } from './bench/process.ts'
const kc=readFileSync('/tmp/bench/kc','utf8')
const root=process.env.ROOT??'/work/main'
const flags=(process.env.FLAGS??'').split(' ').filter(Boolean)
const l=ownServer(kc,true,{NODE_COMPILE_CACHE:'/tmp/bench/ccm',...(process.env.GC?{GC:process.env.GC}:{}), ...(process.env.V8?{V8:process.env.V8}:{})}); const args=l.args.map(a=>a.replace('/work/main',root)); const launch={...l,args:[...flags,'--import','/tmp/bench/mu.mjs',...args]}
for(let i=0;i<2;i++){const w=await openStdio(launch); await w.client.listTools(); await w[Symbol.asyncDispose]()}
const s=await openStdio(launch)
writeFileSync('/tmp/bench/mu.out','')
const out:string[]=[]
const show=async(what:string)=>{process.kill(s.pid,'SIGUSR2'); await pause(150); const st=readFileSync('/proc/'+s.pid+'/status','utf8'); const f=(k:string)=>Math.round(Number(new RegExp(k+':\\s+(\\d+)').exec(st)?.[1])/1024); out.push(what+' '+f('VmRSS')+'('+f('RssAnon')+'a+'+f('RssFile')+'f)'); if(process.env.V) console.log(what, readFileSync('/tmp/bench/mu.out','utf8').trim().split('\n').at(-1))}
await s.client.listTools(); await show('start')
const c0=processorSeconds(s.pid)!
await s.call('infra.k8s.pods.listPods',{namespace:'bench-three'}); await show('1')
for(let i=0;i<500;i++) await s.call('infra.k8s.pods.listPods',{namespace:'bench-three'}); await show('500x3')
for(let i=0;i<100;i++) await s.call('infra.k8s.pods.listPods',{namespace:'load'}); await show('100x500')
for(let i=0;i<20;i++) await Promise.all(Array.from({length:30},(_,k)=>s.call('infra.k8s.pods.listPods',{namespace:'bench-three',labelSelector:`b!=${k}`}))); await show('20x30')
for(let i=0;i<20;i++) await s.call('infra.k8s.pods.listPods',{allNamespaces:true}); await show('20x5400')
if(process.env.GC){process.kill(s.pid,'SIGHUP'); await pause(2500); console.log(readFileSync('/tmp/bench/mu.out','utf8').trim().split('\n').at(-1)); process.kill(s.pid,'SIGHUP'); await pause(2500); console.log(readFileSync('/tmp/bench/mu.out','utf8').trim().split('\n').at(-1))}
const cpu=processorSeconds(s.pid)!-c0
if(process.env.WAIT){await pause(12000); await show('12 s later')}
console.log((process.env.FLAGS??'')+(process.env.V8??''), out.join(' | '), 'cpu', cpu.toFixed(2))
await s[Symbol.asyncDispose]()
