#include "report/report-control.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* A rule that three controls share, and one that a control has alone. */
enum { SHARED, ALONE };

static size_t shared[] = { SHARED }, both[] = { SHARED, ALONE };
static struct str run[] = { STR("/run/containerd") }, below[] = { STR("docker.service.d/"), STR("docker.sock") },
                  pid[] = { STR("HostConfig.PidMode") };

static struct report_control controls[] = {
        { .id = STR("run"), .checks = shared, .n_checks = 1, .places = run, .n_places = 1 },
        { .id = STR("below"), .checks = shared, .n_checks = 1, .places = below, .n_places = 2 },
        { .id = STR("pid"), .checks = both, .n_checks = 2, .places = pid, .n_places = 1 },
        { .id = STR("rest"), .checks = shared, .n_checks = 1 },
};

/* "run pid": whose it is, of the first @n. */
static void assert_owned(const struct report_finding *f, size_t n, const char *whose) {
        struct report_framework framework = { .controls = controls, .n_controls = n };
        char said[64] = "";

        for (size_t i = 0; i < n; ++i) {
                size_t length = strlen(said);

                if (control_owns(&framework, &controls[i], f, NULL))
                        snprintf(said + length, sizeof(said) - length, "%s%s", length ? " " : "", controls[i].id.p);
        }
        assert_string_equal(said, whose);
}

static void a_place_stands_there_whole(void **state) {
        static const struct {
                const char *message, *where, *file, *whose;
        } rows[] = {
                { "no audit rule watches /run/containerd", "", "", "run" },
                { "/run/containerd is root:root 0711", "", "", "run" },
                { "/run/containerd/x: /run/containerd", "", "", "run" },
                { "/run/containerd/containerd.sock", "", "", "rest" },
                { "/run/containerd-old", "", "", "rest" },
                { "docker.service.d/a.conf", "", "", "below" },
                { "docker.service.d", "", "", "rest" },
                { "open", "", "/run/docker.sock", "below" },
                { "joins", "HostConfig.PidMode", "", "pid" },
                { "/srv/engine", "", "", "rest" },
                { "", "", "", "rest" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
                struct report_finding f = { .state = REPORT_FAIL,
                                            .message = str_from(rows[i].message),
                                            .where = str_from(rows[i].where),
                                            .file = str_from(rows[i].file),
                                            .instances = 1 };

                assert_owned(&f, 4, rows[i].whose);
        }
}

static void nothing_is_lost(void **state) {
        struct report_finding f = { .state = REPORT_FAIL, .message = STR("elsewhere"), .instances = 1 };

        (void)state;
        assert_owned(&f, 3, "run below pid");
        f.instances = 2; /* the other was not kept */
        assert_owned(&f, 4, "run below pid rest");
        f.instances = 1;
        f.state = REPORT_UNKNOWN;
        assert_owned(&f, 4, "run below pid rest");
        f.state = REPORT_EXEMPT;
        assert_owned(&f, 4, "rest");
}

static void each_instance_has_its_own(void **state) {
        struct str more[] = { STR("/run/docker.sock"), STR("/srv") };
        struct report_finding f = {
                .state = REPORT_FAIL, .message = STR("/run/containerd"), .instances = 3, .more = more, .n_more = 2
        };
        struct report_framework framework = { .controls = controls, .n_controls = 4 };
        const struct str *message;

        (void)state;
        assert_owned(&f, 4, "run below rest");
        assert_true(control_owns(&framework, &controls[1], &f, &message));
        assert_string_equal(message->p, "/run/docker.sock");
}

/* A list was refused: what of its rules passed elsewhere says nothing of those that were never asked. */
static void a_control_does_not_pass_by_a_neighbour(void **state) {
        struct report_check check = { .states[REPORT_PASS] = 1 };
        struct report r = { .checks = { .items = &check, .n = 1 } };
        size_t index = 0;
        struct report_control control = { .state = REPORT_PASS, .checks = &index, .n_checks = 1 };
        struct report_framework framework = { .controls = &control, .n_controls = 1 };

        (void)state;
        assert_int_equal(control_state(&r, &framework, &control, NULL), REPORT_PASS);
        control.partly = true;
        assert_int_equal(control_state(&r, &framework, &control, NULL), REPORT_UNKNOWN);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_place_stands_there_whole),
                cmocka_unit_test(nothing_is_lost),
                cmocka_unit_test(each_instance_has_its_own),
                cmocka_unit_test(a_control_does_not_pass_by_a_neighbour),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
