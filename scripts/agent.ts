/** `npm run agent`: mcp-k8s-agent on this terminal's stdin and stdout, as a client would start it. */
await import('../dockers/11_k8s_agent_mcp/src/main.ts')
