#include "call.h"
#include "docksill/base/cleanup.h"
#include "read/log-address.h"
#include <errno.h>

struct row {
        const char *option, *value, *reach, *host, *server;
};

static void check(const struct row *row) {
        struct log_address address;
        struct arena arena;

        arena_init(&arena, 1 << 16);
        assert_fits(&arena, log_address_read(&address, &arena, str_from(row->option), str_from(row->value)));
        if (!str_eqz(word_str(address.reach), row->reach) || !str_eq(address.host, str_from(row->host)) ||
            !str_eq(address.server, str_from(row->server)))
                fail_msg("%s=%s is %s, host \"%" STR_FMT "\", server \"%" STR_FMT "\"", row->option, row->value,
                         word_str(address.reach).p, STR_ARG(address.host), STR_ARG(address.server));
        arena_deinit(&arena);
}

static void check_all(const struct row *rows, size_t n) {
        for (size_t i = 0; i < n; ++i)
                check(&rows[i]);
}

static void each_driver_has_schemes_of_its_own(void **state) {
        static const char *const options[] = { "syslog-address", "gelf-address", "fluentd-address", "splunk-url",
                                               "awslogs-endpoint" };
        static const struct {
                const char *scheme;
                bool known[ARRAY_SIZE(options)];
        } rows[] = {
                { "udp", { true, true } },
                { "tcp", { true, true, true } },
                { "tcp+tls", { true } },
                { "tls", { false, false, true } },
                { "http", { false, false, false, true, true } },
                { "https", { false, false, false, true, true } },
                /* no engine, or not all */
                { "UDP", { false } },
                { "Tcp", { false } },
                { "HTTPS", { false } },
                { "tcp4", { false } },
                { "ftp", { false } },
                { "", { false } },
                { " tcp", { false } },
                { "tc", { false } },
                { "unixpacket", { false } },
                { "npipe", { false } },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                for (size_t k = 0; k < ARRAY_SIZE(options); ++k) {
                        char value[64];

                        snprintf(value, sizeof(value), "%s://logs.example:514", rows[i].scheme);
                        check(&(struct row){ options[k], value, rows[i].known[k] ? "elsewhere" : "unreadable",
                                             rows[i].known[k] ? "logs.example" : "",
                                             rows[i].known[k] ? "logs.example:514" : "" });
                }
}

static void only_some_take_an_address_without_a_scheme(void **state) {
        static const struct row rows[] = {
                { "fluentd-address", "logs.example", "elsewhere", "logs.example", "logs.example" },
                { "fluentd-address", "logs.example:24224", "elsewhere", "logs.example", "logs.example:24224" },
                { "awslogs-endpoint", "logs.example", "elsewhere", "logs.example", "logs.example" },
                { "awslogs-endpoint", "logs.example/path", "elsewhere", "logs.example", "logs.example" },
                { "syslog-address", "logs.example:514", "unreadable", "", "" },
                { "gelf-address", "logs.example:514", "unreadable", "", "" },
                { "splunk-url", "logs.example", "unreadable", "", "" },
                /* the scheme's own other spellings: some engines read them, others do not */
                { "syslog-address", "tcp:logs.example:514", "unreadable", "", "" },
                { "syslog-address", "tcp:/logs.example", "unreadable", "", "" },
                { "fluentd-address", "tcp:logs.example", "unreadable", "", "" },
                { "fluentd-address", "a:b://logs.example", "unreadable", "", "" },
                { "fluentd-address", "tcp:b://logs.example", "unreadable", "", "" },
                { "syslog-address", "udp:514://logs.example", "unreadable", "", "" },
                { "fluentd-address", "://logs.example", "unreadable", "", "" },
                { "fluentd-address", "logs.example:1/x://y", "unreadable", "", "" },
        };

        (void)state;
        check_all(rows, ARRAY_SIZE(rows));
}

static void the_server_is_a_host_with_its_port(void **state) {
        static const struct row rows[] = {
                { "syslog-address", "udp://Logs.Example", "elsewhere", "logs.example", "logs.example" },
                { "syslog-address", "tcp+tls://logs.example.:6514/", "elsewhere", "logs.example", "logs.example:6514" },
                { "gelf-address", "udp://[2001:DB8::1]:12201", "elsewhere", "2001:db8::1", "[2001:db8::1]:12201" },
                { "splunk-url", "https://logs.example:8088?x", "elsewhere", "logs.example", "logs.example:8088" },
                { "splunk-url", "https://[2001:db8::1]#x", "elsewhere", "2001:db8::1", "[2001:db8::1]" },
                { "splunk-url", "https://u:p@logs.example", "unreadable", "", "" },
                { "gelf-address", "udp://logs.example:", "unreadable", "", "" },
                { "gelf-address", "udp://127.1:1", "unreadable", "", "" },
                { "gelf-address", "udp://logs.example%2F:1", "unreadable", "", "" },
        };

        (void)state;
        check_all(rows, ARRAY_SIZE(rows));
}

static void what_is_this_host_s_or_on_the_link_is_told(void **state) {
        static const struct row rows[] = {
                { "syslog-address", "tcp://127.0.0.1:514", "loopback", "127.0.0.1", "127.0.0.1:514" },
                { "syslog-address", "tcp://", "loopback", "", "" },
                { "syslog-address", "tcp:///run/docker.sock", "loopback", "", "" },
                { "gelf-address", "udp://:12201", "loopback", "", ":12201" },
                { "gelf-address", "tcp://[::1]:1", "loopback", "::1", "[::1]:1" },
                { "splunk-url", "http://169.254.169.254/", "link-local", "169.254.169.254", "169.254.169.254" },
                { "awslogs-endpoint", "http://metadata.google.internal", "link-local", "metadata.google.internal",
                  "metadata.google.internal" },
                { "fluentd-address", "tls://localhost:1", "loopback", "localhost", "localhost:1" },
        };

        (void)state;
        check_all(rows, ARRAY_SIZE(rows));
}

/* Where a driver goes without an address, an address that says the same is no more. */
static void what_the_driver_does_by_itself_is_standard(void **state) {
        static const struct row rows[] = {
                { "fluentd-address", "127.0.0.1:24224", "standard", "127.0.0.1", "127.0.0.1:24224" },
                { "fluentd-address", "localhost:24224", "standard", "localhost", "localhost:24224" },
                { "fluentd-address", "tcp://LOCALHOST:24224", "standard", "localhost", "localhost:24224" },
                { "fluentd-address", "tls://127.0.0.1:24224/", "standard", "127.0.0.1", "127.0.0.1:24224" },
                { "fluentd-address", "127.0.0.2:24224", "loopback", "127.0.0.2", "127.0.0.2:24224" },
                { "fluentd-address", "[::1]:24224", "loopback", "::1", "[::1]:24224" },
                { "fluentd-address", "127.0.0.1", "loopback", "127.0.0.1", "127.0.0.1" },
                { "fluentd-address", "127.0.0.1:24225", "loopback", "127.0.0.1", "127.0.0.1:24225" },
                { "fluentd-address", "127.0.0.1:024224", "unreadable", "", "" },
                { "fluentd-address", "logs.example:24224", "elsewhere", "logs.example", "logs.example:24224" },
                { "syslog-address", "tcp://127.0.0.1:24224", "loopback", "127.0.0.1", "127.0.0.1:24224" },
        };

        (void)state;
        check_all(rows, ARRAY_SIZE(rows));
}

static void a_socket_is_told_by_every_driver(void **state) {
        static const char *const options[] = { "syslog-address",   "gelf-address",   "fluentd-address", "splunk-url",
                                               "awslogs-endpoint", "awslogs-region", "whatever",        "" };
        static const struct {
                const char *value, *server;
        } rows[] = {
                { "unix:///run/docker.sock", "unix:///run/docker.sock" },
                { "unixgram:///dev/log", "unix:///dev/log" },
                { "UNIX:///dev/log", "unix:///dev/log" },
                { "UnixGram:///dev/log", "unix:///dev/log" },
                { "unix:///a-b_c.d/e~f:1@g", "unix:///a-b_c.d/e~f:1@g" },
                /* a socket, but which one engines differ about */
                { "unix:", "" },
                { "unix:/run/docker.sock", "" },
                { "unix:run/docker.sock", "" },
                { "unix://", "" },
                { "unix://run/docker.sock", "" },
                { "unix://h/run/docker.sock", "" },
                { "unix:///run/%64ocker.sock", "" },
                { "unix:///run/docker.sock?x", "" },
                { "unix:///run/docker.sock#x", "" },
                { "unix:///run/../etc/x", "" },
                { "unix:///run/./x", "" },
                { "unix:///run/.x", "" },
                { "unix:////run/x", "" },
                { "unix:///run//x", "" },
                { "unix:///run/x y", "" },
                { "unix:///run/x\n", "" },
                { "unix:///run\\x", "" },
                { "unix:x://y", "" },
        };

        (void)state;
        for (size_t k = 0; k < ARRAY_SIZE(options); ++k)
                for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                        check(&(struct row){ options[k], rows[i].value, "socket", "", rows[i].server });
        /* no socket, but an unknown scheme */
        check(&(struct row){ "syslog-address", " unix:///x", "unreadable", "", "" });
        check(&(struct row){ "syslog-address", "unixx:///x", "unreadable", "", "" });
        check(&(struct row){ "syslog-address", "uni\xc5\xbf:///x", "unreadable", "", "" });
}

static void nothing_said_is_no_address(void **state) {
        static const char *const options[] = { "syslog-address", "fluentd-address", "awslogs-endpoint", "whatever" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(options); ++i)
                check(&(struct row){ options[i], "", "none", "", "" });
        check(&(struct row){ "syslog-address", " ", "unreadable", "", "" });
}

/* dockerd writes http://169.254.170.2 before it, with nothing between: "@h" and ".h" lead elsewhere. */
static void an_end_of_an_address_is_on_the_link_whatever_it_says(void **state) {
        static const char *const values[] = { "",     "/creds",    "@logs.example/x",    ".logs.example",
                                              ":80/", "unix:///x", "http://logs.example" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(values); ++i)
                check(&(struct row){ "awslogs-credentials-endpoint", values[i], "link-local", "", "" });
}

static void an_option_that_nobody_knows_is_unreadable(void **state) {
        static const struct row rows[] = {
                { "awslogs-region", "eu-west-1.logs.example", "unreadable", "", "" },
                { "Syslog-Address", "tcp://logs.example", "unreadable", "", "" },
                { "", "tcp://logs.example", "unreadable", "", "" },
        };

        (void)state;
        check_all(rows, ARRAY_SIZE(rows));
}

static void odd_bytes_are_unreadable(void **state) {
        static const struct str values[] = { STR("tcp://logs.example\0"),
                                             STR("tcp://\0"),
                                             STR("tcp\0://logs.example"),
                                             STR("\0"),
                                             STR("tcp://logs\xc2\xad.example"),
                                             STR("tcp://logs.example\n"),
                                             STR("tcp://\xff"),
                                             STR("tcp://logs.example/\0"),
                                             STR("tcp://logs.example:1?x\0") };
        static const struct str sockets[] = { STR("unix:///run/x\0.sock"), STR("unix://\0") };
        struct log_address address;
        struct arena arena;

        (void)state;
        arena_init(&arena, 1 << 16);
        for (size_t i = 0; i < ARRAY_SIZE(values); ++i) {
                assert_fits(&arena, log_address_read(&address, &arena, STR_C("fluentd-address"), values[i]));
                assert_str(word_str(address.reach), "unreadable");
                assert_int_equal(address.host.n + address.server.n, 0);
        }
        for (size_t i = 0; i < ARRAY_SIZE(sockets); ++i) {
                assert_fits(&arena, log_address_read(&address, &arena, STR_C("syslog-address"), sockets[i]));
                assert_str(word_str(address.reach), "socket");
                assert_int_equal(address.server.n, 0);
        }
        arena_deinit(&arena);
}

/* @value at every limit of memory: refused, or read as it is. */
static void check_limits(const char *value, const char *server) {
        struct log_address address;
        bool fits = false;

        for (size_t limit = 0; !fits; ++limit) {
                struct arena arena;

                arena_init(&arena, limit);
                fits = LATCHED(&arena, log_address_read(&address, &arena, STR_C("syslog-address"), str_from(value)));
                if (fits)
                        assert_str(address.server, server);
                arena_deinit(&arena);
                assert_true(limit < 4096);
        }
}

static void no_memory_is_no_address(void **state) {
        (void)state;
        check_limits("tcp://logs.example:514", "logs.example:514");
        check_limits("tcp://[::1]:514", "[::1]:514");
        check_limits("unix:///run/docker.sock", "unix:///run/docker.sock");
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_driver_has_schemes_of_its_own),
                cmocka_unit_test(only_some_take_an_address_without_a_scheme),
                cmocka_unit_test(the_server_is_a_host_with_its_port),
                cmocka_unit_test(what_is_this_host_s_or_on_the_link_is_told),
                cmocka_unit_test(what_the_driver_does_by_itself_is_standard),
                cmocka_unit_test(a_socket_is_told_by_every_driver),
                cmocka_unit_test(nothing_said_is_no_address),
                cmocka_unit_test(an_end_of_an_address_is_on_the_link_whatever_it_says),
                cmocka_unit_test(an_option_that_nobody_knows_is_unreadable),
                cmocka_unit_test(odd_bytes_are_unreadable),
                cmocka_unit_test(no_memory_is_no_address),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
