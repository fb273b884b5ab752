#include "docksill/base/date.h"
#include "docksill/base/text.h"
#include "docksill/engine/scan.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static int begin(void **state) {
        struct arena *arena = malloc(sizeof(*arena));

        if (!arena)
                return -1;
        arena_init(arena, 1 << 22);
        *state = arena;
        return 0;
}

static int end(void **state) {
        arena_deinit(*state);
        free(*state);
        return 0;
}

/* As "scanner at images looked|listed: id/package/level[+]… packages… secrets". */
static void show(struct text *t, const struct scan_report *r) {
        text_addf(t, "%" STR_FMT " %lld", STR_ARG(r->scanner), (long long)(r->at / 1000000));
        for (size_t i = 0; i < r->images.n; ++i)
                text_addf(t, " %.1s", r->images.items[i].p);
        text_addz(t, r->looked ? " looked:" : " listed:");
        for (size_t i = 0; i < r->flaws.n; ++i)
                text_addf(t, " %" STR_FMT "/%" STR_FMT "/%s%s", STR_ARG(r->flaws.items[i].id),
                          STR_ARG(r->flaws.items[i].package), scan_level_name(r->flaws.items[i].level).p,
                          r->flaws.items[i].fixable ? "+" : "");
        for (size_t i = 0; i < r->packages.n; ++i)
                text_addf(t, " %" STR_FMT, STR_ARG(r->packages.items[i]));
        if (r->secrets)
                text_addf(t, " %u", r->secrets);
        text_add_char(t, '\0');
}

static void each_form_is_read(void **state) {
        static const struct {
                const char *json, *shown;
        } rows[] = {
                /* Trivy */
                { "{\"SchemaVersion\":2,\"CreatedAt\":\"1970-01-02T00:00:00Z\",\"Metadata\":{\"ImageID\":\"sha256:" A
                  "\",\"RepoDigests\":[\"x@sha256:" B "\"]},\"Results\":[{\"Vulnerabilities\":[{\"VulnerabilityID\":"
                  "\"CVE-1\",\"PkgName\":\"p\",\"Severity\":\"HIGH\",\"FixedVersion\":\"2\"},{\"VulnerabilityID\":"
                  "\"CVE-2\",\"Severity\":\"odd\",\"FixedVersion\":\"\"}],\"Packages\":[{\"Name\":\"p\",\"ID\":\"q\"}],"
                  "\"Secrets\":[{},{}]}]}",
                  "trivy 86400 a b looked: CVE-1/p/high+ CVE-2//unknown p 2" },
                { "{\"SchemaVersion\":2,\"Results\":null}", "trivy 0 looked:" },
                /* Grype */
                { "{\"matches\":[{\"vulnerability\":{\"id\":\"CVE-1\",\"severity\":\"Critical\",\"fix\":{\"state\":"
                  "\"fixed\"}},\"artifact\":{\"name\":\"p\"}},{\"vulnerability\":{\"id\":\"CVE-2\",\"severity\":"
                  "\"Negligible\",\"fix\":{\"state\":\"not-fixed\",\"versions\":[\"1\"]}}}],\"source\":{\"type\":"
                  "\"image\",\"target\":{\"imageID\":\"sha256:" A "\",\"manifestDigest\":\"sha256:" B
                  "\",\"repoDigests\":[]}},\"descriptor\":{\"name\":\"grype\",\"timestamp\":\"1970-01-01T00:00:01Z\"}}",
                  "grype 1 a b looked: CVE-1/p/critical+ CVE-2//low" },
                /* Clair */
                { "{\"manifest_hash\":\"sha256:" A
                  "\",\"packages\":{\"1\":{\"name\":\"p\"}},\"vulnerabilities\":{\"7\":"
                  "{\"id\":\"7\",\"name\":\"CVE-1\",\"severity\":\"critical\",\"normalized_severity\":\"Medium\","
                  "\"fixed_in_version\":\"2\",\"package\":{\"name\":\"p\"}}},\"package_vulnerabilities\":{\"1\":[\"7\"]"
                  "}}",
                  "clair 0 a looked: CVE-1/p/medium+ p" },
                /* SARIF */
                { "{\"version\":\"2.1.0\",\"runs\":[{\"results\":[{\"ruleId\":\"CVE-1\"},{\"ruleId\":\"CVE-3\"}],"
                  "\"tool\":{\"driver\":{\"name\":\"Other\",\"rules\":[{\"id\":\"CVE-2\"},{\"id\":\"CVE-1\","
                  "\"properties\":"
                  "{\"security-severity\":\"7.5\"}}]}},\"properties\":{\"imageID\":\"sha256:" A "\"}}]}",
                  "Other 0 a looked: CVE-1//high CVE-3//unknown" },
                /* CycloneDX, with vulnerabilities and without */
                { "{\"bomFormat\":\"CycloneDX\",\"metadata\":{\"timestamp\":\"1970-01-01T00:00:02Z\",\"component\":"
                  "{\"purl\":\"pkg:oci/x@sha256%3A" A "?arch=amd64\",\"properties\":[{\"name\":"
                  "\"aquasecurity:trivy:ImageID\",\"value\":\"sha256:" B "\"}]}},\"components\":[{\"name\":\"bash\"}]}",
                  "cyclonedx 2 a b listed: bash" },
                { "{\"bomFormat\":\"CycloneDX\",\"vulnerabilities\":[{\"id\":\"CVE-1\",\"ratings\":[{\"severity\":"
                  "\"low\"},"
                  "{\"severity\":\"high\"}]}]}",
                  "cyclonedx 0 looked: CVE-1//high" },
                /* SPDX */
                { "{\"spdxVersion\":\"SPDX-2.3\",\"creationInfo\":{\"created\":\"1970-01-01T00:00:03Z\"},\"packages\":["
                  "{\"name\":\"curl\",\"externalRefs\":[{\"referenceLocator\":\"pkg:oci/x@sha256:" A "\"}]}]}",
                  "spdx 3 a listed: curl" },
                /* Syft */
                { "{\"artifacts\":[{\"name\":\"apt\"}],\"source\":{\"metadata\":{\"imageID\":\"sha256:" A "\"}},"
                  "\"descriptor\":{\"name\":\"syft\"}}",
                  "syft 0 a listed: apt" },
                /* docksill's own */
                { "{\"schema\":\"docksill.scan/"
                  "1\",\"scanner\":\"x\",\"at\":\"1970-01-01T00:00:04Z\",\"images\":[\"sha256:" A
                  "\"],\"vulnerabilities\":[{\"id\":\"CVE-1\",\"package\":\"p\",\"severity\":\"low\",\"fixed\":true}],"
                  "\"packages\":[\"p\"],\"secrets\":3}",
                  "x 4 a looked: CVE-1/p/low+ p 3" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct scan_report report = { 0 };
                struct text t;
                const char *why = scan_report_read(&report, *state, str_from(rows[i].json));

                text_init_arena(&t, *state);
                assert_null(why);
                show(&t, &report);
                assert_string_equal(t.p, rows[i].shown);
        }
}

static void what_is_none_is_said_to_be_none(void **state) {
        static const struct {
                const char *json, *why;
        } rows[] = {
                { "", "it is no JSON" },
                { "{", "it is no JSON" },
                { "{\"SchemaVersion\":2}x", "it is no JSON" },
                { "{\"SchemaVersion\":2,\"Results\":[{\"Vulnerabilities\":[{]}]}", "it is no JSON" },
                { "[]", "it is no report of a kind that docksill knows" },
                { "null", "it is no report of a kind that docksill knows" },
                { "{}", "it is no report of a kind that docksill knows" },
                { "{\"schema\":\"other/1\",\"vulnerabilities\":[]}", "it is no report of a kind that docksill knows" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct scan_report report = { 0 };
                const char *why = scan_report_read(&report, *state, str_from(rows[i].json));

                assert_non_null(why);
                assert_string_equal(why, rows[i].why);
        }
}

/* What a version of a scanner writes in another form is as if it were not there. */
static void another_kind_of_value_is_passed_over(void **state) {
        static const char *const rows[] = {
                "{\"SchemaVersion\":2,\"Metadata\":7,\"Results\":{\"a\":[1]},\"CreatedAt\":[\"x\"]}",
                "{\"matches\":\"none\",\"source\":[],\"descriptor\":{\"name\":{}}}",
                "{\"matches\":[7,null,[],{\"vulnerability\":[{\"id\":\"CVE-1\"}]}]}",
                "{\"runs\":[{\"tool\":{\"driver\":[]},\"results\":{\"a\":1}}]}",
                "{\"bomFormat\":\"CycloneDX\",\"components\":[[],{\"name\":7}],\"metadata\":{\"component\":\"x\"}}",
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct scan_report report = { 0 };

                assert_null(scan_report_read(&report, *state, str_from(rows[i])));
                assert_int_equal(report.flaws.n + report.packages.n + report.images.n, 0);
        }
}

static void what_is_too_much_is_no_report(void **state) {
        struct scan_report report = { 0 };
        struct text many, deep;
        struct arena little;

        text_init_arena(&many, *state);
        text_addz(&many, "{\"artifacts\":[");
        for (size_t i = 0; i <= SCAN_ITEMS_MOST; ++i)
                text_addz(&many, i ? ",\"p\"" : "\"p\"");
        text_addz(&many, "]}");
        assert_string_equal(scan_report_read(&report, *state, text_str(&many)), "it is too large");

        text_init_arena(&deep, *state);
        text_addz(&deep, "{\"source\":");
        for (size_t i = 0; i < 100; ++i)
                text_addz(&deep, "{\"target\":");
        assert_string_equal(scan_report_read(&report, *state, text_str(&deep)), "it is no JSON");

        arena_init(&little, 64);
        report = (struct scan_report){ 0 };
        assert_string_equal(
                scan_report_read(&report, &little, STR_C("{\"artifacts\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}")),
                "it is too large");
        arena_deinit(&little);
}

/* What is written is read as it was. */
static void its_own_form_comes_back(void **state) {
        static const struct str json = STR(
                "{\"SchemaVersion\":2,\"CreatedAt\":\"2026-11-30T10:00:00.5Z\",\"Metadata\":{\"ImageID\":\"sha256:" A
                "\"},\"Results\":[{\"Vulnerabilities\":[{\"VulnerabilityID\":\"C\\\"\\u001b\",\"PkgName\":"
                "\"\\ud83d\\ude00\","
                "\"Severity\":\"LOW\"}],\"Packages\":[{\"Name\":\"a,b\"}],\"Secrets\":[1]}]}");
        struct scan_report first = { 0 }, second = { 0 };
        struct text form, one, other;

        text_init_arena(&form, *state);
        text_init_arena(&one, *state);
        text_init_arena(&other, *state);
        assert_null(scan_report_read(&first, *state, json));
        scan_report_add(&form, &first);
        assert_null(scan_report_read(&second, *state, text_str(&form)));
        show(&one, &first);
        show(&other, &second);
        assert_string_equal(one.p, other.p);
}

static void an_image_is_known_by_its_digits(void **state unused_) {
        assert_int_equal(scan_image_hex(STR_C("sha256:" A)).n, 64);
        assert_int_equal(scan_image_hex(STR_C("r:5000/n:t@sha256:" A)).n, 64);
        assert_int_equal(scan_image_hex(STR_C(A)).n, 64);
        assert_null(scan_image_hex(STR_C("nginx:1.27")).p);
        assert_null(scan_image_hex(STR_C("sha512:" A B)).p);
        assert_null(scan_image_hex(STR_C("sha256:../../../etc/passwd")).p);
        assert_null(scan_image_hex(STR_C("sha256:" A "0")).p);
        /* A registry may be called so, and have a port that long. */
        assert_null(
                scan_image_hex(STR_C("sha256:1111111111111111111111111111111111111111111111111111111111111111/app")).p);
        assert_true(str_starts(scan_image_hex(STR_C("sha256:" B "/app@sha256:" A)), STR_C("a")));
        assert_null(scan_image_hex(STR_C("")).p);
}

static void counts_once_a_package_and_not_what_is_ignored(void **state) {
        static const struct str json =
                STR("{\"schema\":\"docksill.scan/1\",\"vulnerabilities\":["
                    "{\"id\":\"CVE-1\",\"package\":\"p\",\"severity\":\"critical\"},"
                    "{\"id\":\"CVE-1\",\"package\":\"p\",\"severity\":\"critical\",\"fixed\":true},"
                    "{\"id\":\"CVE-1\",\"package\":\"q\",\"severity\":\"critical\"},"
                    "{\"id\":\"CVE-2\",\"package\":\"p\",\"severity\":\"high\",\"fixed\":true},"
                    "{\"id\":\"CVE-3\",\"package\":\"p\",\"severity\":\"high\",\"fixed\":true},"
                    "{\"id\":\"CVE-3\",\"package\":\"q\",\"severity\":\"high\",\"fixed\":true}]}");
        static const struct scan_ignored ignored[] = {
                { STR("CVE-2"), { 0 }, 100 },
                { STR("CVE-3"), STR("q"), 100 },
                { STR("CVE-1"), { 0 }, 10 }, /* until yesterday */
        };
        static const struct str exploited[] = { STR("CVE-1"), STR("CVE-9") };
        const struct scan_filter filter = { ignored, ARRAY_SIZE(ignored), exploited, ARRAY_SIZE(exploited) };
        struct scan_report report = { 0 };
        struct scan scan;

        assert_null(scan_report_read(&report, *state, json));
        assert_int_equal(scan_sum(&scan, *state, &report, &filter, 50), 0);
        assert_int_equal(scan.found[SCAN_CRITICAL], 2);
        assert_int_equal(scan.fixable[SCAN_CRITICAL], 1);
        assert_int_equal(scan.found[SCAN_HIGH], 1);
        assert_int_equal(scan.fixable[SCAN_HIGH], 1);
        assert_int_equal(scan.ignored, 2);
        assert_int_equal(scan.n_exploited, 1);
        assert_int_equal(scan.n_worst, 1);
        assert_true(str_eqz(scan.worst[0], "CVE-1"));
}

static void the_catalogue_is_read(void **state) {
        struct scan_ids ids = { 0 };

        assert_true(scan_exploited_read(&ids, *state,
                                        STR_C("{\"catalogVersion\":\"1\",\"vulnerabilities\":[{\"cveID\":\"CVE-9\"},{},"
                                              "{\"cveID\":\"CVE-1\"}]}")));
        assert_int_equal(ids.n, 2);
        assert_true(str_eqz(ids.items[0], "CVE-1"));
        assert_false(scan_exploited_read(&ids, *state, STR_C("{\"vulnerabilities\":[]}")));
        assert_false(scan_exploited_read(&ids, *state, STR_C("{\"catalogVersion\":")));
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(each_form_is_read, begin, end),
                cmocka_unit_test_setup_teardown(what_is_none_is_said_to_be_none, begin, end),
                cmocka_unit_test_setup_teardown(another_kind_of_value_is_passed_over, begin, end),
                cmocka_unit_test_setup_teardown(what_is_too_much_is_no_report, begin, end),
                cmocka_unit_test_setup_teardown(its_own_form_comes_back, begin, end),
                cmocka_unit_test_setup_teardown(an_image_is_known_by_its_digits, begin, end),
                cmocka_unit_test_setup_teardown(counts_once_a_package_and_not_what_is_ignored, begin, end),
                cmocka_unit_test_setup_teardown(the_catalogue_is_read, begin, end),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
