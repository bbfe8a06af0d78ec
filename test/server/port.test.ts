import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { assertPortFree } from '../../src/server/index.ts'
import { chooseFreePort } from '../../src/server/port.ts'

test('a chosen port is free and can be taken', async () => {
  const port = await chooseFreePort()
  await assertPortFree(port)
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  server.close()
})

test.each(['127.0.0.1', '0.0.0.0', '::', '::1'])(
  'a stale server on %s is named with its pid and command',
  async (host) => {
    const port = await chooseFreePort()
    const script = `require('node:net').createServer().listen(${port}, '${host}', () => console.log('open'))`
    const stale = spawn(process.execPath, ['-e', script, '--', 'stale-server'])
    await once(stale.stdout, 'data')
    await expect(assertPortFree(port)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(
        new RegExp(`^server\\.port: port ${port} is already in use by process ${stale.pid} \\(.*node`),
      ),
      hint: expect.stringContaining(`kill ${stale.pid}`),
    })
    stale.kill('SIGKILL')
    await once(stale, 'exit')
    await assertPortFree(port)
  },
)
