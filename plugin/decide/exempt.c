#include "exempt.h"

bool exempt_applies(const struct rule_exemption *x, const struct request *request, int64_t at) {
        const struct exemption *e = x->exemption;
        const struct scope scope = { .facts = &request->facts };
        uint64_t known = request_yields(request) | (request->image_told ? GROUP_IMAGE : 0);

        if (at >= e->until || flaws_any(&request->flaws))
                return false;
        /* Facts that the request does not yield are Docker's defaults, which nobody asked for. */
        if ((e->uses | x->uses) & ~known)
                return false;
        return e->match && condition_holds(e->match, &scope) == TRUTH_YES;
}

bool exempt_bears_less(const struct rule_exemption *x, unsigned points) {
        return x->exemption->bounded && x->exemption->remaining_points < points;
}

/* In every spelling there is; an element without a path is judged once, as it is. */
static bool only_holds(const struct condition *only, const struct facts *facts, const void *element,
                       unsigned spellings) {
        struct scope scope = { .facts = facts, .element = element };

        do {
                if (condition_holds(only, &scope) != TRUTH_YES)
                        return false;
        } while (++scope.spelling < spellings);
        return true;
}

/* Brings nothing of the caller's into the container. */
static bool is_blank(const struct mount_fact *mount) {
        struct str kind = mount->kind.value, driver = mount->driver.value;

        if (mount->kind.head.state != FACT_KNOWN)
                return false;
        return str_eqz(kind, "tmpfs") ||
               (str_eqz(kind, "anonymous") && (str_empty(driver) || str_eqz(driver, "local")));
}

/* An image runs what it was built to run only while nothing is mounted over it: one bind of a file over its entrypoint,
 * and what was granted to the image is granted to whoever wrote the file. Nor may it run in another's namespace. */
static bool nothing_else_brought(const struct rule_exemption *x, const struct rule *rule, const struct facts *facts) {
        const struct mount_fact *mounts = facts->mounts.items;
        bool about = rule->each && rule->each->type == FACT_LIST && rule->each->at == offsetof(struct facts, mounts);

        if (facts->mounts.head.state != FACT_KNOWN || facts->container.volumes_from.head.state != FACT_KNOWN)
                return false;
        /* Whether or not somebody looked up what the other container mounts. */
        if (facts->container.volumes_from.n > 0)
                return false;
        /* Who traces there traces it, and /dev/shm, hosts and resolv.conf are the other's. */
        if (facts->container.joins.n > 0 || facts->target.joins.n > 0)
                return false;
        /* What it looks for by a name may be its orders. */
        if (facts->container.extra_hosts.n > 0 || facts->container.links.n > 0)
                return false;
        for (size_t i = 0; i < facts->mounts.n; ++i) {
                if (is_blank(&mounts[i]))
                        continue;
                if (!about || !only_holds(x->only, facts, &mounts[i], fact_path_spellings(&mounts[i].source)))
                        return false;
        }
        return true;
}

bool exempt_lifts(const struct rule_exemption *x, const struct rule *rule, const struct facts *facts,
                  const struct exempt_instance *instance) {
        if (instance->severity > x->exemption->up_to || (x->only && rule->each && !instance->element))
                return false;
        if (x->only && !only_holds(x->only, facts, instance->element, instance->spellings))
                return false;
        if (!instance->hard)
                return true;
        return x->hard && x->only && (x->exemption->hold == HOLD_FIRM || nothing_else_brought(x, rule, facts));
}
