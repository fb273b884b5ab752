#pragma once
/*
 * access: who may call which operation at all; part of an environment.
 *
 *         access:
 *           - {who: {user: ["ci-*"]}, deny: ["swarm.*", "plugin.*"]}
 *           - {who: {anonymous: true}, allow: ["container.*", "image.*", "system.*"]}
 *
 * An entry concerns a caller for whom all that stands in `who` holds:
 *   user       globs on the common name of the TLS client certificate; nobody without one
 *   anonymous  true: no such name (the Unix socket, or a certificate without a common name); false: some name
 *   authn      how dockerd came to know the caller; today "TLS" alone
 *
 * An operation is refused to a caller if some deny of theirs names it, or if they have an allow and none of theirs
 * names it. So deny wins over allow, an allow closes everything else, and the order of entries never matters. Whom no
 * entry concerns may call everything: access is open by default. Entries of an environment and of those it extends add
 * up.
 *
 * "container.create" names an operation, "container.*" a family, "*" all of them and what docksill does not know.
 */
#include "docksill/base/diag.h"
#include "docksill/rules/condition.h"

struct access_entry {
        const struct condition *who; /* user and anonymous; NULL: they are not asked */
        const struct str *authn;
        size_t n_authn;      /* 0: not asked */
        bool allow;          /* else deny */
        uint8_t *operations; /* one byte each, and one for the unknown: named */
        struct position at;
};

struct access_view {
        const struct access_entry *items;
        size_t n;
};
