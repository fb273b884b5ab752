#include "access-gate.h"

#include "own-finding.h"
#include <errno.h>

#define NAME_SHOWN 80

static const struct fix remedy;
static const struct rule_case denied = { .severity = SEVERITY_CRITICAL, .fix = &remedy };

static const struct rule rule = {
        .id = STR(ACCESS_RULE),
        .title = STR("The caller may not call this operation"),
        .why = STR("The environment says who may call what; this is not among it."),
        .cases = &denied,
        .n_cases = 1,
        .unknown = SEVERITY_CRITICAL,
        .uses = GROUP_REQUEST,
};

static bool concerns(const struct access_entry *entry, const struct request *request) {
        const struct scope scope = { .facts = &request->facts };
        bool authn = entry->n_authn == 0 || str_is_among(request->envelope.authn.value, entry->authn, entry->n_authn);

        return authn && (!entry->who || condition_holds(entry->who, &scope) == TRUTH_YES);
}

/* The entry that refuses, or NULL. Which of several does not depend on their order as far as the answer goes: it is the
 * first deny, else the first allow that left it out. */
static const struct access_entry *refusing(struct access_view access, const struct request *request, size_t operation) {
        const struct access_entry *denies = NULL, *closes = NULL;
        bool allowed = false;

        for (size_t i = 0; i < access.n && !denies; ++i) {
                const struct access_entry *entry = &access.items[i];
                bool named = entry->operations[operation];

                /* Most entries say nothing about most operations: whom they concern is asked last. */
                if ((!entry->allow && !named) || !concerns(entry, request))
                        continue;
                if (!entry->allow)
                        denies = entry;
                else if (named)
                        allowed = true;
                else if (!closes)
                        closes = entry;
        }
        return denies ? denies : allowed ? NULL : closes;
}

static int add_denial(struct str *out, const struct access_entry *entry, const struct request *request,
                      struct arena *arena) {
        struct str user = request->envelope.user.value;
        struct text t;

        text_init_arena(&t, arena);
        if (str_empty(user)) {
                text_addz(&t, "an anonymous caller");
        } else {
                text_addz(&t, "user \"");
                text_add_visible(&t, user, NAME_SHOWN);
                text_add_char(&t, '"');
        }
        text_addz(&t, " may not call ");
        text_add(&t, request->operation ? request->operation->id : STR_C("an unknown operation"));
        text_addz(&t, entry->allow ? ": not among what is allowed at " : ": denied at ");
        if (entry->at.source)
                text_add_visible(&t, entry->at.source->name, SIZE_MAX);
        text_addf(&t, ":%u", entry->at.line);
        *out = text_str(&t);
        return t.failed ? -ENOMEM : 0;
}

int access_judge(struct decision *d, struct access_view access, const struct request *request, struct arena *arena) {
        size_t operation = request->operation ? operation_index(request->operation) : operation_table_n;
        const struct access_entry *entry = access.n ? refusing(access, request, operation) : NULL;
        struct own_finding f = { .rule = &rule, .where = "User", .access = true };

        if (!entry)
                return 0;
        if (add_denial(&f.message, entry, request, arena) < 0)
                return -ENOMEM;
        return own_finding_add(d, &f, arena);
}
