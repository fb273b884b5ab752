/* Days: exemptions that end and steps that begin, whatever the clock says later. */
#include "route-world.h"

#include <sys/stat.h>

/* Rules, an environment around them with @more in it, and @exemptions. */
static void settle_site(struct world *w, const char *more, const char *exemption) {
        char site[160], exemptions[128];
        struct ruleset_options options = { .rules = w->folder, .environment = site, .exemptions = exemptions };
        struct ruleset *before = w->loaded;
        struct diag diag;
        FILE *f;

        snprintf(site, sizeof(site), "%s/environments", w->folder);
        snprintf(exemptions, sizeof(exemptions), "%s/exemptions.yaml", w->folder);
        assert_int_equal(mkdir(site, 0700), 0);
        snprintf(site, sizeof(site), "%s/environments/site.yaml", w->folder);
        f = fopen(site, "w");
        assert_non_null(f);
        fprintf(f,
                "docksill: v1\nkind: environment\nname: site\nrules: [%s]\ndeny: {severity: critical, points: 100}\n"
                "warn: {severity: low, points: 1}\nunknown: fail\n%s",
                w->rules, more);
        assert_int_equal(fclose(f), 0);
        f = fopen(exemptions, "w");
        assert_non_null(f);
        fprintf(f, "docksill: v1\nkind: exemptions\nexemptions: [%s]\n", exemption);
        assert_int_equal(fclose(f), 0);
        diag_init(&diag);
        if (ruleset_load(&w->loaded, &options, &diag) < 0) {
                struct text t;

                text_init(&t);
                diag_render(&diag, &t);
                fail_msg("%s", t.p);
        }
        diag_deinit(&diag);
        ruleset_unref(before);
        settle(w, MODE_ENFORCE, RECORD_READS_NONE, off);
}

static void remove_site(const struct world *w) {
        char command[300];

        snprintf(command, sizeof(command), "rm -r %s/environments %s/exemptions.yaml", w->folder, w->folder);
        assert_int_equal(system(command), 0);
}

/* 2100-01-01, and a moment of the day after it. */
#define IN_2100       (INT64_C(4102444800) * 1000000)
#define AFTER_THE_DAY (IN_2100 + 86400 * INT64_C(1000000) + 1)

static void a_clock_set_back_does_not_revive_an_exemption(void **state) {
        struct world *w = *state;

        settle_site(w, "",
                    "{id: e, rules: [privileged-container], match: {user: alice}, owner: o, reason: r, expires: "
                    "2100-01-01}");
#define ALICE "{\"User\":\"alice\",\"UserAuthNMethod\":\"TLS\","
        assert_true(allows(w, ROUTE_REQUEST, ALICE CREATE_REST(PRIVILEGED, "34")));
        w->context.latest = AFTER_THE_DAY; /* as it was when the clock said 2100, or so */
        assert_false(allows(w, ROUTE_REQUEST, ALICE CREATE_REST(PRIVILEGED, "34")));
        remove_site(w);
}

/* What it denies is told once, before the first decision under it; and no clock takes it back. */
static void a_step_begins_once_and_for_all(void **state) {
        struct world *w = *state;
        char text[16384];

        settle_site(w, "steps: [{from: 2020-01-01, enforce: hard}, {from: 2100-01-01, enforce: all}]\n", "");
        route_record_start(&w->context, STR_C("start"), NULL);
        assert_true(allows(w, ROUTE_REQUEST, CREATE(PRIVILEGED, "34")));
        assert_true(allows(w, ROUTE_REQUEST, CREATE(HARMLESS, "17")));
        assert_int_equal(w->context.metrics.calls.warned, 1);
        w->context.latest = IN_2100;
        assert_false(allows(w, ROUTE_REQUEST, CREATE(PRIVILEGED, "34")));
        assert_false(allows(w, ROUTE_REQUEST, CREATE(PRIVILEGED, "34")));
        records(w, text, sizeof(text));
        assert_int_equal(lines(text), 6);
        assert_non_null(strstr(text, "\"event\":\"start\""));
        assert_non_null(strstr(text, "\"step\":{\"enforce\":\"hard\",\"from\":\"2020-01-01\"},\"next\":{\"deny\":{"
                                     "\"severity\":\"critical\",\"points\":100},\"from\":\"2100-01-01\"},"
                                     "\"refused_from\":\"2100-01-01\""));
        assert_non_null(strstr(text, "\"event\":\"step\""));
        assert_ptr_equal(strstr(strstr(text, "\"event\":\"step\"") + 1, "\"event\""), NULL);
        remove_site(w);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                TEST(a_clock_set_back_does_not_revive_an_exemption),
                TEST(a_step_begins_once_and_for_all),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
