// A day with dockerode: node test/clients/day-dockerode.js SOCKET IMAGE FOLDER, with its packages in NODE_PATH.
const fs = require('fs')
const { PassThrough } = require('stream')
const Docker = require('dockerode')
const { day } = require('./call.js')

const [socketPath, image, folder] = process.argv.slice(2)
const docker = new Docker({ socketPath })
const { call, beyond, end } = day('dockerode')

const drained = stream => new Promise((resolve, reject) => stream.on('end', resolve).on('error', reject).resume())
const followed = stream => new Promise((resolve, reject) =>
        docker.modem.followProgress(stream, (error, output) => {
                const last = (output || []).find(line => line.error)
                error || last ? reject(error || new Error(last.error)) : resolve(output)
        }))
const tar = () => fs.createReadStream(`${folder}/site.tar`)

async function containers() {
        await call('run', () => docker.run(image, ['echo', 'hello'], new PassThrough().resume()))
        await call('run-options', () => docker.run(image, ['true'], new PassThrough().resume(),
                { Tty: false, HostConfig: { AutoRemove: true, Memory: 67108864, Binds: [`${folder}/site:/site:ro`] } }, {}))
        const web = await call('create', () => docker.createContainer({
                name: 'web', Image: image, Cmd: ['sleep', '600'], StopSignal: 'KILL', AttachStdin: false, AttachStdout: true, AttachStderr: true,
                Tty: false, OpenStdin: false, StdinOnce: false, Env: ['A=b'], ExposedPorts: { '80/tcp': {} }, Labels: { a: 'b' },
                HostConfig: { PortBindings: { '80/tcp': [{ HostPort: '0' }] }, RestartPolicy: { Name: 'always' } },
        }))
        await call('start', () => web.start())
        await beyond('start-started', () => web.start({})) // 304 is an error to it
        await call('inspect', () => web.inspect({ size: true }))
        await call('list', () => docker.listContainers({ all: true, filters: { status: ['running'] } }))
        await call('logs', () => web.logs({ stdout: true, stderr: true, tail: 5, follow: false }))
        await call('logs-follow', async () => (await web.logs({ stdout: true, follow: true })).destroy())
        await call('stats', () => web.stats({ stream: false }))
        await call('top', () => web.top({ ps_args: 'aux' }))
        await call('changes', () => web.changes())
        await call('attach', async () => (await web.attach({ stream: true, stdout: true, stderr: true })).destroy())
        await call('attach-hijack', async () =>
                (await web.attach({ stream: true, hijack: true, stdin: true, stdout: true, stderr: true })).destroy())
        await call('exec', async () => {
                const exec = await web.exec({ Cmd: ['id'], AttachStdout: true, AttachStderr: true })
                await drained(await exec.start())
                await exec.inspect()
        })
        await call('exec-hijack', async () => {
                const exec = await web.exec({ Cmd: ['cat'], AttachStdin: true, AttachStdout: true, Tty: true, Env: ['A=b'], User: '10001' })
                const stream = await exec.start({ hijack: true, stdin: true, Tty: true })
                await exec.resize({ h: 40, w: 120 })
                stream.destroy()
        })
        await call('exec-detached', async () => (await web.exec({ Cmd: ['true'] })).start({ Detach: true }))
        await call('put', () => web.putArchive(tar(), { path: '/tmp' }))
        await call('put-file', () => web.putArchive(`${folder}/site.tar`, { path: '/tmp', noOverwriteDirNonDir: 1 }))
        await call('get', async () => drained(await web.getArchive({ path: '/etc/passwd' })))
        await call('archive-info', () => web.infoArchive({ path: '/etc/passwd' }))
        await call('export', async () => drained(await web.export()))
        await call('update', () => web.update({ Memory: 134217728, MemorySwap: -1, RestartPolicy: { Name: 'no' } }))
        await call('rename', () => web.rename({ name: 'shop' }))
        await call('pause', () => web.pause())
        await call('unpause', () => web.unpause())
        await call('restart', () => web.restart({ t: 0 }))
        await call('kill', () => web.kill({ signal: 'SIGKILL' }))
        await call('wait', () => web.wait())
        await call('start-again', () => web.start())
        await call('stop', () => web.stop({ t: 0 }))
        await call('commit', () => web.commit({ repo: 'shot', tag: '1', comment: 'a shot', author: 'somebody', pause: true }))
        await call('commit-changes', () => web.commit({ repo: 'shot', tag: '2', changes: 'CMD ["true"]' }))
        await call('remove', () => web.remove({ force: true, v: true }))
        await call('prune', () => docker.pruneContainers())
        await call('prune-filter', () => docker.pruneContainers({ filters: { until: ['24h'] } }))
}

async function images() {
        const shot = docker.getImage('shot:1')

        await call('images', () => docker.listImages({ digests: true }))
        await call('image', () => shot.inspect())
        await call('history', () => shot.history())
        await call('tag', () => shot.tag({ repo: 'shot', tag: '3' }))
        await call('save', async () => {
                const stream = (await shot.get()).pipe(fs.createWriteStream(`${folder}/shot.tar`))
                await new Promise((resolve, reject) => stream.on('finish', resolve).on('error', reject))
        })
        await call('load', async () => followed(await docker.loadImage(`${folder}/shot.tar`)))
        await call('import', async () => followed(await docker.importImage(`${folder}/site.tar`, { repo: 'shot', tag: '4' })))
        await call('build', async () => followed(await docker.buildImage(tar(), { t: 'shot:5', buildargs: { COLOUR: 'blue' } })))
        await call('build-folder', async () =>
                followed(await docker.buildImage({ context: `${folder}/site`, src: ['Dockerfile', 'index.html'] }, { t: 'shot:6', rm: true })))
        await beyond('pull', async () => followed(await docker.pull('busybox:9.9')))
        await beyond('pull-login', async () => followed(await docker.pull('registry.example/busybox:9.9',
                { authconfig: { username: 'u', password: 'p', serveraddress: 'registry.example' } })))
        await beyond('push', async () => followed(await shot.push({ authconfig: { username: 'u', password: 'p' } })))
        await beyond('search', () => docker.searchImages({ term: 'busybox' }))
        await beyond('login', () => docker.checkAuth({ username: 'u', password: 'p', serveraddress: 'registry.example' }))
        await call('image-remove', async () => {
                for (let n = 1; n <= 6; n++)
                        await docker.getImage(`shot:${n}`).remove({ force: true })
        })
        await call('image-prune', () => docker.pruneImages({ filters: { dangling: { true: true } } }))
        await call('build-prune', () => docker.pruneBuilder())
}

async function others() {
        await call('ping', () => docker.ping())
        await call('version', () => docker.version())
        await call('info', () => docker.info())
        await call('df', () => docker.df())
        await call('events', async () => drained(await docker.getEvents({ since: 1, until: Math.floor(Date.now() / 1000) })))
        const volume = await call('volume', () => docker.createVolume({ Name: 'plain', Driver: 'local', DriverOpts: {}, Labels: {} }))
        await call('volumes', () => docker.listVolumes())
        await call('volume-inspect', () => volume.inspect())
        await call('volume-remove', () => volume.remove())
        await call('volume-prune', () => docker.pruneVolumes())
        const front = await call('network', () => docker.createNetwork({ Name: 'front', Driver: 'bridge', CheckDuplicate: true,
                Internal: false, Attachable: false, EnableIPv6: false, IPAM: { Driver: 'default', Config: [{ Subnet: '10.99.3.0/24' }] } }))
        const other = await call('create-network', () => docker.createContainer({ Image: image, Cmd: ['sleep', '600'], StopSignal: 'KILL',
                NetworkingConfig: { EndpointsConfig: { front: { Aliases: ['shop'] } } }, HostConfig: { NetworkMode: 'front' } }))
        await call('start-network', () => other.start())
        await call('disconnect', () => front.disconnect({ Container: other.id, Force: true }))
        await call('connect', () => front.connect({ Container: other.id, EndpointConfig: { IPAMConfig: { IPv4Address: '10.99.3.9' } } }))
        await call('networks', () => docker.listNetworks({ filters: { driver: ['bridge'] } }))
        await call('remove-network', () => other.remove({ force: true }))
        await call('network-remove', () => front.remove())
        await call('network-prune', () => docker.pruneNetworks())
}

containers().then(images).then(others).then(end, end)
