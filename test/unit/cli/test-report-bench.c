#include "report/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static size_t caps[] = { 0 }, files[] = { 1 };
static struct str socket_place[] = { STR("docker.sock") }, json_place[] = { STR("daemon.json") };

/* Two containers, one of them with a name that no engine lets through, and the host. */
static struct report_subject subjects[] = {
        { .kind = STR("container"), .name = STR("web") },
        { .kind = STR("container"), .name = STR("a\x1b[2J\nb") },
        { .kind = STR("host"), .name = STR("here") },
};
static struct report_check checks[] = { { .id = STR("caps") }, { .id = STR("files") } };
static struct report_finding findings[] = {
        { .check = 0, .subject = 0, .state = REPORT_FAIL, .instances = 1, .message = STR("adds SYS_ADMIN") },
        { .check = 0, .subject = 0, .state = REPORT_FAIL, .instances = 1, .message = STR("adds SYS_TIME") },
        { .check = 0, .subject = 1, .state = REPORT_FAIL, .instances = 1, .message = STR("adds ALL") },
        { .check = 1, .subject = 2, .state = REPORT_FAIL, .instances = 1, .message = STR("docker.sock is 0666") },
};
static struct report_control controls[] = {
        { .id = STR("3.15"),
          .title = STR("the socket"),
          .state = REPORT_FAIL,
          .checks = files,
          .n_checks = 1,
          .places = socket_place,
          .n_places = 1 },
        { .id = STR("3.17"),
          .title = STR("the file"),
          .state = REPORT_FAIL,
          .checks = files,
          .n_checks = 1,
          .places = json_place,
          .n_places = 1 },
        { .id = STR("5.4"), .title = STR("capabilities"), .state = REPORT_FAIL, .checks = caps, .n_checks = 1 },
        { .id = STR("7.1"), .title = STR("managers"), .state = REPORT_MANUAL, .beside = STR("docker node ls") },
        { .id = STR("7.3"), .title = STR("overlays"), .state = REPORT_NOT_APPLICABLE },
};
static struct report_framework framework = { .id = STR("cis-docker"),
                                             .title = STR("CIS Docker Benchmark"),
                                             .edition = STR("1.6.0"),
                                             .controls = controls,
                                             .n_controls = 5 };
static struct report_area areas[2] = { { .name = STR("containers"), .score = 40, .subjects = 2 },
                                       { .name = STR("volumes"), .score = 100 } };
static struct report_gap gap = { .what = STR("/etc/x"), .why = STR("permission denied") };

static void make(struct report *r) {
        *r = (struct report){
                .title = STR("Audit of here"), .program = STR("1.0"), .scored = true, .score = 40, .points = 160
        };
        r->subjects.items = subjects;
        r->subjects.n = 3;
        r->checks.items = checks;
        r->checks.n = 2;
        r->findings.items = findings;
        r->findings.n = 4;
        r->areas.items = areas;
        r->areas.n = 2;
        r->gaps.items = &gap;
        r->gaps.n = 1;
        r->frameworks.items = &framework;
        r->frameworks.n = 1;
}

static void assert_written(const struct report *r, bool verbose, const char *text) {
        struct text out;

        text_init(&out);
        assert_int_equal(report_bench(&out, r, verbose), 0);
        assert_string_equal(out.p, text);
        text_deinit(&out);
}

static void it_reads_as_the_bench(void **state) {
        struct report r;

        (void)state;
        make(&r);
        assert_written(&r, false,
                       "# Audit of here, docksill 1.0\n"
                       "\n# CIS Docker Benchmark 1.6.0, titles in words of docksill\n"
                       "\n[INFO] 3 - Files of the engine\n"
                       "[WARN] 3.15 - the socket\n"
                       "[WARN]      * docker.sock is 0666\n"
                       "[PASS] 3.17 - the file\n"
                       "\n[INFO] 5 - Containers\n"
                       "[WARN] 5.4 - capabilities\n"
                       "[WARN]      * web\n"
                       "[WARN]      * a\\x1b[2J\\x0ab\n"
                       "\n[INFO] 7 - Swarm\n"
                       "[NOTE] 7.1 - managers (by hand)\n"
                       "[NOTE]      * look at: docker node ls\n"
                       "[INFO] 7.3 - overlays (does not apply here)\n"
                       "\n[NOTE] Not seen: /etc/x: permission denied\n"
                       "[INFO] Checks: 5 (1 PASS, 2 WARN, 1 INFO, 1 NOTE)\n"
                       "[INFO] Score: 40 of 100, 160 points against it (containers 40)\n");
}

static void what_could_not_be_told_is_no_pass(void **state) {
        struct report_finding unknown = { .check = 0,
                                          .subject = 0,
                                          .state = REPORT_UNKNOWN,
                                          .why = STR("it vanished") },
                              exempt = { .check = 0,
                                         .subject = 0,
                                         .state = REPORT_EXEMPT,
                                         .why = STR("E-1, until May"),
                                         .instances = 1 };
        struct report r;

        (void)state;
        make(&r);
        framework.controls = controls + 2;
        framework.n_controls = 1;
        r.scored = false;
        r.gaps.n = 0;
        r.findings.n = 1;
        r.findings.items = &unknown;
        assert_written(&r, false,
                       "# Audit of here, docksill 1.0\n"
                       "\n# CIS Docker Benchmark 1.6.0, titles in words of docksill\n"
                       "\n[INFO] 5 - Containers\n"
                       "[INFO] 5.4 - capabilities (could not be told)\n"
                       "[INFO]      * web: it vanished\n"
                       "\n[INFO] Checks: 1 (0 PASS, 0 WARN, 1 INFO, 0 NOTE)\n");
        r.findings.items = &exempt;
        assert_written(&r, false,
                       "# Audit of here, docksill 1.0\n"
                       "\n# CIS Docker Benchmark 1.6.0, titles in words of docksill\n"
                       "\n[INFO] 5 - Containers\n"
                       "[INFO] 5.4 - capabilities (exempt)\n"
                       "[INFO]      * web: E-1, until May (exempt)\n"
                       "\n[INFO] Checks: 1 (0 PASS, 0 WARN, 1 INFO, 0 NOTE)\n");
        r.frameworks.n = 0;
        assert_written(&r, true,
                       "# Audit of here, docksill 1.0\n"
                       "[NOTE] Name a framework for its numbers: --framework cis-docker\n"
                       "\n[INFO] Checks: 0 (0 PASS, 0 WARN, 0 INFO, 0 NOTE)\n");
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(it_reads_as_the_bench),
                cmocka_unit_test(what_could_not_be_told_is_no_pass),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
