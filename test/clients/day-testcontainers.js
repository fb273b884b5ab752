// A day with testcontainers: node test/clients/day-testcontainers.js SOCKET IMAGE FOLDER, with its packages in NODE_PATH.
// RYUK names an image that stands for Ryuk, which removes what tests leave behind.
const { day } = require('./call.js')
const { call, end } = day('testcontainers')

const [socket, image, folder] = process.argv.slice(2)
process.env.DOCKER_HOST = `unix://${socket}`
process.env.RYUK_CONTAINER_IMAGE = process.env.RYUK

// Packages are read anew, so that settings are too.
function library(ryuk) {
        process.env.TESTCONTAINERS_RYUK_DISABLED = String(!ryuk)
        for (const key of Object.keys(require.cache))
                if (key.includes('/testcontainers/'))
                        delete require.cache[key]
        return require('testcontainers')
}

async function plain() {
        const { GenericContainer, Network, Wait } = library(false)
        const listen = ['sh', '-c', 'echo listening; while :; do echo hello | nc -l -p 80; done']

        const network = await call('network', () => new Network().start())
        const web = await call('start', () => new GenericContainer(image).withCommand(listen).withExposedPorts(80)
                .withEnvironment({ A: 'b' }).withLabels({ a: 'b' }).withTmpFs({ '/scratch': 'rw,size=1m' }).withUser('0')
                .withNetwork(network).withNetworkAliases('shop').withResourcesQuota({ memory: 0.25, cpu: 0.5 })
                .withCopyContentToContainer([{ content: 'hello', target: '/hello' }])
                .withBindMounts([{ source: `${folder}/site`, target: '/site', mode: 'ro' }])
                .withWaitStrategy(Wait.forLogMessage('listening')).withStartupTimeout(30000).start())
        await call('exec', async () => {
                const { exitCode, output } = await web.exec(['cat', '/hello'])
                if (exitCode !== 0 || !output.includes('hello'))
                        throw new Error(`exit code ${exitCode}: ${output}`)
        })
        await call('copy-content', () => web.copyContentToContainer([{ content: 'there', target: '/tmp/there' }]))
        await call('copy-files', () => web.copyFilesToContainer([{ source: `${folder}/site/index.html`, target: '/tmp/index.html' }]))
        await call('copy-out', async () => (await web.copyArchiveFromContainer('/etc/passwd')).resume())
        await call('logs', async () => (await web.logs({ tail: 5 })).destroy())
        await call('commit', () => web.commit({ repo: 'shot', tag: 'tested', comment: 'a shot', deleteOnExit: false }))
        const ports = await call('start-ports', () => new GenericContainer(image).withCommand(listen).withExposedPorts(80)
                .withWaitStrategy(Wait.forListeningPorts()).withStartupTimeout(30000).start())
        const healthy = await call('start-healthy', () => new GenericContainer(image).withCommand(['sleep', '600'])
                .withHealthCheck({ test: ['CMD', 'true'], interval: 500, retries: 3, startPeriod: 100, timeout: 1000 })
                .withWaitStrategy(Wait.forHealthCheck()).withStartupTimeout(30000).start())
        const built = await call('build', () => GenericContainer.fromDockerfile(`${folder}/site`).withBuildArgs({ COLOUR: 'blue' })
                .build('shot:built', { deleteOnExit: false }))
        await call('start-built', async () => (await built.withCommand(['sleep', '600']).start()).stop({ timeout: 0 }))
        await call('stop-ports', () => ports.stop({ timeout: 0 }))
        await call('restart', () => healthy.restart({ timeout: 0 }))
        await call('stop-healthy', () => healthy.stop({ timeout: 0 }))
        await call('stop', () => web.stop({ timeout: 0, remove: true, removeVolumes: true }))
        await call('network-stop', () => network.stop())
}

async function ryuk() {
        const { GenericContainer } = library(true)

        await call('ryuk', () => new GenericContainer(image).withCommand(['sleep', '600']).start())
}

plain().then(ryuk).then(end, end)
