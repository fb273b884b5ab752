#include "operate/fewer.h"

#include "../rules/folder.h"
#include "capture.h"
#include <sys/stat.h>

/* Two sets of rules, and the state folder. */
struct place {
        struct folder folder;
        char state[96];
        struct ruleset *before, *now;
};

/* The rules called so: "hard-a soft-b"; "~hard-a" is hard no more. */
static struct ruleset *load(struct folder *f, const char *ids) {
        struct str rest = str_from(ids);
        struct ruleset *rs;
        struct text t;

        text_init(&t);
        text_addz(&t, "docksill: v1\nkind: rules\nrules:\n");
        while (!str_empty(rest)) {
                struct str id = str_cut(&rest, ' ');
                bool hard = str_starts(id, STR_C("hard"));

                if (str_starts(id, STR_C("~")))
                        id = str_skip(id, 1);

                text_addf(&t,
                          "  - {id: %" STR_FMT ", title: Title of %" STR_FMT
                          ", message: m, when: {container.init: true}, ",
                          STR_ARG(id), STR_ARG(id));
                if (str_starts(id, STR_C("off")))
                        text_addz(&t, "cases: [{severity: none, hard: true}]}\n");
                else if (str_starts(id, STR_C("half")))
                        text_addz(&t, "cases: [{when: {container.read_only: true}, severity: low}, {severity: high, "
                                      "hard: true}]}\n");
                else
                        text_addf(&t, "severity: high, hard: %s}\n", hard ? "true" : "false");
        }
        if (!*ids) {
                text_reset(&t);
                text_addz(&t, "docksill: v1\nkind: rules\nrules: []\n");
        }
        folder_write(f, "r.yaml", t.p);
        rs = folder_rules(f, "r.yaml");
        if (!rs)
                fail_msg("%s: %s", t.p, f->diag.items[0].message.p);
        text_deinit(&t);
        return rs;
}

static void begin(struct place *p, const char *before, const char *now) {
        folder_init(&p->folder);
        snprintf(p->state, sizeof(p->state), "%s/state", p->folder.path);
        p->before = load(&p->folder, before);
        p->now = load(&p->folder, now);
}

static void end(struct place *p) {
        ruleset_unref(p->before);
        ruleset_unref(p->now);
        folder_deinit(&p->folder);
}

/* What a reload from the one to the other comes to, and what is said of it. */
static int check(const struct place *p, struct capture *said) {
        int r;

        capture_begin(said, STDERR_FILENO);
        r = fewer_check(p->before, p->now, p->state);
        capture_end(said);
        return r;
}

static void rules_that_refuse_everywhere_don_t_go_unseen(void **state) {
        static const struct {
                const char *before, *now;
                unsigned gone, hard; /* as they are told */
        } rows[] = {
                { "", "", 0, 0 },
                { "hard-a soft-b", "hard-a soft-b", 0, 0 },
                { "hard-a", "hard-a hard-b soft-c", 0, 0 },
                { "", "hard-a", 0, 0 },
                { "hard-a soft-b", "hard-a", 1, 0 },
                { "soft-a soft-b", "", 2, 0 },
                { "hard-a", "", 1, 1 },
                { "hard-a soft-b", "soft-b", 1, 1 },
                { "hard-a hard-b soft-c", "soft-d", 3, 2 },
                { "hard-a", "hard-b", 1, 1 }, /* another name is another rule */
                { "half-a", "", 1, 1 },
                { "~hard-a", "hard-a", 0, 0 },
                { "hard-a soft-b", "~hard-a", 2, 1 }, /* the same name, and what it refuses is let in */
                { "off-a", "", 1, 0 },                /* was switched off already */
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                unsigned gone = 0, hard = 0;
                struct capture said;
                struct place p;
                int r;

                begin(&p, rows[i].before, rows[i].now);
                r = check(&p, &said);
                for (const char *at = said.text; (at = strstr(at, "SIGHUP: ")); ++at) {
                        gone += strstr(at, ": rule ") && strstr(at, ": rule ") < strchr(at, '\n');
                        hard += strncmp(at, "SIGHUP: gone, and it refused everywhere: rule ", 46) == 0 ||
                                strncmp(at, "SIGHUP: no longer refuses everywhere: rule ", 43) == 0;
                }
                if (gone != rows[i].gone || hard != rows[i].hard || r != (rows[i].hard ? -EPERM : 0))
                        fail_msg("%s, %s: %d: %s", rows[i].before, rows[i].now, r, said.text);
                end(&p);
        }
}

static void each_is_named_with_its_place_and_what_to_do(void **state) {
        char wanted[256];
        struct capture said;
        struct place p;

        (void)state;
        begin(&p, "hard-a soft-b", "soft-c");
        assert_int_equal(check(&p, &said), -EPERM);
        snprintf(wanted, sizeof(wanted),
                 "docksill: SIGHUP: gone, and it refused everywhere: rule hard-a, %s/r.yaml:4: Title of hard-a\n",
                 p.folder.path);
        assert_says(said.text, wanted);
        snprintf(wanted, sizeof(wanted), "docksill: SIGHUP: gone: rule soft-b, %s/r.yaml:5: Title of soft-b\n",
                 p.folder.path);
        assert_says(said.text, wanted);
        assert_says(said.text, "1 rule would no longer refuse everywhere");
        assert_says(said.text, "docksill check --accept-fewer");
        end(&p);
}

/* One that is only recorded refuses nothing. */
static void a_rule_in_audit_may_go(void **state) {
        struct capture said;
        struct place p;

        (void)state;
        begin(&p, "soft-a", "soft-a");
        ruleset_unref(p.before);
        folder_write(&p.folder, "environments/e.yaml",
                     "docksill: v1\nkind: environment\nname: e\ndeny: {severity: high, points: 50}\n"
                     "warn: {severity: low, points: 1}\nunknown: fail\nrules: [../h.yaml]\n"
                     "override: [{rule: hard-a, mode: audit}]\n");
        folder_write(
                &p.folder, "h.yaml",
                "docksill: v1\nkind: rules\nrules: [{id: hard-a, title: t, message: m, severity: high, hard: true}]\n");
        p.before = folder_environment(&p.folder, "e");
        assert_non_null(p.before);
        assert_int_equal(check(&p, &said), 0);
        assert_says(said.text, "SIGHUP: gone: rule hard-a, ");
        end(&p);
}

/* An environment that lets more in is what another one is for; one that lacks the rule is a file that is gone. */
static struct ruleset *load_environment(struct folder *f, const char *name, const char *override) {
        char file[64], text[512];

        snprintf(file, sizeof(file), "environments/%s.yaml", name);
        snprintf(text, sizeof(text),
                 "docksill: v1\nkind: environment\nname: %s\ndeny: {severity: high, points: 50}\n"
                 "warn: {severity: low, points: 1}\nunknown: fail\nrules: [../h.yaml]\noverride: [%s]\n",
                 name, override);
        folder_write(f, file, text);
        return folder_environment(f, name);
}

/* It was named for what it is. In one that keeps its name the same is a mistake, until somebody says that it is none.
 */
static void another_environment_may_be_milder(void **state) {
        static const struct {
                const char *name, *override;
                int r;
        } rows[] = {
                { "strict", "{rule: soft-a, hard: true}", 0 },
                { "strict", "", -EPERM },
                { "strict", "{rule: soft-a, hard: true}, {rule: hard-b, severity: none}", -EPERM },
                { "mild", "", 0 },
                { "mild", "{rule: hard-b, severity: none}", 0 },
        };
        struct place p;

        (void)state;
        folder_init(&p.folder);
        snprintf(p.state, sizeof(p.state), "%s/state", p.folder.path);
        folder_write(&p.folder, "h.yaml",
                     "docksill: v1\nkind: rules\nrules:\n"
                     "  - {id: soft-a, title: t, message: m, severity: high}\n"
                     "  - {id: hard-b, title: t, message: m, severity: high, hard: true}\n");
        p.before = load_environment(&p.folder, "strict", rows[0].override);
        assert_non_null(p.before);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct capture said;

                p.now = load_environment(&p.folder, rows[i].name, rows[i].override);
                assert_non_null(p.now);
                if (check(&p, &said) != rows[i].r || (i > 0 && !strstr(said.text, "no longer refuses everywhere: rule ")))
                        fail_msg("%zu: %s", i, said.text);
                ruleset_unref(p.now);
        }
        ruleset_unref(p.before);
        folder_deinit(&p.folder);
}

static void what_a_person_accepted_may_go(void **state) {
        struct capture said;
        struct place p;
        struct stat st;
        char path[128];

        (void)state;
        begin(&p, "hard-a", "soft-b");
        assert_int_equal(check(&p, &said), -EPERM);
        assert_int_equal(fewer_accept(p.now, p.state), 0);
        assert_int_equal(check(&p, &said), 0);
        assert_says(said.text, "SIGHUP: gone, and it refused everywhere: rule hard-a"); /* said all the same */
        assert_null(strstr(said.text, "--accept-fewer"));

        snprintf(path, sizeof(path), "%s/accepted-fewer", p.state);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_size, 64);
        assert_int_equal(st.st_mode & 0777 & ~0640, 0);
        snprintf(path, sizeof(path), "%s/accepted-fewer.new", p.state);
        assert_int_equal(stat(path, &st), -1);
        end(&p);
}

/* Just that set of rules: the next one that loses a rule is looked at anew. */
static void an_acceptance_is_of_one_set(void **state) {
        struct capture said;
        struct place p;

        (void)state;
        begin(&p, "hard-a hard-b", "hard-a soft-c");
        assert_int_equal(fewer_accept(p.now, p.state), 0);
        assert_int_equal(check(&p, &said), 0);
        ruleset_unref(p.now);
        p.now = load(&p.folder, "soft-c");
        assert_int_equal(check(&p, &said), -EPERM);
        assert_int_equal(fewer_accept(p.now, p.state), 0);
        assert_int_equal(check(&p, &said), 0);
        ruleset_unref(p.now);
        p.now = load(&p.folder, "hard-a soft-c");
        assert_int_equal(check(&p, &said), -EPERM); /* the former acceptance is gone */
        end(&p);
}

static void what_is_no_acceptance_accepts_nothing(void **state) {
        static const char *const texts[] = { "", "\n", "accepted", "*", " \t\n" };
        char path[128], text[160];
        struct capture said;
        struct place p;

        (void)state;
        begin(&p, "hard-a", "soft-b");
        snprintf(path, sizeof(path), "%s/accepted-fewer", p.state);
        for (size_t i = 0; i < ARRAY_SIZE(texts); ++i) {
                folder_write(&p.folder, "state/accepted-fewer", texts[i]);
                assert_int_equal(check(&p, &said), -EPERM);
        }
        snprintf(text, sizeof(text), "%" STR_FMT, STR_ARG(ruleset_digest(p.before)));
        folder_write(&p.folder, "state/accepted-fewer", text);
        assert_int_equal(check(&p, &said), -EPERM);
        snprintf(text, sizeof(text), "%.63s", ruleset_digest(p.now).p);
        folder_write(&p.folder, "state/accepted-fewer", text);
        assert_int_equal(check(&p, &said), -EPERM);
        snprintf(text, sizeof(text), "%.64sx", ruleset_digest(p.now).p);
        folder_write(&p.folder, "state/accepted-fewer", text);
        assert_int_equal(check(&p, &said), -EPERM);
        snprintf(text, sizeof(text), " %.64s\n", ruleset_digest(p.now).p); /* written by hand */
        folder_write(&p.folder, "state/accepted-fewer", text);
        assert_int_equal(check(&p, &said), 0);

        assert_int_equal(remove(path), 0);
        assert_int_equal(mkdir(path, 0700), 0);
        assert_int_equal(check(&p, &said), -EPERM);
        assert_int_equal(rmdir(path), 0);
        assert_int_equal(mkfifo(path, 0600), 0); /* and nobody waits for who writes */
        assert_int_equal(check(&p, &said), -EPERM);
        end(&p);
}

static void what_can_t_be_kept_is_said(void **state) {
        char path[128];
        struct stat st;
        struct place p;

        (void)state;
        begin(&p, "hard-a", "soft-b");
        /* the last part of the folder's path is made, no more */
        snprintf(path, sizeof(path), "%s/a/b", p.folder.path);
        assert_int_equal(fewer_accept(p.now, path), -ENOENT);
        snprintf(path, sizeof(path), "%s/r.yaml", p.folder.path);
        assert_int_equal(fewer_accept(p.now, path), -ENOTDIR);

        /* a link would write elsewhere as root: it is replaced */
        assert_int_equal(mkdir(p.state, 0700), 0);
        snprintf(path, sizeof(path), "%s/accepted-fewer.new", p.state);
        assert_int_equal(symlink("../elsewhere", path), 0);
        assert_int_equal(fewer_accept(p.now, p.state), 0);
        snprintf(path, sizeof(path), "%s/elsewhere", p.folder.path);
        assert_int_equal(stat(path, &st), -1);

        snprintf(path, sizeof(path), "%s/accepted-fewer", p.state);
        assert_int_equal(unlink(path), 0);
        assert_int_equal(mkdir(path, 0700), 0);
        assert_int_equal(fewer_accept(p.now, p.state), -EISDIR);
        assert_int_equal(rmdir(path), 0);

        /* what a kill left behind is in nobody's way */
        folder_write(&p.folder, "state/accepted-fewer.new",
                     "something longer than any digest is, so that its end would stay behind it");
        assert_int_equal(fewer_accept(p.now, p.state), 0);
        snprintf(path, sizeof(path), "%s/accepted-fewer", p.state);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_size, 64);
        end(&p);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(rules_that_refuse_everywhere_don_t_go_unseen),
                cmocka_unit_test(each_is_named_with_its_place_and_what_to_do),
                cmocka_unit_test(a_rule_in_audit_may_go),
                cmocka_unit_test(another_environment_may_be_milder),
                cmocka_unit_test(what_a_person_accepted_may_go),
                cmocka_unit_test(an_acceptance_is_of_one_set),
                cmocka_unit_test(what_is_no_acceptance_accepts_nothing),
                cmocka_unit_test(what_can_t_be_kept_is_said),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
