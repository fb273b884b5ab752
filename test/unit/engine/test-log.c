#include "call.h"
#include "read/log.h"
#include "read/reading.h"
#include <errno.h>

/* A create whose log driver is @type, with @config, the members of its options. */
static struct facts *log_config(struct call *c, const char *type, const char *config) {
        char members[2048];

        assert_true((size_t)snprintf(members, sizeof(members), "\"LogConfig\":{\"Type\":\"%s\",\"Config\":{%s}}", type,
                                     config) < sizeof(members));
        return call_host_config(c, members);
}

static const struct log_fact *the_log(const struct facts *f) {
        assert_int_equal(f->logs.n, 1);
        return f->logs.items;
}

static const struct log_option_fact *option_of(const struct facts *f, size_t i) {
        assert_true(i < f->log_options.n);
        return (const struct log_option_fact *)f->log_options.items + i;
}

#define ANY_DRIVER                                                                                                     \
        "plain mode,max-buffer-size,cache-disabled,cache-max-size,cache-max-file,cache-compress "                      \
        "template cache-tag record cache-labels,cache-labels-regex,cache-env,cache-env-regex "
#define ATTRIBUTES "record labels,labels-regex,env,env-regex "
#define TAG        "template tag "

/* What moby's validators let through, and what each driver does with it (daemon/logger, 20.10 to 29). */
static const struct {
        const char *driver, *options; /* kind name,name… */
} drivers[] = {
        { "json-file", ANY_DRIVER ATTRIBUTES TAG "plain max-size,max-file,compress" },
        { "local", ANY_DRIVER ATTRIBUTES TAG "plain max-size,max-file,compress" },
        { "journald", ANY_DRIVER ATTRIBUTES TAG },
        { "syslog",
          ANY_DRIVER ATTRIBUTES TAG "address syslog-address plain syslog-facility,syslog-format,syslog-tls-skip-verify "
                                    "path syslog-tls-ca-cert,syslog-tls-cert,syslog-tls-key" },
        { "gelf", ANY_DRIVER ATTRIBUTES TAG "address gelf-address plain gelf-compression-type,gelf-compression-level,"
                                            "gelf-tcp-max-reconnect,gelf-tcp-reconnect-delay" },
        { "fluentd", ANY_DRIVER ATTRIBUTES TAG
          "address fluentd-address plain "
          "fluentd-async,fluentd-async-connect,fluentd-async-reconnect-interval,fluentd-buffer-"
          "limit,fluentd-max-retries,fluentd-request-ack,fluentd-retry-wait,fluentd-sub-second-precision,fluentd-write-"
          "timeout,"
          "fluentd-read-timeout" },
        { "awslogs", ANY_DRIVER TAG "address awslogs-endpoint,awslogs-credentials-endpoint plain "
                                    "awslogs-region,awslogs-group,awslogs-stream,awslogs-create-"
                                    "group,awslogs-create-stream,awslogs-datetime-format,awslogs-multiline-pattern,"
                                    "awslogs-force-flush-interval-seconds,"
                                    "awslogs-max-buffered-events,awslogs-format unknown labels,env" },
        { "gcplogs",
          ANY_DRIVER ATTRIBUTES "plain gcp-project,gcp-log-cmd,gcp-meta-zone,gcp-meta-name,gcp-meta-id unknown tag" },
        { "splunk", ANY_DRIVER ATTRIBUTES TAG "address splunk-url secret splunk-token path splunk-capath plain "
                                              "splunk-source,splunk-sourcetype,splunk-index,splunk-"
                                              "caname,splunk-insecureskipverify,splunk-format,splunk-verify-connection,"
                                              "splunk-gzip,splunk-gzip-level,splunk-index-"
                                              "acknowledgment" },
        { "logentries", ANY_DRIVER ATTRIBUTES TAG "secret logentries-token plain line-only" },
        { "none", "unknown mode,max-size,tag,labels,syslog-address,x" },
        { "etwlogs", "unknown mode,max-size,tag,labels,syslog-address,x" },
        /* Without a driver, and with one that nobody knows, an option is what it would be of whoever has it. */
        { "", ANY_DRIVER ATTRIBUTES TAG
          "plain max-size,syslog-facility,gcp-project,line-only address "
          "syslog-address,gelf-address,fluentd-address,splunk-url,"
          "awslogs-endpoint path syslog-tls-key,splunk-capath secret splunk-token,logentries-token unknown x" },
        { "loki:latest",
          ANY_DRIVER ATTRIBUTES TAG "plain max-size address syslog-address secret splunk-token unknown loki-url" },
        { "JSON-FILE", ANY_DRIVER ATTRIBUTES TAG "plain max-size" },
        /* None of another driver, and none in another spelling. */
        { "json-file",
          "unknown syslog-address,syslog-tls-key,gelf-address,splunk-token,Tag,TAG,tag.,max_size,labels-,cache-,"
          "fluentd-async" },
        { "syslog", "unknown Syslog-Address,syslog-tls-ca-certs,gelf-address,max-size" },
        { "local", "unknown \xc5\xbf,tag\xe2\x80\x8b,path" },
};

static void check_option(const char *driver, const char *kind, struct str name) {
        cleanup_(call_free) struct call c = { 0 };
        const struct log_option_fact *o;
        const struct facts *f;
        char config[256];

        snprintf(config, sizeof(config), "\"%" STR_FMT "\":\"a\"", STR_ARG(name));
        f = log_config(&c, driver, config);
        o = option_of(f, 0);
        if (!str_eqz(o->kind.value, kind))
                fail_msg("%s %" STR_FMT " is %" STR_FMT ", not %s", driver, STR_ARG(name), STR_ARG(o->kind.value),
                         kind);
        assert_str(o->driver.value, driver);
        assert_true(str_eq(o->name.value, name));
        assert_str(o->value.value, "a");
        assert_str(o->template.value, strcmp(kind, "template") == 0 ? "plain" : "none");
        assert_int_equal(str_eqz(o->reach.value, "none"), strcmp(kind, "address") != 0);
        assert_string_equal(o->origin.field, "HostConfig.LogConfig.Config");
        assert_true(str_eq(o->origin.key, name));
        assert_true(str_eq(call_joined(&c, &the_log(f)->option_names), name));
}

static void each_option_is_what_its_driver_makes_of_it(void **state) {
        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(drivers); ++i) {
                struct str rest = str_trim(str_from(drivers[i].options));

                while (rest.p) {
                        struct str kind = str_cut(&rest, ' '), names = str_cut(&rest, ' ');
                        char word[16];

                        snprintf(word, sizeof(word), "%" STR_FMT, STR_ARG(kind));
                        while (names.p)
                                check_option(drivers[i].driver, word, str_cut(&names, ','));
                }
        }
}

static void a_driver_keeps_logs_here_or_sends_them_away(void **state) {
        static const struct {
                const char *driver, *kind;
                bool plugin;
        } rows[] = {
                { "none", "none" },
                { "json-file", "local" },
                { "local", "local" },
                { "journald", "local" },
                { "etwlogs", "local" },
                { "syslog", "remote" },
                { "gelf", "remote" },
                { "splunk", "remote" },
                { "fluentd", "remote" },
                { "awslogs", "remote" },
                { "gcplogs", "remote" },
                { "logentries", "remote" },
                { "loki", "plugin", true },
                { "None", "plugin", true },
                { " none", "plugin", true },
                { "json-file:latest", "plugin", true },
                { "../../x", "plugin", true },
                { "l\xc3\xb6ki", "plugin", true },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = log_config(&c, rows[i].driver, "");
                const struct driver_fact *d = f->drivers.items;

                assert_str(the_log(f)->driver.value, rows[i].driver);
                assert_str(the_log(f)->kind.value, rows[i].kind);
                assert_string_equal(the_log(f)->origin.field, "HostConfig.LogConfig.Type");
                assert_int_equal(f->drivers.n, rows[i].plugin);
                if (!rows[i].plugin)
                        continue;
                assert_str(d->kind.value, "log");
                assert_false(d->own.value);
                assert_string_equal(d->origin.field, "HostConfig.LogConfig.Type");
        }
}

static void nothing_chosen_is_nothing(void **state) {
        static const char *const host_configs[] = { "", "\"LogConfig\":null", "\"LogConfig\":{}",
                                                    "\"LogConfig\":{\"Type\":\"\",\"Config\":{}}",
                                                    "\"LogConfig\":{\"Type\":null,\"Config\":null}" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(host_configs); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = call_host_config(&c, host_configs[i]);

                assert_int_equal(f->logs.n + f->log_options.n + f->drivers.n, 0);
        }
}

/* moby daemon/logs.go keeps the options and gives them to the engine's own driver, whichever that is. */
static void options_without_a_driver_are_the_engine_s(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = log_config(&c, "", "\"tag\":\"a\",\"syslog-address\":\"unix:///run/x\"");

        (void)state;
        assert_str(the_log(f)->kind.value, "engine");
        assert_str(the_log(f)->driver.value, "");
        assert_int_equal(f->log_options.n, 2);
        assert_str(option_of(f, 1)->reach.value, "socket");
        assert_int_equal(f->drivers.n, 0);
}

static void where_a_driver_goes_is_told(void **state) {
        static const struct {
                const char *driver, *config;
                size_t at;
                const char *reach, *host, *server;
        } rows[] = {
                { "syslog", "\"syslog-address\":\"tcp://Logs.example:514\"", 0, "elsewhere", "logs.example",
                  "logs.example:514" },
                { "gelf", "\"mode\":\"blocking\",\"gelf-address\":\"udp://127.0.0.1:1\"", 1, "loopback", "127.0.0.1",
                  "127.0.0.1:1" },
                { "splunk", "\"splunk-url\":\"https://u@h\"", 0, "unreadable", "", "" },
                { "fluentd", "\"fluentd-address\":\"unix:///run/x\"", 0, "socket", "", "unix:///run/x" },
                { "awslogs", "\"awslogs-endpoint\":\"169.254.169.254\"", 0, "link-local", "169.254.169.254",
                  "169.254.169.254" },
                { "awslogs", "\"awslogs-credentials-endpoint\":\"@h/\"", 0, "link-local", "", "" },
                { "awslogs", "\"awslogs-region\":\"x@h:1/\"", 0, "unreadable", "", "" },
                { "awslogs", "\"awslogs-region\":\"h.example\"", 0, "unreadable", "", "" },
                { "awslogs", "\"awslogs-region\":\"EU-WEST-1\"", 0, "unreadable", "", "" },
                { "awslogs", "\"awslogs-region\":\"eu|1\"", 0, "unreadable", "", "" },
                { "awslogs", "\"awslogs-region\":\"unix:///x\"", 0, "socket", "", "unix:///x" },
                { "loki", "\"syslog-address\":\"unix:///run/x\"", 0, "socket", "", "unix:///run/x" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct log_option_fact *o = option_of(log_config(&c, rows[i].driver, rows[i].config), rows[i].at);

                assert_str(o->kind.value, "address");
                assert_str(o->reach.value, rows[i].reach);
                assert_str(o->host.value, rows[i].host);
                assert_str(o->server.value, rows[i].server);
        }
}

/* Who says nothing of an address sends the logs away all the same. */
static void a_driver_goes_somewhere_by_itself(void **state) {
        static const struct {
                const char *driver, *config;
                const char *server; /* NULL: nowhere */
        } rows[] = {
                { "fluentd", "", "127.0.0.1:24224" },
                { "fluentd", "\"tag\":\"a\"", "127.0.0.1:24224" },
                { "fluentd", "\"fluentd-address\":\"\"", "127.0.0.1:24224" },
                { "fluentd", "\"fluentd-address\":\"h\"", NULL },
                { "awslogs", "", "awslogs" },
                { "awslogs", "\"awslogs-region\":\"eu-west-1\"", "awslogs" },
                { "awslogs", "\"awslogs-credentials-endpoint\":\"/x\"", "awslogs" },
                { "awslogs", "\"awslogs-endpoint\":\"\"", "awslogs" },
                { "awslogs", "\"awslogs-endpoint\":\"h\"", NULL },
                { "gcplogs", "", "gcplogs" },
                { "gcplogs", "\"gcp-project\":\"p\"", "gcplogs" },
                { "logentries", "\"logentries-token\":\"x\"", "logentries" },
                { "syslog", "", NULL },
                { "gelf", "", NULL },
                { "splunk", "", NULL },
                { "json-file", "", NULL },
                { "none", "", NULL },
                { "loki", "", NULL },
                { "", "\"tag\":\"a\"", NULL },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = log_config(&c, rows[i].driver, rows[i].config);
                const struct log_option_fact *o = NULL;

                for (size_t k = 0; k < f->log_options.n; ++k)
                        if (str_eqz(option_of(f, k)->reach.value, "standard"))
                                o = option_of(f, k);
                if ((o != NULL) != (rows[i].server != NULL))
                        fail_msg("%s {%s}", rows[i].driver, rows[i].config);
                if (!o)
                        continue;
                assert_str(o->kind.value, "address");
                assert_str(o->name.value, "");
                assert_str(o->driver.value, rows[i].driver);
                assert_str(o->host.value, rows[i].server);
                assert_str(o->server.value, rows[i].server);
                assert_string_equal(o->origin.field, "HostConfig.LogConfig.Type");
        }
}

/* "tag":"x\n<0>… sshd[1]: hi" is a line of its own in the host's syslog. */
static void a_control_byte_in_each_line_is_a_flaw(void **state) {
        static const struct {
                const char *driver, *option, *value;
                bool flawed;
        } rows[] = {
                { "syslog", "tag", "a\\nb", true },
                { "syslog", "tag", "\\r", true },
                { "syslog", "tag", "\\t", true },
                { "syslog", "tag", "\\u0001", true },
                { "syslog", "tag", "\\u001f", true },
                { "syslog", "tag", "\\u007f", true },
                { "syslog", "tag", "a b~\\u0080\\u2028", false },
                { "syslog", "tag", "", false },
                { "syslog", "labels", "a\\nb", true },
                { "syslog", "labels-regex", "\\n", true },
                { "syslog", "env", "a,\\n", true },
                { "syslog", "env-regex", "\\n", true },
                { "json-file", "cache-tag", "\\n", true },
                { "json-file", "cache-labels", "\\n", true },
                { "", "tag", "\\n", true },
                { "loki", "tag", "\\n", true },
                { "loki", "loki-url", "\\n", false },
                { "logentries", "logentries-token", "x\\n<0>sshd: hi", true },
                { "splunk", "splunk-token", "x\\r\\nHost: y", true },
                { "syslog", "syslog-format", "\\n", false },
                { "none", "tag", "\\n", false }, /* is read by nobody */
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                char body[512];

                snprintf(
                        body, sizeof(body),
                        "{\"Image\":\"a\",\"HostConfig\":{\"LogConfig\":{\"Type\":\"%s\",\"Config\":{\"%s\":\"%s\"}}}}",
                        rows[i].driver, rows[i].option, rows[i].value);
                call_read(&c, (struct wire){ "POST", "/v1.41/containers/create", body });
                if (flaws_have(&c.request.flaws, FLAW_LOG_CONTROL_BYTE) != rows[i].flawed)
                        fail_msg("%s %s=%s", rows[i].driver, rows[i].option, rows[i].value);
                if (rows[i].flawed)
                        assert_str(c.request.flaws.notes[0].where, rows[i].option);
        }
}

static void a_tag_is_fields_alone_or_not(void **state) {
        static const struct {
                const char *option, *value, *template;
        } rows[] = {
                { "tag", "{{.Name}}", "plain" }, { "tag", "{{pad .Name 9 9}}", "other" },
                { "cache-tag", "{{", "other" },  { "labels", "{{pad .Name 9 9}}", "none" },
                { "max-size", "{{", "none" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                char config[128];

                snprintf(config, sizeof(config), "\"%s\":\"%s\"", rows[i].option, rows[i].value);
                assert_str(option_of(log_config(&c, "json-file", config), 0)->template.value, rows[i].template);
        }
}

static void each_door_leads_to_the_same(void **state) {
        static const struct {
                const char *uri, *body, *driver, *options;
        } rows[] = {
                { "/v1.41/containers/create",
                  "{\"hostconfig\":{\"logconfig\":{\"type\":\"x\",\"config\":{\"syslog-address\":\"unix:///x\"}}}}",
                  "HostConfig.LogConfig.Type", "HostConfig.LogConfig.Config" },
                { "/v1.41/services/create",
                  "{\"TaskTemplate\":{\"LogDriver\":{\"Name\":\"x\",\"Options\":{\"syslog-address\":\"unix:///x\"}}}}",
                  "TaskTemplate.LogDriver.Name", "TaskTemplate.LogDriver.Options" },
                { "/v1.41/services/a/update?version=1",
                  "{\"TaskTemplate\":{\"LogDriver\":{\"Name\":\"x\",\"Options\":{\"syslog-address\":\"unix:///x\"}}}}",
                  "TaskTemplate.LogDriver.Name", "TaskTemplate.LogDriver.Options" },
                { "/v1.41/swarm/init",
                  "{\"Spec\":{\"TaskDefaults\":{\"LogDriver\":{\"Name\":\"x\",\"Options\":{\"syslog-address\":\"unix://"
                  "/x\"}}}}}",
                  "TaskDefaults.LogDriver.Name", "TaskDefaults.LogDriver.Options" },
                { "/v1.41/swarm/update?version=1",
                  "{\"TaskDefaults\":{\"LogDriver\":{\"Name\":\"x\",\"Options\":{\"syslog-address\":\"unix:///x\"}}}}",
                  "TaskDefaults.LogDriver.Name", "TaskDefaults.LogDriver.Options" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = &c.request.facts;
                const struct driver_fact *d;

                call_read(&c, (struct wire){ "POST", rows[i].uri, rows[i].body });
                assert_false(flaws_any(&c.request.flaws));
                assert_str(the_log(f)->kind.value, "plugin");
                assert_string_equal(the_log(f)->origin.field, rows[i].driver);
                assert_int_equal(f->log_options.n, 1);
                assert_string_equal(option_of(f, 0)->origin.field, rows[i].options);
                assert_str(option_of(f, 0)->reach.value, "socket");
                assert_int_equal(f->drivers.n, 1);
                d = f->drivers.items;
                assert_string_equal(d->origin.field, rows[i].driver);
                assert_true(request_yields(&c.request) & GROUP_LOGS);
        }
}

/* At every size of memory: the request is refused, or all of it was read. */
static void what_there_is_no_memory_for_is_refused(void **state) {
        struct text body, envelope;
        bool read = false;

        (void)state;
        text_init(&body);
        text_init(&envelope);
        text_addz(&body, "{\"HostConfig\":{\"LogConfig\":{\"Type\":\"fluentd\",\"Config\":{");
        for (int i = 0; i < 400; ++i)
                text_addf(&body, "%s\"o%d\":\"a\"", i ? "," : "", i);
        text_addz(&body, "}}}}");
        envelope_add(&envelope, (struct sent){ STR_C("POST"), STR_C("/v1.41/containers/create"), text_str(&body) });
        for (size_t limit = 16 << 10; !read; limit += limit / 16) {
                struct request request;
                struct arena arena;

                arena_init(&arena, limit);
                assert_int_equal(request_read(&request, &arena, text_str(&envelope)), ENVELOPE_READ);
                read = !flaws_have(&request.flaws, FLAW_TOO_LARGE);
                assert_int_equal(request.facts.log_options.n, read ? 401 : 0);
                assert_int_equal(request.facts.logs.n, read ? 1 : 0);
                arena_deinit(&arena);
                assert_true(limit < 4 << 20);
        }
        text_deinit(&body);
        text_deinit(&envelope);
}

static void no_piece_of_memory_too_little_passes_for_read(void **state) {
        static const struct log_place place = { "Type", "Config" };
        static const char *const names[] = { "fluentd", "syslog", "loki" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(names); ++i) {
                struct go_pair pairs[] = { { STR_C("tag"), { STR_C("{{.Name}}"), true } },
                                           { STR_C("syslog-address"), { STR_C("tcp://logs.example:1"), true } } };
                const struct go_list options = { .items = pairs, .n = ARRAY_SIZE(pairs), .given = true };
                bool fits = false;

                for (size_t limit = 0; !fits; ++limit) {
                        struct request request = { 0 };
                        struct reading in;
                        struct arena arena;

                        arena_init(&arena, limit);
                        request_reading(&in, &request, &arena);
                        fits = LATCHED(&arena,
                                       log_read(&in, &place, (struct go_string){ str_from(names[i]), true }, &options));
                        if (fits) {
                                assert_int_equal(request.facts.logs.n, 1);
                                assert_int_equal(request.facts.log_options.n, i == 0 ? 3 : 2);
                                assert_int_equal(request.facts.drivers.n, i == 2);
                        }
                        arena_deinit(&arena);
                        assert_true(limit < 1 << 14);
                }
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_option_is_what_its_driver_makes_of_it),
                cmocka_unit_test(a_driver_keeps_logs_here_or_sends_them_away),
                cmocka_unit_test(nothing_chosen_is_nothing),
                cmocka_unit_test(options_without_a_driver_are_the_engine_s),
                cmocka_unit_test(where_a_driver_goes_is_told),
                cmocka_unit_test(a_driver_goes_somewhere_by_itself),
                cmocka_unit_test(a_control_byte_in_each_line_is_a_flaw),
                cmocka_unit_test(a_tag_is_fields_alone_or_not),
                cmocka_unit_test(each_door_leads_to_the_same),
                cmocka_unit_test(what_there_is_no_memory_for_is_refused),
                cmocka_unit_test(no_piece_of_memory_too_little_passes_for_read),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
