#include "docksill/cli/config.h"
#include "docksill/host/docker.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define HEAD "docksill: v1\nkind: configuration\n"

struct place {
        char folder[64], file[96];
        struct diag diag;
};

static int begin(void **state) {
        struct place *p = calloc(1, sizeof(*p));

        strcpy(p->folder, "/tmp/docksill-config-XXXXXX");
        if (!mkdtemp(p->folder))
                return -1;
        snprintf(p->file, sizeof(p->file), "%s/docksill.yaml", p->folder);
        diag_init(&p->diag);
        *state = p;
        return 0;
}

static int end(void **state) {
        struct place *p = *state;

        unlink(p->file);
        rmdir(p->folder);
        diag_deinit(&p->diag);
        free(p);
        return 0;
}

static void write_file(const struct place *p, const char *text) {
        FILE *f = fopen(p->file, "w");

        assert_non_null(f);
        assert_true(fputs(text, f) >= 0);
        assert_int_equal(fclose(f), 0);
}

static void assert_in_folder(const struct place *p, const char *path, const char *name) {
        char wanted[256];

        snprintf(wanted, sizeof(wanted), "%s/%s", p->folder, name);
        assert_string_equal(path, wanted);
}

/* On a machine with a configuration of its own, this test has nothing to say. */
static void without_file_and_flags_it_is_production_in_its_own_mode(void **state) {
        const struct config_flags flags = { 0 };
        struct place *p = *state;
        struct config c;

        if (access(CONFIG_FILE, F_OK) == 0)
                skip();
        assert_int_equal(config_read(&c, &flags, &p->diag), 0);
        assert_string_equal(c.environment, "production");
        assert_false(c.mode_given);
        assert_string_equal(c.rules, DOCKSILL_RULES);
        assert_string_equal(c.socket, "/run/docker/plugins/docksill.sock");
        assert_string_equal(c.records, "/var/log/docksill/decisions.jsonl");
        assert_int_equal(c.record_reads, RECORD_READS_CONTENT);
        assert_int_equal(c.recording.full, RECORD_FULL_WAIT);
        assert_int_equal(c.recording.first, RECORD_FIRST_NONE);
        assert_int_equal(c.recording.sync, RECORD_SYNC_REFUSALS);
        assert_int_equal(c.recording.wait, 200000);
        assert_true(c.lookup_paths);
        assert_int_equal(c.lookup_deadline, 500000);
        assert_null(c.lookup_docker);
        assert_int_equal(c.refusal, EXPLAIN_AUTO);
        assert_null(c.contact);
        assert_int_equal(c.digest.n, 64);
        config_deinit(&c);
}

static void reads_every_key(void **state) {
        struct place *p = *state;
        const struct config_flags flags = { .config = p->file };
        struct config c;

        write_file(p, HEAD "environment: staging\nmode: enforce\nrules: /r\nsocket: /s\nrecords: {file: /f, reads: "
                           "all, full: refuse, "
                           "wait: 50ms, before-answer: refusals, fsync: each}\n"
                           "lookups: {paths: off, deadline: 1s}\nrefusal: line\ncontact: \"the team, ext. 4\"\n");
        assert_int_equal(config_read(&c, &flags, &p->diag), 0);
        assert_string_equal(c.environment, "staging");
        assert_true(c.mode_given);
        assert_int_equal(c.mode, MODE_ENFORCE);
        assert_string_equal(c.rules, "/r");
        assert_string_equal(c.socket, "/s");
        assert_string_equal(c.records, "/f");
        assert_int_equal(c.record_reads, RECORD_READS_ALL);
        assert_int_equal(c.recording.full, RECORD_FULL_REFUSE);
        assert_int_equal(c.recording.first, RECORD_FIRST_REFUSALS);
        assert_int_equal(c.recording.wait, 50000);
        assert_int_equal(c.recording.sync, RECORD_SYNC_EACH);
        assert_false(c.lookup_paths);
        assert_int_equal(c.lookup_deadline, 1000000);
        assert_int_equal(c.refusal, EXPLAIN_LINE);
        assert_string_equal(c.contact, "the team, ext. 4");
        config_deinit(&c);
}

/* It stands in every refusal. */
static void a_contact_is_one_line(void **state) {
        static const char *const wrong[] = { "\"\"", "\"a\\nb\"", "\"a\\u202eb\"", "\"\\e[31m\"" };
        struct place *p = *state;
        const struct config_flags flags = { .config = p->file };
        struct config c;

        for (size_t i = 0; i < ARRAY_SIZE(wrong); ++i) {
                char text[128];

                snprintf(text, sizeof(text), HEAD "contact: %s\n", wrong[i]);
                write_file(p, text);
                assert_int_equal(config_read(&c, &flags, &p->diag), -EINVAL);
        }
}

static void a_call_waits_for_its_record_for_a_bounded_time(void **state) {
        static const struct {
                const char *text;
                int64_t wait; /* -1: refused */
        } rows[] = {
                { "0ms", 0 },     { "0s", 0 },  { "1ms", 1000 }, { "2s", 2000000 },
                { "2001ms", -1 }, { "3s", -1 }, { "200", -1 },   { "-1ms", -1 },
        };
        struct place *p = *state;
        const struct config_flags flags = { .config = p->file };

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char text[128];
                struct config c;

                diag_deinit(&p->diag);
                diag_init(&p->diag);
                snprintf(text, sizeof(text), HEAD "records: {wait: %s}\n", rows[i].text);
                write_file(p, text);
                if (rows[i].wait < 0) {
                        assert_int_equal(config_read(&c, &flags, &p->diag), -EINVAL);
                        assert_int_equal(p->diag.n, 1);
                        continue;
                }
                assert_int_equal(config_read(&c, &flags, &p->diag), 0);
                assert_int_equal(c.recording.wait, rows[i].wait);
                config_deinit(&c);
        }
}

static void the_engine_is_asked_at_a_unix_socket_alone(void **state) {
        static const struct {
                const char *text, *path; /* NULL: refused; "": off */
        } rows[] = {
                { "off", "" },
                { "unix:///run/docker.sock", "/run/docker.sock" },
                { "unix:///run/user/1000/docker.sock", "/run/user/1000/docker.sock" },
                { "on", NULL },
                { "/run/docker.sock", NULL },
                { "unix://run/docker.sock", NULL },
                { "unix:/run/docker.sock", NULL },
                { "unix://", NULL },
                { "UNIX:///run/docker.sock", NULL },
                { "tcp://127.0.0.1:2375", NULL },
                { "http://localhost/", NULL },
                { "\"\"", NULL },
                { "\"unix:///run/docker.sock\\0x\"", NULL },
                /* 108 bytes: the kernel's name has its NUL there. */
                { "unix:///run/"
                  "01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678"
                  "901234567890123",
                  NULL },
        };
        struct place *p = *state;
        const struct config_flags flags = { .config = p->file };

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const char *path = rows[i].path;
                char text[256];
                struct config c;

                diag_deinit(&p->diag);
                diag_init(&p->diag);
                snprintf(text, sizeof(text), HEAD "lookups: {docker: %s}\n", rows[i].text);
                write_file(p, text);
                if (!path || (path[0] && !docker_built())) {
                        assert_int_equal(config_read(&c, &flags, &p->diag), -EINVAL);
                        assert_int_equal(p->diag.n, 1);
                        assert_int_equal(p->diag.items[0].line, 3);
                        assert_int_equal(p->diag.items[0].column, 19);
                        continue;
                }
                if (config_read(&c, &flags, &p->diag) < 0)
                        fail_msg("%s is refused", rows[i].text);
                if (path[0])
                        assert_string_equal(c.lookup_docker, path);
                else
                        assert_null(c.lookup_docker);
                config_deinit(&c);
        }
}

static void a_deadline_is_a_short_time(void **state) {
        static const struct {
                const char *text;
                int64_t deadline; /* microseconds; 0: refused */
        } rows[] = {
                { "1ms", 1000 },   { "200ms", 200000 }, { "2000ms", 2000000 },
                { "2s", 2000000 }, { "0ms", 0 },        { "2001ms", 0 },
                { "3s", 0 },       { "-1s", 0 },        { "200", 0 },
                { "ms", 0 },       { "s", 0 },          { "1.5s", 0 },
                { "1m", 0 },       { "200 ms", 0 },     { "99999999999999999999s", 0 },
        };
        struct place *p = *state;
        const struct config_flags flags = { .config = p->file };

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char text[128];
                struct config c;

                diag_deinit(&p->diag);
                diag_init(&p->diag);
                snprintf(text, sizeof(text), HEAD "lookups: {deadline: %s}\n", rows[i].text);
                write_file(p, text);
                if (rows[i].deadline == 0) {
                        assert_int_equal(config_read(&c, &flags, &p->diag), -EINVAL);
                        assert_int_equal(p->diag.items[0].line, 3);
                        continue;
                }
                assert_int_equal(config_read(&c, &flags, &p->diag), 0);
                assert_int_equal(c.lookup_deadline, rows[i].deadline);
                assert_true(c.lookup_paths);
                config_deinit(&c);
        }
}

static void nothing_is_captured_unless_it_is_asked_for(void **state) {
        static const struct {
                const char *text, *folder; /* NULL: off */
                uint64_t keep, max;
                enum record_reads reads;
        } rows[] = {
                { "", NULL, CAPTURE_KEEP, CAPTURE_MAX, RECORD_READS_NONE },
                { "capture: {folder: /c}\n", "/c", CAPTURE_KEEP, CAPTURE_MAX, RECORD_READS_NONE },
                { "capture: {folder: /c, keep: 1, max: 64k, reads: all}\n", "/c", 1, 65536, RECORD_READS_ALL },
                { "capture: {folder: /c, keep: 100000, max: 64g}\n", "/c", 100000, UINT64_C(64) << 30,
                  RECORD_READS_NONE },
                { "capture: {folder: /c, max: \"70000\", reads: content}\n", "/c", CAPTURE_KEEP, 70000,
                  RECORD_READS_CONTENT },
                { "capture: {folder: /c, max: 2M}\n", "/c", CAPTURE_KEEP, 2 << 20, RECORD_READS_NONE },
        };
        struct place *p = *state;
        const struct config_flags flags = { .config = p->file };

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct config c;
                char text[200];

                snprintf(text, sizeof(text), HEAD "%s", rows[i].text);
                write_file(p, text);
                assert_int_equal(config_read(&c, &flags, &p->diag), 0);
                assert_int_equal(!c.capture, !rows[i].folder);
                if (c.capture)
                        assert_string_equal(c.capture, rows[i].folder);
                assert_int_equal(c.capture_keep, rows[i].keep);
                assert_int_equal(c.capture_max, rows[i].max);
                assert_int_equal(c.capture_reads, rows[i].reads);
                config_deinit(&c);
        }
}

static void leaves_the_mode_to_the_environment_where_the_file_is_silent(void **state) {
        struct place *p = *state;
        const struct config_flags flags = { .config = p->file };
        struct config c;

        write_file(p, HEAD);
        assert_int_equal(config_read(&c, &flags, &p->diag), 0);
        assert_false(c.mode_given);
        config_deinit(&c);
}

static void flags_win(void **state) {
        struct place *p = *state;
        const struct config_flags flags = { p->file, "site.yaml", "rules", "lifted", "x.sock", "-", "audit" };
        struct config c;

        write_file(p, HEAD "environment: staging\nmode: enforce\nrules: /r\nexemptions: e\nsocket: /s\n"
                           "records: {file: /f}\n");
        assert_int_equal(config_read(&c, &flags, &p->diag), 0);
        assert_string_equal(c.environment, "site.yaml"); /* relative to the caller, not to the file */
        assert_int_equal(c.mode, MODE_AUDIT);
        assert_string_equal(c.rules, "rules");
        assert_string_equal(c.exemptions, "lifted");
        assert_string_equal(c.socket, "x.sock");
        assert_string_equal(c.records, "-");
        config_deinit(&c);
}

static void paths_of_the_file_are_relative_to_it(void **state) {
        struct place *p = *state;
        const struct config_flags flags = { .config = p->file };
        struct config c;

        write_file(p, HEAD "environment: site.yaml\nrules: rules\nsocket: x.sock\nrecords: {file: r.jsonl}\n");
        assert_int_equal(config_read(&c, &flags, &p->diag), 0);
        assert_in_folder(p, c.environment, "site.yaml");
        assert_in_folder(p, c.rules, "rules");
        assert_in_folder(p, c.socket, "x.sock");
        assert_in_folder(p, c.records, "r.jsonl");
        config_deinit(&c);

        write_file(p, HEAD "environment: site\nrecords: {file: '-'}\n");
        assert_int_equal(config_read(&c, &flags, &p->diag), 0);
        assert_string_equal(c.environment, "site");
        assert_string_equal(c.records, "-");
        config_deinit(&c);
}

static void the_control_socket_is_a_path_or_off(void **state) {
        struct place *p = *state;
        struct config_flags flags = { .config = p->file };
        struct config c;

        write_file(p, HEAD);
        assert_int_equal(config_read(&c, &flags, &p->diag), 0);
        assert_string_equal(c.control, "/run/docksill/control.sock");
        config_deinit(&c);
        write_file(p, HEAD "control: c.sock\n");
        assert_int_equal(config_read(&c, &flags, &p->diag), 0);
        assert_in_folder(p, c.control, "c.sock");
        config_deinit(&c);
        flags.control = "off";
        assert_int_equal(config_read(&c, &flags, &p->diag), 0);
        assert_null(c.control);
        config_deinit(&c);
        write_file(p, HEAD "control: off\n");
        flags.control = NULL;
        assert_int_equal(config_read(&c, &flags, &p->diag), 0);
        assert_null(c.control);
        config_deinit(&c);
        flags.control = "here.sock";
        assert_int_equal(config_read(&c, &flags, &p->diag), 0);
        assert_string_equal(c.control, "here.sock");
        config_deinit(&c);
}

static void reports_what_is_wrong_and_where(void **state) {
        static const struct {
                const char *text;
                enum diag_code code;
                unsigned line, errors;
                const char *says;
        } rows[] = {
                { HEAD "enviroment: x\n", DIAG_UNKNOWN_KEY, 3, 1, "environment" },
                { HEAD "mode: enfroce\n", DIAG_WRONG_TYPE, 3, 1, "enforce" },
                { HEAD "mode: no\n", DIAG_WRONG_TYPE, 3, 1, "enforce" },
                { HEAD "rules: [a]\n", DIAG_WRONG_TYPE, 3, 1, "rules" },
                { HEAD "rules: ''\n", DIAG_WRONG_TYPE, 3, 1, "empty" },
                { HEAD "socket: \"/a\\0b\"\n", DIAG_WRONG_TYPE, 3, 1, "NUL" },
                { HEAD "records: /f\n", DIAG_WRONG_TYPE, 3, 1, "records" },
                { HEAD "records: {reads: some}\n", DIAG_WRONG_TYPE, 3, 1, "none, content or all" },
                { HEAD "lookups: {paths: yes}\n", DIAG_WRONG_TYPE, 3, 1, "on or off" },
                { HEAD "lookups: {path: on}\n", DIAG_UNKNOWN_KEY, 3, 1, "paths" },
                { HEAD "lookups: on\n", DIAG_WRONG_TYPE, 3, 1, "lookups" },
                { HEAD "records: {fiel: x}\n", DIAG_UNKNOWN_KEY, 3, 1, "file" },
                { HEAD "capture: on\n", DIAG_WRONG_TYPE, 3, 1, "capture" },
                { HEAD "capture: {keep: 3}\n", DIAG_MISSING_KEY, 3, 1, "folder" },
                { HEAD "capture: {folder: c}\n", DIAG_WRONG_TYPE, 3, 1, "absolute path" },
                { HEAD "capture: {folder: ''}\n", DIAG_WRONG_TYPE, 3, 1, "absolute path" },
                { HEAD "capture: {folder: /c, keep: 0}\n", DIAG_WRONG_TYPE, 3, 1, "1 to 100000" },
                { HEAD "capture: {folder: /c, keep: 100001}\n", DIAG_WRONG_TYPE, 3, 1, "1 to 100000" },
                { HEAD "capture: {folder: /c, max: 63k}\n", DIAG_WRONG_TYPE, 3, 1, "64k to 64g" },
                { HEAD "capture: {folder: /c, max: 65g}\n", DIAG_WRONG_TYPE, 3, 1, "64k to 64g" },
                { HEAD "capture: {folder: /c, max: m}\n", DIAG_WRONG_TYPE, 3, 1, "64k to 64g" },
                { HEAD "capture: {folder: /c, max: -1}\n", DIAG_WRONG_TYPE, 3, 1, "64k to 64g" },
                { HEAD "capture: {folder: /c, reads: some}\n", DIAG_WRONG_TYPE, 3, 1, "none, content or all" },
                { HEAD "rules: a\nrules: b\n", DIAG_YAML_DUPLICATE_KEY, 4, 1, "rules" },
                { HEAD "socket: [\n", DIAG_YAML_SYNTAX, 4, 1, "" },
                { "docksill: v1\nkind: rules\n", DIAG_WRONG_DOCUMENT, 2, 1, "configuration" },
                { "docksill: v2\nkind: configuration\n", DIAG_WRONG_DOCUMENT, 1, 1, "v1" },
                { "environment: x\n", DIAG_WRONG_DOCUMENT, 1, 1, "docksill: v1" },
                { HEAD "mode: x\nrules: ''\nfoo: 1\n", DIAG_WRONG_TYPE, 3, 3, "" }, /* all of them, not the first */
        };
        struct place *p = *state;
        const struct config_flags flags = { .config = p->file };

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct config c = { .environment = "untouched" };
                bool found = false;

                diag_deinit(&p->diag);
                diag_init(&p->diag);
                write_file(p, rows[i].text);
                if (config_read(&c, &flags, &p->diag) != -EINVAL)
                        fail_msg("row %zu is read", i);
                assert_string_equal(c.environment, "untouched");
                assert_int_equal(p->diag.errors, rows[i].errors);
                for (size_t k = 0; k < p->diag.n; ++k)
                        found = found ||
                                (p->diag.items[k].code == rows[i].code && p->diag.items[k].line == rows[i].line &&
                                 strstr(p->diag.items[k].message.p, rows[i].says));
                if (!found)
                        fail_msg("row %zu: %s at line %u: %s", i, diag_code_id(p->diag.items[0].code),
                                 p->diag.items[0].line, p->diag.items[0].message.p);
        }
}

static void a_named_file_must_be_there(void **state) {
        struct place *p = *state;
        const struct config_flags flags = { .config = p->file };
        struct config c;

        assert_int_equal(config_read(&c, &flags, &p->diag), -EINVAL);
        assert_int_equal(p->diag.n, 1);
        assert_int_equal(p->diag.items[0].code, DIAG_FILE_UNREADABLE);
}

static void refuses_a_mode_that_is_none(void **state) {
        struct place *p = *state;
        const struct config_flags flags = { .config = p->file, .mode = "Audit" };
        struct config c;

        write_file(p, HEAD);
        assert_int_equal(config_read(&c, &flags, &p->diag), -EINVAL);
        assert_int_equal(p->diag.errors, 1);
}

static void the_digest_tells_settings_apart(void **state) {
        struct place *p = *state;
        const struct config_flags rows[] = {
                { .config = p->file },
                { .config = p->file, .rules = "a" },
                { .config = p->file, .rules = "b" },
                { .config = p->file, .socket = "a" },
                { .config = p->file, .mode = "audit" },
        };
        char digests[ARRAY_SIZE(rows) + 1][65];
        struct config c;

        write_file(p, HEAD);
        for (size_t i = 0; i < ARRAY_SIZE(digests); ++i) {
                if (i == ARRAY_SIZE(rows))
                        write_file(p, HEAD "mode: audit\n");
                assert_int_equal(config_read(&c, &rows[i % ARRAY_SIZE(rows)], &p->diag), 0);
                assert_int_equal(c.digest.n, 64);
                memcpy(digests[i], c.digest.p, 64);
                digests[i][64] = '\0';
                for (size_t k = 0; k < i; ++k)
                        assert_string_not_equal(digests[k], digests[i]);
                config_deinit(&c);
        }
        assert_int_equal(config_read(&c, &rows[0], &p->diag), 0);
        assert_memory_equal(c.digest.p, digests[ARRAY_SIZE(rows)], 64);
        config_deinit(&c);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void) {
        const struct CMUnitTest tests[] = {
                TEST(without_file_and_flags_it_is_production_in_its_own_mode),
                TEST(reads_every_key),
                TEST(a_contact_is_one_line),
                TEST(a_call_waits_for_its_record_for_a_bounded_time),
                TEST(the_engine_is_asked_at_a_unix_socket_alone),
                TEST(a_deadline_is_a_short_time),
                TEST(nothing_is_captured_unless_it_is_asked_for),
                TEST(leaves_the_mode_to_the_environment_where_the_file_is_silent),
                TEST(flags_win),
                TEST(paths_of_the_file_are_relative_to_it),
                TEST(the_control_socket_is_a_path_or_off),
                TEST(reports_what_is_wrong_and_where),
                TEST(a_named_file_must_be_there),
                TEST(refuses_a_mode_that_is_none),
                TEST(the_digest_tells_settings_apart),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
