/**
 * Node's `http`. An `import` of it reads every export, and for one of them (WebSocket) Node loads the whole of undici: 8 MiB of
 * memory and 20 ms of every start for something that is not used here. Types may come from 'node:http' itself.
 */
export const { Agent, createServer, request, STATUS_CODES } = process.getBuiltinModule('node:http');
