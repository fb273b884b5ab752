/*
 * Every option of every log driver (moby daemon/logger, 20.10 to 29): what is an address, a file of the host or unknown
 * is told, and refused in production, whatever it says and however that is spelt; what would take dockerd's memory or
 * forge lines likewise; and what is ordinary is not held up. The table is the test's own, beside the one in
 * plugin/engine/read/log.c.
 */
#include "effects.h"
#include <stdio.h>

#define OPTIONS_MOST 20
#define VALUE_ROOM   512

enum kind { PLAIN = 1, RECORD, TEMPLATE, ADDRESS, REGION, PATH, TOKEN };

/* clang-format off */
static const struct driver_row {
        const char *name;
        struct option_row {
                const char *name;
                enum kind kind;
        } options[OPTIONS_MOST];
} drivers[] = {
        { "json-file", { { "max-size", PLAIN }, { "max-file", PLAIN }, { "compress", PLAIN }, { "tag", TEMPLATE },
                         { "labels", RECORD }, { "labels-regex", RECORD }, { "env", RECORD }, { "env-regex", RECORD } } },
        { "local", { { "max-size", PLAIN }, { "max-file", PLAIN }, { "compress", PLAIN }, { "tag", TEMPLATE },
                     { "labels", RECORD }, { "labels-regex", RECORD }, { "env", RECORD }, { "env-regex", RECORD } } },
        { "journald", { { "tag", TEMPLATE }, { "labels", RECORD }, { "labels-regex", RECORD }, { "env", RECORD },
                        { "env-regex", RECORD } } },
        { "syslog", { { "syslog-address", ADDRESS }, { "syslog-facility", PLAIN }, { "syslog-format", PLAIN },
                      { "syslog-tls-ca-cert", PATH }, { "syslog-tls-cert", PATH }, { "syslog-tls-key", PATH },
                      { "syslog-tls-skip-verify", PLAIN }, { "tag", TEMPLATE }, { "labels", RECORD },
                      { "labels-regex", RECORD }, { "env", RECORD }, { "env-regex", RECORD } } },
        { "gelf", { { "gelf-address", ADDRESS }, { "gelf-compression-type", PLAIN }, { "gelf-compression-level", PLAIN },
                    { "gelf-tcp-max-reconnect", PLAIN }, { "gelf-tcp-reconnect-delay", PLAIN }, { "tag", TEMPLATE },
                    { "labels", RECORD }, { "labels-regex", RECORD }, { "env", RECORD }, { "env-regex", RECORD } } },
        { "fluentd", { { "fluentd-address", ADDRESS }, { "fluentd-async", PLAIN }, { "fluentd-async-connect", PLAIN },
                       { "fluentd-async-reconnect-interval", PLAIN }, { "fluentd-buffer-limit", PLAIN },
                       { "fluentd-max-retries", PLAIN }, { "fluentd-request-ack", PLAIN }, { "fluentd-retry-wait", PLAIN },
                       { "fluentd-sub-second-precision", PLAIN }, { "fluentd-write-timeout", PLAIN },
                       { "fluentd-read-timeout", PLAIN }, { "tag", TEMPLATE }, { "labels", RECORD },
                       { "labels-regex", RECORD }, { "env", RECORD }, { "env-regex", RECORD } } },
        { "splunk", { { "splunk-url", ADDRESS }, { "splunk-token", TOKEN }, { "splunk-source", PLAIN },
                      { "splunk-sourcetype", PLAIN }, { "splunk-index", PLAIN }, { "splunk-capath", PATH },
                      { "splunk-caname", PLAIN }, { "splunk-insecureskipverify", PLAIN }, { "splunk-format", PLAIN },
                      { "splunk-verify-connection", PLAIN }, { "splunk-gzip", PLAIN }, { "splunk-gzip-level", PLAIN },
                      { "splunk-index-acknowledgment", PLAIN }, { "tag", TEMPLATE }, { "labels", RECORD },
                      { "labels-regex", RECORD }, { "env", RECORD }, { "env-regex", RECORD } } },
        { "awslogs", { { "awslogs-region", REGION }, { "awslogs-endpoint", ADDRESS }, { "awslogs-credentials-endpoint", ADDRESS },
                       { "awslogs-group", PLAIN }, { "awslogs-stream", PLAIN }, { "awslogs-create-group", PLAIN },
                       { "awslogs-create-stream", PLAIN }, { "awslogs-datetime-format", PLAIN },
                       { "awslogs-multiline-pattern", PLAIN }, { "awslogs-force-flush-interval-seconds", PLAIN },
                       { "awslogs-max-buffered-events", PLAIN }, { "awslogs-format", PLAIN }, { "tag", TEMPLATE } } },
        { "gcplogs", { { "gcp-project", PLAIN }, { "gcp-log-cmd", PLAIN }, { "gcp-meta-zone", PLAIN }, { "gcp-meta-name", PLAIN },
                       { "gcp-meta-id", PLAIN }, { "labels", RECORD }, { "labels-regex", RECORD }, { "env", RECORD },
                       { "env-regex", RECORD } } },
        { "logentries", { { "logentries-token", TOKEN }, { "line-only", PLAIN }, { "tag", TEMPLATE }, { "labels", RECORD },
                          { "labels-regex", RECORD }, { "env", RECORD }, { "env-regex", RECORD } } },
};

/* Every driver's. */
static const struct option_row common[] = {
        { "mode", PLAIN }, { "max-buffer-size", PLAIN }, { "cache-disabled", PLAIN }, { "cache-max-size", PLAIN },
        { "cache-max-file", PLAIN }, { "cache-compress", PLAIN }, { "cache-tag", TEMPLATE }, { "cache-labels", RECORD },
        { "cache-labels-regex", RECORD }, { "cache-env", RECORD }, { "cache-env-regex", RECORD },
};

/* Nobody's. */
static const char *const unknown[] = { "x", "address", "path", "Syslog-Address", "TAG", " tag", "tag ", "syslog-address ", "gelf_address",
                                       "splunk-url2", "mode2", "" };

/* Of an address: schemes that the driver takes, "" for none. */
static const struct {
        const char *option, *schemes[4];
} schemes[] = {
        { "syslog-address", { "udp://", "tcp://", "tcp+tls://" } },
        { "gelf-address", { "udp://", "tcp://" } },
        { "fluentd-address", { "tcp://", "tls://", "" } },
        { "splunk-url", { "http://", "https://" } },
        { "awslogs-endpoint", { "http://", "https://", "" } },
};

static const struct host_row {
        const char *host;
        bool own; /* the host itself, its link, or what some engine takes for them */
} hosts[] = {
        { "127.0.0.1", true }, { "127.9.9.9", true }, { "localhost", true }, { "LOCALHOST", true }, { "LocalHost.", true },
        { "a.localhost", true }, { "[::1]", true }, { "[0:0:0:0:0:0:0:1]", true }, { "0.0.0.0", true }, { "[::]", true }, { "", true },
        { "[::ffff:127.0.0.1]", true }, { "[::ffff:7f00:1]", true }, { "[::127.0.0.1]", true }, { "ip6-localhost", true },
        { "127.1", true }, { "0", true }, { "2130706433", true }, { "0x7f.1", true }, { "0x7f000001", true }, { "017700000001", true },
        { "127.0.0.1.", true }, { "127.000.000.001", true },
        { "169.254.169.254", true }, { "169.254.0.1", true }, { "[fe80::1]", true }, { "[fe80::1%25eth0]", true }, { "[FE80::1]", true },
        { "[febf::1]", true }, { "[::ffff:169.254.169.254]", true }, { "[fd00:ec2::254]", true }, { "metadata.google.internal", true },
        { "Metadata.Google.Internal.", true }, { "instance-data", true }, { "0xa9fea9fe", true }, { "2852039166", true },
        { "169.254.43518", true }, { "user@127.0.0.1", true }, { "user:pw@127.0.0.1", true }, { "192.0.2.7@127.0.0.1", true },
        { "%31%32%37.0.0.1", true }, { "127.0.0.1%00", true }, { "a b", true }, { "127.0.0.1\\\\@192.0.2.7", true }, { "\xe2\x91\xa0", true },
        { "192.0.2.7", false }, { "logs.example", false }, { "LOGS.example.", false }, { "[2001:db8::7]", false }, { "10.0.0.1", false },
        { "172.17.0.1", false }, { "a", false }, { "127-0-0-1.example", false }, { "169.254.169.254.example", false }, { "localhost.example", false },
};

static const char *const sockets[] = { "unix:///run/x.sock", "unix:///var/run/docker.sock", "unixgram:///dev/log", "UNIX:///run/x.sock",
                                       "Unix:///run/x.sock", "unix:/run/x.sock", "unix:run/x", "unix://host/run/x.sock", "unix:///run/%64ocker.sock",
                                       "unix:///run/../run/x.sock", "unix://" };
static const char *const paths[] = { "/etc/shadow", "etc/shadow", "../etc/ssl/private/host.key", "/proc/self/environ", "/dev/stdin", " ", "~/x" };
static const char *const templates[] = { "{{pad `x` 10000000000000 0}}", "{{range .Config}}x{{end}}", "{{printf `%99999999d` 1}}",
                                         "{{define `a`}}{{template `a`}}{{end}}{{template `a`}}", "{{json .Name}}{{slice .ID 1}}", "{{" };
static const char *const controls[] = { "a\\nb", "\\r\\nINJECTED", "\\u001b[2J", "x\\u007f", "\\t", "\\u0001" };
static const char *const regions[] = { "x@192.0.2.9:8443/", "169.254.169.254/", "a.b", "..", "x/", "x#", "x?y", "eu west", "EU-WEST-1", "x:80", "%2f" };
static const char *const ordinary[] = { "10m", "3", "true", "a", "{{.Name}}", "non-blocking", "" };
/* clang-format on */

struct bench {
        struct road road;
        struct judged judged;
        const struct effect *logs;
        size_t turn; /* the doors take turns */
};

static int open_bench(void **state) {
        static struct bench bench;

        road_open(&bench.road);
        judged_init(&bench.judged);
        bench.logs = effect_named("logs that go somewhere");
        *state = &bench;
        return 0;
}

static int close_bench(void **state) {
        struct bench *b = *state;

        judged_deinit(&b->judged);
        road_close(&b->road);
        return 0;
}

/* -- one option -- */

/* @extra: an option beside it, quoted, or "". */
static const struct door *judge_option(struct bench *b, const struct road *road, const char *driver, const char *option,
                                       const char *value, const char *extra) {
        const struct door *door = &b->logs->doors[b->turn++ % 4];
        char text[VALUE_ROOM];

        assert_true((size_t)snprintf(text, sizeof(text), "%s|{%s'%s':'%s'}", driver, extra, option, value) <
                    sizeof(text));
        door_judge(&b->judged, road, door, text, AS_DOCKER_DOES, true);
        return door;
}

static void fail_option(struct bench *b, const struct door *door, const char *driver, const char *option,
                        const char *value, size_t environment, const char *what) {
        struct text t;

        text_init(&t);
        text_addf(&t, "%s, %s=%s in %s (%s): ", driver, option, value, environment_names[environment], door->name);
        text_addz(&t, what);
        text_add_char(&t, '\n');
        findings_say(&t, &b->judged.decisions[environment]);
        fail_with(&t);
}

static const struct finding *costly(const struct decision *d, const char *rule) {
        const struct finding *f = finding_of(d, str_from(rule));

        return f && (f->points > 0 || f->hard) ? f : NULL;
}

/* @from: the mildest environment that refuses it. Where it is let through it costs something all the same. */
static void hold_refused(struct bench *b, const char *driver, const char *option, const char *value, const char *rule,
                         size_t from) {
        const struct door *door = judge_option(b, &b->road, driver, option, value, "");

        for (size_t i = 0; i < ENVIRONMENTS; ++i) {
                const struct decision *d = &b->judged.decisions[i];

                if (!costly(d, rule))
                        fail_option(b, door, driver, option, value, i, rule);
                if (i >= from && d->would != VERDICT_DENY)
                        fail_option(b, door, driver, option, value, i, "is not refused");
        }
}

static void hold_silent(struct bench *b, const char *driver, const char *option, const char *value, const char *rule) {
        const struct door *door = judge_option(b, &b->road, driver, option, value, "");

        for (size_t i = 0; i < ENVIRONMENTS; ++i)
                if (costly(&b->judged.decisions[i], rule))
                        fail_option(b, door, driver, option, value, i, rule);
}

/* -- every option of a driver -- */

static void each_option(struct bench *b,
                        void (*each)(struct bench *b, const char *driver, const struct option_row *o)) {
        for (size_t i = 0; i < ARRAY_SIZE(drivers); ++i) {
                for (size_t k = 0; k < OPTIONS_MOST && drivers[i].options[k].name; ++k) {
                        each(b, drivers[i].name, &drivers[i].options[k]);
                        each(b, "", &drivers[i].options[k]); /* the engine's own, which may be this one */
                }
                for (size_t k = 0; k < ARRAY_SIZE(common); ++k)
                        each(b, drivers[i].name, &common[k]);
        }
}

static const char *const *schemes_of(const char *option) {
        for (size_t i = 0; i < ARRAY_SIZE(schemes); ++i)
                if (strcmp(schemes[i].option, option) == 0)
                        return schemes[i].schemes;
        fail_msg("%s: which schemes?", option);
        return NULL;
}

/* A host that is empty is this one; without a scheme or a port nothing at all is left. */
static void hold_host(struct bench *b, const char *driver, const char *option, const char *scheme,
                      const struct host_row *row) {
        static const char *const ends[] = { ":514", "", ":1/x", ":" };

        for (size_t i = 0; i < ARRAY_SIZE(ends); ++i) {
                char value[VALUE_ROOM / 2];

                snprintf(value, sizeof(value), "%s%s%s", scheme, row->host, ends[i]);
                if (value[0])
                        hold_refused(b, driver, option, value, "log-address-chosen",
                                     row->own ? DEVELOPMENT : PRODUCTION);
        }
}

static void hold_address(struct bench *b, const char *driver, const struct option_row *o) {
        if (o->kind != ADDRESS)
                return;
        for (size_t i = 0; i < ARRAY_SIZE(sockets); ++i)
                hold_refused(b, driver, o->name, sockets[i], "log-address-chosen", DEVELOPMENT);
        if (strcmp(o->name, "awslogs-credentials-endpoint") == 0) {
                for (size_t i = 0; i < ARRAY_SIZE(hosts); ++i)
                        hold_refused(b, driver, o->name, hosts[i].host, "log-address-chosen", DEVELOPMENT);
                return;
        }
        for (const char *const *scheme = schemes_of(o->name); *scheme; ++scheme)
                for (size_t i = 0; i < ARRAY_SIZE(hosts); ++i)
                        hold_host(b, driver, o->name, *scheme, &hosts[i]);
        /* What an engine refuses today, or takes for this host. */
        hold_host(b, driver, o->name, "x://", &(struct host_row){ "192.0.2.7", true });
        hold_host(b, driver, o->name, "HTTP:", &(struct host_row){ "192.0.2.7", true });
}

static void addresses_are_refused(void **state) {
        each_option(*state, hold_address);
}

static void hold_region(struct bench *b, const char *driver, const struct option_row *o) {
        if (o->kind != REGION)
                return;
        for (size_t i = 0; i < ARRAY_SIZE(regions); ++i)
                hold_refused(b, driver, o->name, regions[i], "log-address-chosen", DEVELOPMENT);
}

static void regions_that_are_more_are_refused(void **state) {
        each_option(*state, hold_region);
}

static void hold_path(struct bench *b, const char *driver, const struct option_row *o) {
        if (o->kind != PATH)
                return;
        for (size_t i = 0; i < ARRAY_SIZE(paths); ++i)
                hold_refused(b, driver, o->name, paths[i], "log-host-file", PRODUCTION);
        hold_silent(b, driver, o->name, "", "log-host-file");
}

static void files_of_the_host_are_refused(void **state) {
        each_option(*state, hold_path);
}

static void hold_line(struct bench *b, const char *driver, const struct option_row *o) {
        for (size_t i = 0; i < ARRAY_SIZE(templates) && o->kind == TEMPLATE; ++i)
                hold_refused(b, driver, o->name, templates[i], "log-template", PRODUCTION);
        for (size_t i = 0; i < ARRAY_SIZE(controls) && (o->kind == TEMPLATE || o->kind == RECORD); ++i)
                hold_refused(b, driver, o->name, controls[i], "request-log-control-byte", DEVELOPMENT);
}

static void what_stands_in_lines_holds_no_program_and_no_line_end(void **state) {
        each_option(*state, hold_line);
}

static void hold_ordinary(struct bench *b, const char *driver, const struct option_row *o) {
        static const char *const rules[] = { "log-option-unknown", "log-template", "request-log-control-byte" };

        for (size_t i = 0; i < ARRAY_SIZE(ordinary) * ARRAY_SIZE(rules); ++i)
                hold_silent(b, driver, o->name, ordinary[i / ARRAY_SIZE(rules)], rules[i % ARRAY_SIZE(rules)]);
}

/* Else all of this would hold if everything were refused. */
static void ordinary_options_are_let_through(void **state) {
        each_option(*state, hold_ordinary);
}

/* -- options of others, and of nobody -- */

static bool is_of(const struct driver_row *driver, const char *option) {
        for (size_t i = 0; i < OPTIONS_MOST && driver->options[i].name; ++i)
                if (strcmp(driver->options[i].name, option) == 0)
                        return true;
        return false;
}

static void options_of_other_drivers_and_of_none_are_refused(void **state) {
        struct bench *b = *state;

        for (size_t i = 0; i < ARRAY_SIZE(drivers); ++i) {
                for (size_t k = 0; k < ARRAY_SIZE(drivers) * OPTIONS_MOST; ++k) {
                        const char *option = drivers[k / OPTIONS_MOST].options[k % OPTIONS_MOST].name;

                        if (option && !is_of(&drivers[i], option))
                                hold_refused(b, drivers[i].name, option, "a", "log-option-unknown", PRODUCTION);
                }
                for (size_t k = 0; k < ARRAY_SIZE(unknown); ++k)
                        hold_refused(b, drivers[i].name, unknown[k], "a", "log-option-unknown", PRODUCTION);
        }
        for (size_t k = 0; k < ARRAY_SIZE(unknown); ++k)
                hold_refused(b, "", unknown[k], "a", "log-option-unknown", PRODUCTION);
}

/* The address counts beside all that is ordinary, and twice. */
static void an_address_counts_beside_others(void **state) {
        struct bench *b = *state;

        for (size_t i = 0; i < ARRAY_SIZE(schemes); ++i) {
                judge_option(b, &b->road, "", schemes[i].option, "unix:///run/x",
                             "'mode':'non-blocking','tag':'a','labels':'b',");
                assert_non_null(costly(&b->judged.decisions[DEVELOPMENT], "log-address-chosen"));
                assert_int_equal(b->judged.decisions[DEVELOPMENT].would, VERDICT_DENY);
        }
}

/* -- what takes the memory of dockerd, or its time -- */

static const struct {
        const char *driver, *extra, *option, *value;
} greedy[] = {
        { "fluentd", "'fluentd-address':'192.0.2.7:1','fluentd-async':'true',", "fluentd-buffer-limit", "1000000g" },
        { "awslogs", "'awslogs-region':'eu-west-1',", "awslogs-max-buffered-events", "9999999999999" },
        { "local", "'mode':'non-blocking',", "max-buffer-size", "1000g" },
        { "json-file", "'max-size':'1m',", "max-file", "2000000000" },
};

static void options_that_take_all_memory_are_told(void **state) {
        struct bench *b = *state;

        for (size_t i = 0; i < ARRAY_SIZE(greedy); ++i) {
                judge_option(b, &b->road, greedy[i].driver, greedy[i].option, greedy[i].value, greedy[i].extra);
                if (!costly(&b->judged.decisions[DEVELOPMENT], "log-buffer-large"))
                        fail_msg("%s is not told: %s", greedy[i].option, greedy[i].value);
                assert_int_equal(b->judged.decisions[PRODUCTION].would, VERDICT_DENY);
        }
}

/* -- what a site lets in -- */

#define SITE                                                                                                           \
        "{list: log-servers, append: [192.0.2.7, 'logs.example:514', 'unix:///run/log.sock', '127.0.0.1:24224', "      \
        "127.0.0.2, 169.254.1.1, '169.254.1.1:514', '[2001:db8::7]:514']}"

static const struct {
        const char *driver, *option, *value;
        bool passes;
} site_rows[] = {
        { "syslog", "syslog-address", "udp://192.0.2.7:514", true },
        { "syslog", "syslog-address", "tcp+tls://192.0.2.7", true },
        { "gelf", "gelf-address", "udp://192.0.2.7:12201", true },
        { "syslog", "syslog-address", "tcp://logs.example:514", true },
        { "syslog", "syslog-address", "tcp://LOGS.Example.:514", true },
        { "syslog", "syslog-address", "unix:///run/log.sock", true },
        { "fluentd", "fluentd-address", "127.0.0.1:24224", true },
        { "syslog", "syslog-address", "tcp://[2001:db8::7]:514", true },
        { "syslog", "syslog-address", "udp://192.0.2.70:514", false },
        { "syslog", "syslog-address", "udp://192.0.2.7.example:514", false },
        { "syslog", "syslog-address", "udp://x.192.0.2.7:514", false },
        { "syslog", "syslog-address", "udp://192.0.2.7@192.0.2.8:514", false },
        { "syslog", "syslog-address", "tcp://logs.example:515", false },
        { "syslog", "syslog-address", "tcp://logs.example", false },
        { "syslog", "syslog-address", "tcp://xlogs.example:514", false },
        { "syslog", "syslog-address", "unix:///run/log.sock2", false },
        { "syslog", "syslog-address", "unix:///run/x/../log.sock", false },
        { "syslog", "syslog-address", "unix:///run/log.sock?x", false },
        { "syslog", "syslog-address", "unixgram:///run/other.sock", false },
        { "syslog", "syslog-address", "tcp://127.0.0.1:24225", false },
        { "syslog", "syslog-address", "tcp://127.0.0.2:514", false },
        { "syslog", "syslog-address", "tcp://169.254.1.1:514", false },
        { "syslog", "syslog-address", "tcp://[2001:db8::7]:515", false },
};

static void servers_that_a_site_lists_are_let_in_and_no_others(void **state) {
        struct bench *b = *state;
        struct road site = b->road;

        site.rules[PRODUCTION] = rules_overridden(SITE);
        for (size_t i = 0; i < ARRAY_SIZE(site_rows) * 4; ++i) {
                size_t row = i / 4;
                const struct door *door =
                        judge_option(b, &site, site_rows[row].driver, site_rows[row].option, site_rows[row].value, "");

                if (!costly(&b->judged.decisions[PRODUCTION], "log-address-chosen") != site_rows[row].passes ||
                    (b->judged.decisions[PRODUCTION].would != VERDICT_DENY) != site_rows[row].passes)
                        fail_option(b, door, site_rows[row].driver, site_rows[row].option, site_rows[row].value,
                                    PRODUCTION, "is not judged as the site has it");
        }
        ruleset_unref(site.rules[PRODUCTION]);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(addresses_are_refused),
                cmocka_unit_test(regions_that_are_more_are_refused),
                cmocka_unit_test(files_of_the_host_are_refused),
                cmocka_unit_test(what_stands_in_lines_holds_no_program_and_no_line_end),
                cmocka_unit_test(ordinary_options_are_let_through),
                cmocka_unit_test(options_of_other_drivers_and_of_none_are_refused),
                cmocka_unit_test(an_address_counts_beside_others),
                cmocka_unit_test(options_that_take_all_memory_are_told),
                cmocka_unit_test(servers_that_a_site_lists_are_let_in_and_no_others),
        };

        return cmocka_run_group_tests(tests, open_bench, close_bench);
}
