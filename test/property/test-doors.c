/*
 * The same effect costs the same through every door: each effect of effects.c is judged at each of its doors and in
 * each spelling, with the effect and without it. What the effect adds to the findings must be what it adds at its first
 * door, rule by rule, at the same severity, in every environment. Where that can't be, the difference stands below with
 * its reason; one that is there no longer, or is more than it says, fails as well.
 */
#include "effects.h"
#include <fnmatch.h>
#include <stdio.h>

/*
 * .effect and .door are patterns with *, several of them with | between; the first row that matches counts. .less:
 * rules that say something at the first door and nothing, or something else, at this one; .more: the reverse. A -
 * before a rule: that finding goes with the effect. Unless .milder, the worst that the effect adds here is as bad as at
 * the first door. Of another spelling the first door is the same door as docker spells it.
 */
static const struct declared {
        const char *effect, *door;
        enum spelling spelling;
        const char *less, *more;
        bool milder, silent; /* silent: the first door itself, where no rule says a word */
        const char *reason;
} declared[] = {
        /* clang-format off */
        { "a folder of the host, *", "*VolumeOptions*|*named volume|volume", .more = "volume-driver-bind",
          .reason = "a volume's options hide the path as well, which costs a little more" },
        { "a folder of the host, *", "plugin pull|plugin upgrade|plugin set|service plugin", .more = "plugin-privileges",
          .reason = "what is granted to a plugin is refused whatever it is" },
        { "a folder of the host for checkpoints", "checkpoint*|start", .less = "checkpoint-dir -checkpoint-dir", .more = "checkpoint-dir -checkpoint-dir",
          .reason = "removing and listing touch the folder at once, as root, and a start runs what lies there; writing to it is less" },
        { "a driver of somebody's", "network*|secret|*LogConfig|*LogDriver", .less = "volume-driver-remote",
          .more = "driver-unlisted driver-outside-plugins -network-icc-on",
          .reason = "a volume's driver is told by the rule of volumes, at the same price; another driver's network is no bridge" },

        { "an image", "push|asked of the registry|plugin privileges|plugin push", .less = "image-not-digest image-tag-latest", .milder = true,
          .reason = "a push can name no digest, and asking for what a tag is brings nothing in" },
        { "an image", "tag", .less = "image-not-digest image-tag-latest image-untrusted-registry", .milder = true,
          .reason = "an image that is here gets another name: nothing comes in; image-tag-shadow says what it may take the place of" },
        { "what dockerd fetches from the host", "pull|push|asked of the registry|search|plugin*|service*", .less = "fetch-own-host", .milder = true,
          .reason = "a registry is asked for /v2/… alone, and one on the host itself is an everyday one; image-untrusted-registry names it" },

        { "a device", "Binds|Mounts|service Mounts", .less = "device-exposed device-unlisted", .more = "sensitive-host-mount host-path-unlisted outside-workspace", .milder = true,
          .reason = "a node alone opens nothing: the container's control group refuses the device" },
        { "a device", "plugin*|service plugin", .less = "device-exposed device-unlisted", .more = "plugin-privileges",
          .reason = "what is granted to a plugin is refused whatever it is" },
        { "a capability", "plugin*|service plugin", .less = "dangerous-capability extra-capability capability-add-default net-raw-capability",
          .more = "plugin-privileges", .reason = "what is granted to a plugin is refused whatever it is" },
        { "a capability", "start|restart", .less = "dangerous-capability extra-capability capability-add-default net-raw-capability",
          .more = "target-capabilities reached-privileges", .milder = true,
          .reason = "it was judged when it was created; a start tells again of those that take the host over" },
        { "a capability", "exec", .less = "dangerous-capability extra-capability capability-add-default net-raw-capability",
          .more = "target-capabilities reached-privileges", .milder = true, .reason = "the container runs with them already; a command in it is the smaller step" },
        { "a capability", "service CapabilityAdd", OLD_VERSION, .less = "capability-add-default net-raw-capability", .milder = true,
          .reason = "below API 1.41 dockerd drops none, so that what is added was there before" },
        { "all that root may", "exec", .less = "privileged-container", .more = "exec-privileged", .reason = "a rule of its own" },
        { "all that root may", "start|restart", .less = "privileged-container", .more = "target-privileged reached-privileges", .reason = "a rule of its own" },
        { "all that root may", "exec where it is|copy into what is", .less = "privileged-container", .more = "target-privileged reached-privileges", .milder = true,
          .reason = "the container runs so already; a command or a file in it is the smaller step" },
        { "addresses that mean something else", "swarm init", .less = "network-reserved-subnet", .more = "swarm-reserved-subnet", .reason = "a rule of its own" },
        { "a namespace of the host", "start|restart", .less = "host-pid host-ipc host-userns host-network", .more = "target-host-namespace reached-privileges",
          .reason = "a rule of its own" },
        { "a namespace of the host", "exec", .less = "host-pid host-ipc host-userns host-network", .more = "target-host-namespace reached-privileges", .milder = true,
          .reason = "the container runs so already; a command in it is the smaller step" },
        { "the network of the host", "build", .less = "host-network", .more = "build-host-network", .reason = "a rule of its own" },
        { "a namespace of another container", "start|restart", .less = "joined-namespace ipc-shareable default-bridge",
          .more = "target-joined-namespace", .milder = true,
          .reason = "it was judged when it was created; a start tells again of a peer that may take the host over" },
        { "root as the user", "exec*", .less = "user-root", .more = "exec-root",
          .reason = "one command in a container that was judged" },
        { "root as the user", "commit*", .less = "user-root", .more = "container-commit -container-commit", .milder = true,
          .reason = "a rule of its own, of which this is the worse case; elsewhere than in development and staging any commit costs as much" },
        { "root as the user", "service User", NO_VERSION, .less = "user-root", .more = "user-root",
          .reason = "it may be an engine that passes over what makes a start as root milder" },
        { "root as the user", "service User", OLD_VERSION, .less = "user-root", .more = "user-root",
          .reason = "dockerd takes nothing of what makes a start as root milder" },
        { "root as the user", "import*", .less = "user-root", .milder = true,
          .reason = "an image that names no user is root's as well; who is started from it is judged then" },

        { "an option of a tmpfs", "*VolumeOptions|volume|*named volume", .less = "tmpfs-options",
          .more = "host-bind-mount host-path-unlisted outside-workspace volume-driver-bind mount-propagation-shared", .milder = true,
          .reason = "there bind makes a folder of the host of it, which is judged as one; shared is what it says" },
        { "a tmpfs over the kernel's files", "*VolumeOptions|*named volume", .less = "tmpfs-target", .more = "mount-over-kernel",
          .reason = "as every volume that is put there" },

        { "less confinement", "service Privileges", NO_VERSION, .less = "no-new-privileges-missing", .milder = true,
          .reason = "without a version it may be an engine that passes over the field: it is missing before, too" },
        { "less confinement", "service Privileges", OLD_VERSION, .less = "no-new-privileges-missing", .milder = true,
          .reason = "below API 1.44 nobody can ask for it" },
        { "a hardening less", "service", .less = "ulimit-missing", .milder = true, .reason = "of services it is not asked: few clients can say it" },
        { "a hardening less", "service", NO_VERSION, .less = "no-new-privileges-missing user-root", .more = "user-root", .milder = true,
          .reason = "without a version it may be an engine that passes over the field: it is missing before, too" },
        { "a hardening less", "service", OLD_VERSION, .less = "no-new-privileges-missing capabilities-not-dropped user-root",
          .more = "user-root", .milder = true,
          .reason = "below API 1.41 dockerd takes none of it, so that it is missing before, too" },
        { "processes without end", "service Pids", OLD_VERSION, .less = "pids-unlimited", .milder = true,
          .reason = "below API 1.41 dockerd takes no limit, so that it is missing before, too" },
        { "a limit that is none", "service Ulimits", OLD_VERSION, .less = "ulimit-unlimited", .milder = true,
          .reason = "below API 1.41 dockerd takes none" },
        { "a restart without end", "update", .less = "restart-unbounded", .more = "update-limit-removed workspace-restart-later",
          .reason = "a rule of its own; what binds nothing may restart by itself in workspace, which an update does not show" },
        { "processes without end", "update", .less = "pids-unlimited", .more = "update-limit-removed", .reason = "a rule of its own" },
        { "a server for terminals", "exec", .less = "sshd-in-container", .more = "sshd-in-exec", .reason = "a rule of its own" },
        { "a folder to start in that leads out", "exec", .less = "working-dir-leads-out", .more = "exec-working-dir-leads-out",
          .reason = "a rule of its own" },
        { "a folder to start in that leads out", "commit*|import*", .less = "working-dir-leads-out", .milder = true,
          .reason = "an image comes with it from anywhere; what is created from it is judged by it, where lookups are on" },

        { "a variable", "build", .less = "secret-in-env", .more = "build-secret-arg", .reason = "a rule of its own" },
        { "a variable", "image", .less = "secret-in-env secret-literal docker-host-env", .more = "image-secret-env", .milder = true,
          .reason = "what the image brings is its maker's: secrets have a rule of their own, and where its client goes is no request of the caller's" },
        { "a secret in a text", "config Labels", .more = "secret-as-config", .reason = "all of a config is shown to whoever lists configs" },
        /* clang-format on */
};

struct bench {
        struct road road;
        struct judged with, without;
        bool used[ARRAY_SIZE(declared)], milder[ARRAY_SIZE(declared)];
        struct text named[ARRAY_SIZE(declared)]; /* the rules that differed, each with blanks around it */
        size_t compared, undeclared;
};

static int open_bench(void **state) {
        static struct bench bench;

        road_open(&bench.road);
        judged_init(&bench.with);
        judged_init(&bench.without);
        for (size_t i = 0; i < ARRAY_SIZE(declared); ++i)
                text_init(&bench.named[i]);
        *state = &bench;
        return 0;
}

static int close_bench(void **state) {
        struct bench *b = *state;

        for (size_t i = 0; i < ARRAY_SIZE(declared); ++i)
                text_deinit(&b->named[i]);
        judged_deinit(&b->with);
        judged_deinit(&b->without);
        road_close(&b->road);
        return 0;
}

/* -- what an effect adds -- */

/* What one rule says of it. .gone: the finding goes with the effect. */
struct word {
        struct str rule;
        enum severity severity;
        bool hard, gone;
        unsigned environments; /* bits */
};
#define WORDS_MOST 64
struct words {
        struct word items[WORDS_MOST];
        size_t n;
};

static bool same_word(const struct word *a, const struct word *b) {
        return str_eq(a->rule, b->rule) && a->severity == b->severity && a->hard == b->hard && a->gone == b->gone;
}

static void words_add(struct words *words, struct word word) {
        for (size_t i = 0; i < words->n; ++i)
                if (same_word(&words->items[i], &word)) {
                        words->items[i].environments |= word.environments;
                        return;
                }
        assert_true(words->n < WORDS_MOST);
        words->items[words->n++] = word;
}

static bool has(const struct decision *d, const struct finding *f) {
        const struct finding *same = finding_of(d, f->rule->id);

        return same && same->severity == f->severity && same->hard == f->hard;
}

static void words_more(struct words *out, const struct decision *d, const struct decision *than, bool gone,
                       unsigned environment) {
        for (size_t i = 0; i < d->n_findings; ++i) {
                const struct finding *f = &d->findings[i];

                if (!has(than, f))
                        words_add(out, (struct word){ f->rule->id, f->severity, f->hard, gone, 1u << environment });
        }
}

static void words_of(struct words *out, struct bench *b, const struct door *door, const char *value,
                     enum spelling spelling) {
        out->n = 0;
        door_judge(&b->with, &b->road, door, value, spelling, true);
        door_judge(&b->without, &b->road, door, value, spelling, false);
        if (flaws_any(&b->without.request.flaws))
                fail_msg("%s, %s: flawed without the effect", door->name, spelling_names[spelling]);
        for (unsigned i = 0; i < ENVIRONMENTS; ++i) {
                words_more(out, &b->with.decisions[i], &b->without.decisions[i], false, i);
                /* While a flaw stands nothing else is told. */
                if (!flaws_any(&b->with.request.flaws))
                        words_more(out, &b->without.decisions[i], &b->with.decisions[i], true, i);
        }
}

/* The worst that is added in an environment, as a number; what is hard is worse than all that is not. */
static unsigned worst_of(const struct words *words, unsigned environment) {
        unsigned worst = 0;

        for (size_t i = 0; i < words->n; ++i) {
                const struct word *w = &words->items[i];
                unsigned bad = w->severity + (w->hard ? 100 : 0);

                if (!w->gone && w->environments >> environment & 1 && bad > worst)
                        worst = bad;
        }
        return worst;
}

static bool is_milder(const struct words *words, const struct words *than) {
        for (unsigned i = 0; i < ENVIRONMENTS; ++i)
                if (worst_of(words, i) < worst_of(than, i))
                        return true;
        return false;
}

/* -- how two doors differ -- */

static unsigned environments_of(const struct words *words, const struct word *word) {
        for (size_t i = 0; i < words->n; ++i)
                if (same_word(&words->items[i], word))
                        return words->items[i].environments;
        return 0;
}

/* Those of @words that are not in @in, or not in every environment. */
static void words_missing(struct words *out, const struct words *words, const struct words *in) {
        out->n = 0;
        for (size_t i = 0; i < words->n; ++i) {
                struct word word = words->items[i];

                word.environments &= ~environments_of(in, &word);
                if (word.environments)
                        out->items[out->n++] = word;
        }
}

static void words_say(struct text *t, const struct words *words, const char *how) {
        for (size_t i = 0; i < words->n; ++i) {
                const struct word *w = &words->items[i];

                text_addf(t, "%s%s %s%" STR_FMT " %s%s", t->n ? ", " : "", how, w->gone ? "-" : "", STR_ARG(w->rule),
                          severity_name(w->severity).p, w->hard ? " hard" : "");
                for (unsigned k = 0; k < ENVIRONMENTS && w->environments != (1u << ENVIRONMENTS) - 1; ++k)
                        if (w->environments >> k & 1)
                                text_addf(t, " %s", environment_names[k]);
        }
}

/* -- what is declared -- */

static bool matches(const char *patterns, const char *word) {
        struct str rest = str_from(patterns);

        while (rest.p) {
                struct str one = str_cut(&rest, '|');
                char pattern[128];

                snprintf(pattern, sizeof(pattern), "%" STR_FMT, STR_ARG(one));
                if (fnmatch(pattern, word, 0) == 0)
                        return true;
        }
        return false;
}

static bool lists(const char *rules, struct str name) {
        struct str rest = str_from(rules ? rules : "");

        while (rest.p)
                if (str_eq(str_cut(&rest, ' '), name))
                        return true;
        return false;
}

/* Each of @words is in @rules; what is seen is noted. */
static bool all_listed(struct text *named, const char *rules, const struct words *words) {
        for (size_t i = 0; i < words->n; ++i) {
                char name[128];

                snprintf(name, sizeof(name), "%s%" STR_FMT, words->items[i].gone ? "-" : "",
                         STR_ARG(words->items[i].rule));
                if (!lists(rules, str_from(name)))
                        return false;
                text_addf(named, " %s ", name);
        }
        return true;
}

static const struct declared *declared_of(const struct effect *effect, const struct door *door,
                                          enum spelling spelling) {
        for (size_t i = 0; i < ARRAY_SIZE(declared); ++i)
                if (declared[i].spelling == spelling && matches(declared[i].effect, effect->name) &&
                    matches(declared[i].door, door->name))
                        return &declared[i];
        return NULL;
}

static bool is_declared(struct bench *b, const struct declared *row, const struct words *less, const struct words *more,
                        bool milder) {
        size_t i;

        if (!row)
                return less->n == 0 && more->n == 0;
        i = (size_t)(row - declared);
        b->used[i] = true;
        b->milder[i] = b->milder[i] || milder;
        return all_listed(&b->named[i], row->less, less) && all_listed(&b->named[i], row->more, more) &&
               (!milder || row->milder);
}

/* -- the test -- */

static void compare(struct bench *b, const struct effect *effect, const char *value, const struct door *door,
                    enum spelling spelling, const struct words *first, const struct words *words) {
        const struct declared *row = declared_of(effect, door, spelling);
        cleanup_(text_deinit) struct text said;
        bool milder = is_milder(words, first);
        struct words less, more;

        text_init(&said);
        words_missing(&less, first, words);
        words_missing(&more, words, first);
        ++b->compared;
        if (is_declared(b, row, &less, &more, milder))
                return;
        ++b->undeclared;
        words_say(&said, &less, "less");
        words_say(&said, &more, "more");
        fprintf(stderr, "%s: %s, %s %s: %s%s%s\n", effect->name, value, door->name, spelling_names[spelling],
                said.p ? said.p : "", milder ? ", and so milder" : "", row ? ", not as declared" : "");
}

static void hold_door(struct bench *b, const struct effect *effect, const char *value, const struct door *door,
                      const struct words *first) {
        struct words plain, words;

        words_of(&plain, b, door, value, AS_DOCKER_DOES);
        if (door != effect->doors)
                compare(b, effect, value, door, AS_DOCKER_DOES, first, &plain);
        for (enum spelling spelling = AS_DOCKER_DOES + 1; spelling < SPELLINGS_OF_DOORS; ++spelling) {
                if (!door_spelt(door, spelling))
                        continue;
                words_of(&words, b, door, value, spelling);
                compare(b, effect, value, door, spelling, &plain, &words);
        }
}

static bool is_silent(struct bench *b, const struct effect *effect) {
        const struct declared *row = declared_of(effect, effect->doors, AS_DOCKER_DOES);

        if (!row || !row->silent)
                return false;
        b->used[row - declared] = true;
        return true;
}

static void hold(struct bench *b, const struct effect *effect, const char *value) {
        struct words first;

        words_of(&first, b, effect->doors, value, AS_DOCKER_DOES);
        if (first.n == 0 && !is_silent(b, effect))
                fail_msg("%s, %s: no rule says a word", effect->name, value);
        for (const struct door *door = effect->doors; door->name; ++door)
                hold_door(b, effect, value, door, &first);
}

/* A rule that did not differ anywhere, or a door that is milder no longer, is to be taken out of the row. */
static void assert_all_used(struct bench *b, size_t i) {
        const struct declared *row = &declared[i];
        struct str rest;

        if (!b->used[i])
                fail_msg("no such door: %s, %s", row->effect, row->door);
        if (row->milder && !b->milder[i])
                fail_msg("declared milder, and is not: %s, %s", row->effect, row->door);
        for (size_t side = 0; side < 2; ++side) {
                rest = str_from(side ? row->more ? row->more : "" : row->less ? row->less : "");
                while (rest.n) {
                        struct str rule = str_cut(&rest, ' ');
                        char name[128];

                        snprintf(name, sizeof(name), " %" STR_FMT " ", STR_ARG(rule));
                        if (!b->named[i].p || !strstr(b->named[i].p, name))
                                fail_msg("declared, and does not differ: %s, %s:%s", row->effect, row->door, name);
                }
        }
}

static void the_same_effect_costs_the_same_through_every_door(void **state) {
        struct bench *b = *state;

        for (size_t i = 0; i < effects_n; ++i)
                for (size_t k = 0; k < EFFECT_VALUES && effects[i].values[k]; ++k)
                        hold(b, &effects[i], effects[i].values[k]);
        if (b->undeclared)
                fail_msg("%zu of %zu are judged otherwise than declared", b->undeclared, b->compared);
        for (size_t i = 0; i < ARRAY_SIZE(declared); ++i)
                assert_all_used(b, i);
        assert_true(b->compared > 5000);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_same_effect_costs_the_same_through_every_door),
        };

        return cmocka_run_group_tests(tests, open_bench, close_bench);
}
