#!/usr/bin/env bash
# explain, for what is allowed: a hardened container, a read, and a body that follows the flags offered.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

printf %s "$hardened" >body.json
check 'a hardened container is allowed in production' exits 0 explain --rules "$rules" body.json
check 'it is not denied' hides out 'verdict:     deny'
check 'nobody is refused' hides out 'The user reads'
check 'a whole call is told from a body' exits 0 explain --rules "$rules" - < <(envelope GET /v1.41/containers/json)
check 'the operation' says out 'operation:   container.list'
check 'a call with a privileged body' exits 1 explain --rules "$rules" - < <(create "$privileged")
check 'a call that is no request: exit 4' exits 4 explain --rules "$rules" - < <(echo '{"RequestMethod":1}')
check 'an operation that does not exist is denied' exits 1 explain --rules "$rules" - < <(envelope GET /v1.41/nonsense)
check 'by name' says out 'unknown-operation'
finish
