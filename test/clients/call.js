// What call.sh is to shells. A call that has not ended after a minute has failed.
exports.day = client => {
        const tell = async (wanted, name, play) => {
                let result
                let went = 'ok'
                let said = ''
                let timer
                const late = new Promise((_, reject) => {
                        timer = setTimeout(() => reject(new Error('no end after 60 s')), 60000)
                })

                try {
                        result = await Promise.race([play(), late])
                } catch (error) {
                        went = 'failed'
                        said = String((error && error.message) || error)
                }
                clearTimeout(timer)
                said = said.replace(/[^\x20-\x7e]/g, ' ').slice(-4000)
                process.stdout.write(`${client}.${name}\t${wanted}\t${went}\t${said}\n`)
                return result
        }

        return {
                call: (name, play) => tell('works', name, play),
                beyond: (name, play) => tell('beyond', name, play),
                // What a client left open keeps nobody waiting; its error, if any, ends the day early, and calls are missing.
                end: error => {
                        if (error)
                                console.error(error)
                        process.exit(error ? 1 : 0)
                },
        }
}
