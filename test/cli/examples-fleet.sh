#!/usr/bin/env bash
# examples/ci: its check passes, and names each kind of mistake. examples/ansible, as far as it goes without hosts (test/fleet has those).
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"
examples=$(realpath "$rules/../examples")
export DOCKSILL

# Without git, as on a minimal machine, nothing is compared.
before=()
! command -v git >/dev/null || before=(HEAD)
compose=''
{ ! command -v docker-compose && ! docker compose version; } >/dev/null 2>&1 || compose=yes

# The repository as the hosts have it. The rules are not installed here, and days pass.
begin() {
        rm -rf site
        cp -r "$examples/ci" site
        sed -i "\$a rules: $(realpath "$rules")" site/production.yaml site/staging.yaml
        sed -i "s/expires: .*/expires: $(($(date +%Y) + 1))-12-31/" site/exemptions/*/*.yaml
        [ -n "$compose" ] || rm -r site/compose
        [ ${#before[@]} -eq 0 ] || commit
}

commit() {
        git -C site init -q && git -C site add -A && git -C site -c user.name=test -c user.email=test@example.org commit -qm 'what hosts have'
}

# checks CODE [BEFORE]: check.sh exits so; what it says is in out.
checks() {
        site/check.sh "${@:2}" >out 2>&1
        code=$?
        [ "$code" -eq "$1" ] && return
        printf 'exit code %s, not %s\n' "$code" "$1"
        cat out
        return 1
}

begin
check 'examples/ci as it is' checks 0 "${before[@]}"
check 'passes' says out 'nothing is wrong'

# All at once: it goes on to the end.
sed -i 's/expect: medium/expect: high/; /why:/d' site/site/our-rules.yaml
sed -i 's/cpu-unlimited/cpu-unlimitet/' site/exemptions/staging/load-test.yaml
sed -i '/allowed-host-paths/d' site/site/our-production.yaml
[ -z "$compose" ] || sed -i 's/read_only: true/privileged: true/' site/compose/shop.yaml
check 'several mistakes' checks 1 "${before[@]}"
check 'a rule that does not do what its test says' says out 'NOT OK  the tests of our rules pass'
check 'a rule that lacks what readers need' says out 'NOT OK  our rules say what readers need'
check 'an exemption that is wrong' says out 'NOT OK  staging: rules, settings and exemptions are right (exit code 3)'
check 'with the place' says out 'exemptions/staging/load-test.yaml:6:'
check 'a call that has to pass and does not' says out 'NOT OK  production: passes: calls/production/allowed/shop.json (exit code 1)'
check 'with the reason' says out 'host-path-unlisted'
[ -z "$compose" ] || check 'a compose file that would be refused' says out 'NOT OK  production: passes: compose/shop.yaml (exit code 1)'
if [ ${#before[@]} -gt 0 ]; then
        check 'a change that refuses more' says out 'NOT OK  production: some are newly refused; if that is meant, set ACCEPT=refused'
fi

begin
rm -rf site/compose
sed -i 's/^environments=.*/environments=(production)/' site/check.sh
sed -i '/extends:/a deny: {severity: critical, points: 1000}' site/site/our-production.yaml
check 'a change that allows more' checks 1 "${before[@]}"
check 'a call that must not pass, and does' says out 'NOT OK  production: is refused: calls/production/refused/shop-writes.json (exit code 0)'
if [ ${#before[@]} -gt 0 ]; then
        check 'is named' says out 'NOT OK  production: some are newly allowed; if that is meant, set ACCEPT=allowed'
        mv site/calls/production/refused/* site/calls/production/allowed
        export ACCEPT=allowed
        check 'it is meant' checks 0 HEAD
        check 'and is shown all the same' says out ' 1 newly allowed'
        unset ACCEPT
        rm -r site/calls
        check 'a branch that is not there' checks 1 no-such-branch
        check 'is named too' says out 'NOT OK  there is no-such-branch to compare with'
fi

# -- examples/ansible --------------------------------------------------------------------------------------------------

cp -r "$examples/ansible" ansible
sed -i "s/expires: .*/expires: $(($(date +%Y) + 1))-12-31/" ansible/exemptions/*.yaml
check 'what the role copies is right' exits 0 check --quiet --rules "$rules" --environment ansible/site/environment.yaml --exemptions ansible/exemptions
check 'without a warning' test ! -s err
# The suite fleet has ansible; installing it here would take longer than all of this.
if command -v ansible-playbook >/dev/null; then
        cd ansible || exit 1
        check 'the playbooks are read' env HOME="$folder" ansible-playbook --syntax-check site.yaml disable.yaml uninstall.yaml
fi
finish
