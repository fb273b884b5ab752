#include "docksill/base/text.h"
#include "docksill/host/scan-lookup.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

#define NOW INT64_C(2000000000000000)

struct world {
        char folder[64];
        struct scans *scans;
        struct arena arena;
        struct scan scan;
        struct scan_trouble trouble;
};

static int begin(void **state) {
        struct world *w = calloc(1, sizeof(*w));

        strcpy(w->folder, "/tmp/docksill-scans-XXXXXX");
        if (!mkdtemp(w->folder))
                return -1;
        arena_init(&w->arena, 1 << 24);
        *state = w;
        return scans_new(&w->scans, str_from(w->folder), NULL, 0);
}

static int end(void **state) {
        struct world *w = *state;
        char command[128];

        scans_unref(w->scans);
        arena_deinit(&w->arena);
        snprintf(command, sizeof(command), "rm -rf '%s'", w->folder);
        free(w);
        return system(command) == 0 ? 0 : -1;
}

/* Written under another name and renamed, as a scanner's script should. */
static void write_file(const struct world *w, const char *name, const char *text) {
        char path[512], before[512];
        FILE *f;

        snprintf(path, sizeof(path), "%s/%s", w->folder, name);
        snprintf(before, sizeof(before), "%s/new", w->folder);
        f = fopen(before, "we");
        assert_non_null(f);
        fputs(text, f);
        fclose(f);
        assert_int_equal(rename(before, path), 0);
}

static void write_report(const struct world *w, const char *name, const char *image, const char *at, const char *id) {
        char text[1024];

        snprintf(text, sizeof(text),
                 "{\"SchemaVersion\":2,\"CreatedAt\":\"%s\",\"Metadata\":{\"ImageID\":\"sha256:%s\"},\"Results\":[{"
                 "\"Vulnerabilities\":[{\"VulnerabilityID\":\"%s\",\"PkgName\":\"p\",\"Severity\":\"HIGH\"}]}]}",
                 at, image, id);
        write_file(w, name, text);
}

static int find(struct world *w, const char *a, const char *b) {
        struct scan_keys keys = { .items = { str_from(a), str_from(b) }, .n = b ? 2 : 1 };

        return scans_find(w->scans, &w->scan, &w->arena, &keys, NOW, &w->trouble);
}

static void an_empty_folder_has_none(void **state) {
        struct world *w = *state;

        assert_int_equal(find(w, A, B), 0);
        assert_string_equal(w->trouble.text, "");
}

static void it_is_found_by_any_key_and_the_latest_counts(void **state) {
        struct world *w = *state;

        write_report(w, A ".json", A, "2026-01-01T00:00:00Z", "CVE-1");
        write_report(w, B ".json", B, "2026-01-02T00:00:00Z", "CVE-2");
        assert_int_equal(find(w, A, NULL), 1);
        assert_true(str_eqz(w->scan.worst[0], "CVE-1"));
        assert_int_equal(find(w, B, A), 1);
        assert_true(str_eqz(w->scan.worst[0], "CVE-2"));
        assert_int_equal(find(w, A, B), 1);
        assert_true(str_eqz(w->scan.worst[0], "CVE-2"));
}

/* Links, hard or not: whichever name is asked for first. */
static void one_file_under_two_names_is_on_the_image_that_it_names(void **state) {
        struct world *w = *state;
        char from[512], to[512];

        for (int hard = 0; hard < 2; ++hard) {
                write_report(w, A ".json", A, "2026-01-01T00:00:00Z", hard ? "CVE-2" : "CVE-1");
                snprintf(from, sizeof(from), "%s/" A ".json", w->folder);
                snprintf(to, sizeof(to), "%s/" B ".json", w->folder);
                (void)remove(to);
                assert_int_equal(hard ? link(from, to) : symlink(from, to), 0);
                assert_int_equal(find(w, hard ? B : A, NULL), !hard);
                assert_int_equal(find(w, hard ? A : B, NULL), hard);
                assert_int_equal(find(w, B, NULL), 0);
                assert_non_null(strstr(w->trouble.text, ": it is on another image"));
                assert_int_equal(find(w, A, NULL), 1);
        }
}

static void one_that_is_replaced_is_read_again(void **state) {
        struct world *w = *state;

        write_report(w, A ".json", A, "2026-01-01T00:00:00Z", "CVE-1");
        assert_int_equal(find(w, A, NULL), 1);
        write_report(w, A ".json", A, "2026-01-01T00:00:00Z", "CVE-7");
        assert_int_equal(find(w, A, NULL), 1);
        assert_true(str_eqz(w->scan.worst[0], "CVE-7"));
}

static void what_can_not_be_used_counts_as_absent_and_is_told_once(void **state) {
        static const struct {
                const char *text, *why;
        } rows[] = {
                { "{\"SchemaVersion\":2", "it is no JSON" },
                { "{}", "it is no report of a kind that docksill knows" },
                { "{\"SchemaVersion\":2}", "it does not say on which image it is (docksill scan add --image)" },
                { "{\"SchemaVersion\":2,\"Metadata\":{\"ImageID\":\"sha256:" B "\"}}", "it is on another image" },
        };
        struct world *w = *state;

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                write_file(w, A ".json", rows[i].text);
                assert_int_equal(find(w, A, NULL), 0);
                assert_true(w->trouble.news);
                assert_non_null(strstr(w->trouble.text, rows[i].why));
                assert_int_equal(find(w, A, NULL), 0);
                assert_false(w->trouble.news);
                assert_non_null(strstr(w->trouble.text, rows[i].why));
        }
}

/* Nothing that merely has the name is waited for. */
static void what_is_no_file_is_told_of(void **state) {
        struct world *w = *state;
        char path[512];

        snprintf(path, sizeof(path), "%s/" A ".json", w->folder);
        assert_int_equal(mkfifo(path, 0600), 0);
        assert_int_equal(find(w, A, NULL), 0);
        assert_non_null(strstr(w->trouble.text, "it is no file"));
        assert_int_equal(unlink(path), 0);
        assert_int_equal(mkdir(path, 0700), 0);
        assert_int_equal(find(w, A, NULL), 0);
        assert_non_null(strstr(w->trouble.text, "it is no file"));
        assert_int_equal(rmdir(path), 0);
        assert_int_equal(symlink("/dev/zero", path), 0);
        assert_int_equal(find(w, A, NULL), 0);
        assert_non_null(strstr(w->trouble.text, "it is no file"));
}

static void packages_may_lie_beside_it(void **state) {
        struct world *w = *state;

        write_file(w, A ".cdx.json",
                   "{\"bomFormat\":\"CycloneDX\",\"metadata\":{\"component\":{\"version\":\"sha256:" A
                   "\"}},\"components\":[{\"name\":\"bash\"}]}");
        assert_int_equal(find(w, A, NULL), 1);
        assert_false(w->scan.looked);
        assert_int_equal(w->scan.n_packages, 1);
        write_report(w, A ".json", A, "2026-01-01T00:00:00Z", "CVE-1");
        assert_int_equal(find(w, A, NULL), 1);
        assert_true(w->scan.looked);
        assert_int_equal(w->scan.found[SCAN_HIGH], 1);
        assert_int_equal(w->scan.n_packages, 1);
}

static void the_catalogue_says_what_is_exploited(void **state) {
        struct world *w = *state;

        write_report(w, A ".json", A, "2026-01-01T00:00:00Z", "CVE-1");
        assert_int_equal(find(w, A, NULL), 1);
        assert_int_equal(w->scan.n_exploited, 0);
        write_file(w, "known_exploited_vulnerabilities.json",
                   "{\"catalogVersion\":\"1\",\"vulnerabilities\":[{\"cveID\":\"CVE-1\"}]}");
        assert_int_equal(find(w, A, NULL), 1);
        assert_int_equal(w->scan.n_exploited, 1);
        write_file(w, "known_exploited_vulnerabilities.json", "{}");
        assert_int_equal(find(w, A, NULL), 1);
        assert_int_equal(w->scan.n_exploited, 0);
        assert_non_null(strstr(w->trouble.text, "catalogue"));
}

static void what_is_ignored_is_not_counted(void **state) {
        static const struct scan_ignored ignored[] = { { STR("CVE-1"), { 0 }, NOW + 1 } };
        struct world *w = *state;

        scans_unref(w->scans);
        assert_int_equal(scans_new(&w->scans, str_from(w->folder), ignored, 1), 0);
        write_report(w, A ".json", A, "2026-01-01T00:00:00Z", "CVE-1");
        assert_int_equal(find(w, A, NULL), 1);
        assert_int_equal(w->scan.found[SCAN_HIGH], 0);
        assert_int_equal(w->scan.ignored, 1);
}

/* More images than are kept: each is still right. */
static void what_is_dropped_is_read_again(void **state) {
        struct world *w = *state;
        char hex[65], name[80], id[16];

        for (int round = 0; round < 2; ++round)
                for (int i = 0; i < SCANS_KEPT + 20; ++i) {
                        snprintf(hex, sizeof(hex), "%064x", i);
                        snprintf(name, sizeof(name), "%s.json", hex);
                        snprintf(id, sizeof(id), "CVE-%d", i);
                        if (round == 0)
                                write_report(w, name, hex, "2026-01-01T00:00:00Z", id);
                        assert_int_equal(find(w, hex, NULL), 1);
                        assert_true(str_eqz(w->scan.worst[0], id));
                        arena_reset(&w->arena);
                }
}

static void a_lookup_tells_the_facts(void **state) {
        struct world *w = *state;
        struct scan_keys keys = { .items = { STR(A) }, .n = 1 };
        struct request request;
        struct scan_lookup *lookup;

        memset(&request, 0, offsetof(struct request, facts));
        facts_init(&request.facts);
        assert_int_equal(request.facts.image.scan.found.head.state, FACT_OFF);
        assert_int_equal(scan_lookup_new(&lookup, w->scans, &keys, NOW), 0);
        scan_lookup_tell(lookup, &request, &w->arena); /* nobody has looked yet */
        assert_int_equal(request.facts.image.scan.found.head.state, FACT_UNKNOWN);
        lookup->job.run(&lookup->job);
        scan_lookup_tell(lookup, &request, &w->arena);
        assert_int_equal(request.facts.image.scan.found.head.state, FACT_KNOWN);
        assert_false(request.facts.image.scan.found.value);
        write_report(w, A ".json", A, "2026-01-01T00:00:00Z", "CVE-1");
        lookup->job.run(&lookup->job);
        scan_lookup_tell(lookup, &request, &w->arena);
        assert_true(request.facts.image.scan.found.value);
        assert_int_equal(request.facts.image.scan.high.value, 1);
        assert_true(request.facts.image.scan.age.value > 0);
        lookup->job.free(&lookup->job);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(an_empty_folder_has_none, begin, end),
                cmocka_unit_test_setup_teardown(it_is_found_by_any_key_and_the_latest_counts, begin, end),
                cmocka_unit_test_setup_teardown(one_file_under_two_names_is_on_the_image_that_it_names, begin, end),
                cmocka_unit_test_setup_teardown(one_that_is_replaced_is_read_again, begin, end),
                cmocka_unit_test_setup_teardown(what_can_not_be_used_counts_as_absent_and_is_told_once, begin, end),
                cmocka_unit_test_setup_teardown(what_is_no_file_is_told_of, begin, end),
                cmocka_unit_test_setup_teardown(packages_may_lie_beside_it, begin, end),
                cmocka_unit_test_setup_teardown(the_catalogue_says_what_is_exploited, begin, end),
                cmocka_unit_test_setup_teardown(what_is_ignored_is_not_counted, begin, end),
                cmocka_unit_test_setup_teardown(what_is_dropped_is_read_again, begin, end),
                cmocka_unit_test_setup_teardown(a_lookup_tells_the_facts, begin, end),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
