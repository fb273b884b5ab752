#include "fewer.h"
#include "docksill/base/file.h"
#include "docksill/base/say.h"
#include "docksill/base/text.h"
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define ACCEPTED "accepted-fewer"
#define MEMORY   (64u * 1024)

/* Returns 0 or -ENOMEM. */
static int path_of(struct arena *arena, const char *state, const char **out) {
        struct text t;

        text_init_arena(&t, arena);
        text_addf(&t, "%s/" ACCEPTED, state);
        *out = t.p;
        return t.failed ? -ENOMEM : 0;
}

static bool is_accepted(const struct ruleset *rules, const char *state) {
        cleanup_(arena_deinit) struct arena arena;
        const char *path;
        struct str text;

        arena_init(&arena, MEMORY);
        return path_of(&arena, state, &path) == 0 && file_read_regular(&arena, path, 256, &text) == 0 &&
               str_eq(str_trim(text), ruleset_digest(rules));
}

static void warn_of(const struct rule *rule, const char *what) {
        say(SAY_WARNING, "SIGHUP: %s: rule %" STR_FMT ", %s:%u: %" STR_FMT, what, STR_ARG(rule->id),
            rule->at.source->name.p, rule->at.line, STR_ARG(rule->title));
}

int fewer_check(const struct ruleset *before, const struct ruleset *now, const char *state) {
        struct rule_view view = ruleset_rules(before);
        bool other = !str_eq(ruleset_name(before), ruleset_name(now));
        unsigned hard = 0;

        for (size_t i = 0; i < view.n; ++i) {
                const struct rule *rule = view.items[i], *same = ruleset_rule(now, rule->id);
                bool hard_before = rule_refuses_everywhere(rule);

                if (same && (!hard_before || rule_refuses_everywhere(same)))
                        continue;
                hard += hard_before && !(same && other);
                if (same)
                        warn_of(rule, "no longer refuses everywhere");
                else
                        warn_of(rule, hard_before ? "gone, and it refused everywhere" : "gone");
        }
        if (hard == 0 || is_accepted(now, state))
                return 0;
        say(SAY_ERROR,
            "SIGHUP: %u rule%s would no longer refuse everywhere; is a file missing or cut short? If "
            "this is intended, run docksill check --accept-fewer with the flags of serve, and send SIGHUP again",
            hard, hard == 1 ? "" : "s");
        return -EPERM;
}

int fewer_accept(const struct ruleset *rules, const char *state) {
        const struct stat like = { .st_uid = geteuid(), .st_gid = getegid(), .st_mode = 0640 };
        cleanup_(arena_deinit) struct arena arena;
        const char *path;

        arena_init(&arena, MEMORY);
        if (path_of(&arena, state, &path) < 0)
                return -ENOMEM;
        if (mkdir(state, 0750) < 0 && errno != EEXIST)
                return -errno;
        return file_replace(path, ruleset_digest(rules), &like);
}
