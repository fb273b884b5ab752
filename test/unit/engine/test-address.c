#include "call.h"
#include "docksill/base/cleanup.h"
#include "read/address.h"
#include <errno.h>

struct row {
        const char *text, *reach, *host;
        const char *port; /* NULL: none */
        bool bracketed;
};

static void check(const struct row *row) {
        struct address address;
        struct arena arena;

        arena_init(&arena, 1 << 16);
        assert_fits(&arena, address_read(&address, &arena, str_from(row->text)));
        if (!str_eqz(word_str(address.reach), row->reach))
                fail_msg("%s is %s, not %s", row->text, word_str(address.reach).p, row->reach);
        if (strcmp(row->reach, "unreadable") != 0) {
                assert_str(address.host, row->host);
                assert_int_equal(address.port.p != NULL, row->port != NULL);
                assert_true(str_eq(address.port, str_from(row->port)));
                assert_int_equal(address.bracketed, row->bracketed);
        }
        arena_deinit(&arena);
}

static void check_all(const struct row *rows, size_t n) {
        for (size_t i = 0; i < n; ++i)
                check(&rows[i]);
}

static void names_and_ports_are_parted(void **state) {
        static const struct row rows[] = {
                { "logs.example", "elsewhere", "logs.example" },
                { "logs.example:514", "elsewhere", "logs.example", "514" },
                { "logs.example:1", "elsewhere", "logs.example", "1" },
                { "logs.example:99999", "elsewhere", "logs.example", "99999" },
                { "Logs.EXAMPLE:514", "elsewhere", "logs.example", "514" },
                { "logs.example.", "elsewhere", "logs.example" },
                { "logs.example...:514", "elsewhere", "logs.example", "514" },
                { "a_b-c.9d", "elsewhere", "a_b-c.9d" },
                { "192.0.2.1", "elsewhere", "192.0.2.1" },
                { "192.0.2.1.:80", "elsewhere", "192.0.2.1", "80" },
                { "[2001:db8::1]", "elsewhere", "2001:db8::1", NULL, true },
                { "[2001:DB8::A]:24224", "elsewhere", "2001:db8::a", "24224", true },
        };

        (void)state;
        check_all(rows, ARRAY_SIZE(rows));
}

/* Whatever the kernel takes for this host: 127.0.0.0/8, an address of noughts, no address at all. */
static void this_host_is_told_in_every_spelling(void **state) {
        static const struct row rows[] = {
                { "", "loopback", "" },
                { ":514", "loopback", "", "514" },
                { "127.0.0.1", "loopback", "127.0.0.1" },
                { "127.0.0.1:2375", "loopback", "127.0.0.1", "2375" },
                { "127.255.0.9", "loopback", "127.255.0.9" },
                { "0.0.0.0", "loopback", "0.0.0.0" },
                { "0.1.2.3", "loopback", "0.1.2.3" },
                { "127.0.0.1.", "loopback", "127.0.0.1" },
                { "localhost", "loopback", "localhost" },
                { "LocalHost.", "loopback", "localhost" },
                { "a.b.LOCALHOST", "loopback", "a.b.localhost" },
                { "localhost.localdomain", "loopback", "localhost.localdomain" },
                { "ip6-localhost", "loopback", "ip6-localhost" },
                { "ip6-loopback:1", "loopback", "ip6-loopback", "1" },
                { "[::1]", "loopback", "::1", NULL, true },
                { "[::]:514", "loopback", "::", "514", true },
                { "[0:0:0:0:0:0:0:1]", "loopback", "0:0:0:0:0:0:0:1", NULL, true },
                { "[::ffff:127.0.0.1]", "loopback", "::ffff:127.0.0.1", NULL, true },
                { "[::FFFF:7f00:1]", "loopback", "::ffff:7f00:1", NULL, true },
                { "[::ffff:0:0]", "loopback", "::ffff:0:0", NULL, true },
                { "[::127.0.0.1]", "loopback", "::127.0.0.1", NULL, true },
                /* not of this host */
                { "localhost.example", "elsewhere", "localhost.example" },
                { "notlocalhost", "elsewhere", "notlocalhost" },
                { "128.0.0.1", "elsewhere", "128.0.0.1" },
                { "[::ffff:192.0.2.1]", "elsewhere", "::ffff:192.0.2.1", NULL, true },
                { "[::192.0.2.1]", "elsewhere", "::192.0.2.1", NULL, true },
                { "[1::1]", "elsewhere", "1::1", NULL, true },
        };

        (void)state;
        check_all(rows, ARRAY_SIZE(rows));
}

static void what_is_on_the_link_is_told(void **state) {
        static const struct row rows[] = {
                { "169.254.169.254", "link-local", "169.254.169.254" },
                { "169.254.0.0:80", "link-local", "169.254.0.0", "80" },
                { "169.253.255.255", "elsewhere", "169.253.255.255" },
                { "169.255.0.0", "elsewhere", "169.255.0.0" },
                { "168.254.169.254", "elsewhere", "168.254.169.254" },
                { "[fe80::1]", "link-local", "fe80::1", NULL, true },
                { "[FEBF::1]:1", "link-local", "febf::1", "1", true },
                { "[fec0::1]", "elsewhere", "fec0::1", NULL, true },
                { "[fe7f::1]", "elsewhere", "fe7f::1", NULL, true },
                { "[ff80::1]", "elsewhere", "ff80::1", NULL, true },
                { "[::ffff:169.254.169.254]", "link-local", "::ffff:169.254.169.254", NULL, true },
                { "[::169.254.169.254]", "link-local", "::169.254.169.254", NULL, true },
                { "[fd00:ec2::254]:80", "link-local", "fd00:ec2::254", "80", true },
                { "[FD00:0EC2:0::0254]", "link-local", "fd00:0ec2:0::0254", NULL, true },
                { "[fd00:ec2::253]", "elsewhere", "fd00:ec2::253", NULL, true },
                { "[64:ff9b::a9fe:a9fe]:80", "link-local", "64:ff9b::a9fe:a9fe", "80", true },
                { "[64:ff9b::7f00:1]", "loopback", "64:ff9b::7f00:1", NULL, true },
                { "[64:ff9b::c000:207]", "elsewhere", "64:ff9b::c000:207", NULL, true },
                { "localhost4", "loopback", "localhost4" },
                { "Host.Docker.Internal:80", "loopback", "host.docker.internal", "80" },
                { "metadata", "link-local", "metadata" },
                { "Metadata.Google.Internal.", "link-local", "metadata.google.internal" },
                { "instance-data:80", "link-local", "instance-data", "80" },
                { "instance-data.ec2.internal", "link-local", "instance-data.ec2.internal" },
                { "metadata.goog", "link-local", "metadata.goog" },
                { "xinstance-data", "elsewhere", "xinstance-data" },
                { "metadata.example", "elsewhere", "metadata.example" },
        };

        (void)state;
        check_all(rows, ARRAY_SIZE(rows));
}

/* Some resolvers take them for an address, and no two for the same. */
static void numbers_that_are_no_plain_address_are_unreadable(void **state) {
        static const char *const texts[] = {
                "0",          "1",           "127.1",       "127.0.1",      "2130706433", "0x7f000001", "0X7F.1",
                "0x7f.0.0.1", "127.0.0.0x1", "0177.0.0.1",  "127.0.0.01",   "1.2.3.4.5",  "256.0.0.1",  "a.1",
                "a.0x",       "example.007", "1.2.3.4..5.", "017700000001", "0x.",
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(texts); ++i)
                check(&(struct row){ texts[i], "unreadable" });
}

static void what_is_not_written_plainly_is_unreadable(void **state) {
        static const char *const texts[] = {
                "u@logs.example",
                "u:p@logs.example",
                "logs.example:",
                "logs.example:http",
                "logs.example:+80",
                "h:123456",
                "h: 80",
                "h:80 ",
                " h",
                "h ",
                "h\t",
                "h\n",
                "h%20",
                "%6c%6fcalhost",
                "h/x",
                "h\\x",
                "h?x",
                "h#x",
                "h:1:2",
                "::1",
                "fe80::1",
                "[::1",
                "[::1]x",
                "[::1]:",
                "[::1]:x",
                "[::1]80",
                "[]",
                "[]:1",
                "[:::1]",
                "[::1%eth0]",
                "[fe80::1%25e]",
                "[127.0.0.1]",
                "[localhost]",
                "[1::2::3]",
                "[v1.fe80::a]",
                "\xe2\x91\xa0",
                "\xc4\xb0localhost",
                "loc\xc5\xbflhost",
                "\xff",
                "lo,calhost",
                "h*",
                "127。0。0。1",
                "\xef\xbc\x91.1.1.1",
                "[::1]:123456",
                "]",
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(texts); ++i)
                check(&(struct row){ texts[i], "unreadable" });
}

static void a_nul_is_unreadable(void **state) {
        static const struct str texts[] = { STR("127.0.0.1\0.example"), STR("\0"), STR("h\0"), STR("[::1\0]"),
                                            STR("h:8\0") };
        struct address address;
        struct arena arena;

        (void)state;
        arena_init(&arena, 1 << 16);
        for (size_t i = 0; i < ARRAY_SIZE(texts); ++i) {
                assert_fits(&arena, address_read(&address, &arena, texts[i]));
                assert_str(word_str(address.reach), "unreadable");
                assert_true(str_empty(address.host));
        }
        assert_fits(&arena, address_read(&address, &arena, (struct str){ 0 }));
        assert_str(word_str(address.reach), "loopback");
        arena_deinit(&arena);
}

static void a_name_has_its_length(void **state) {
        char text[1026];
        struct address address;
        struct arena arena;

        (void)state;
        arena_init(&arena, 1 << 16);
        memset(text, 'a', sizeof(text));
        assert_fits(&arena, address_read(&address, &arena, (struct str){ text, 1024 }));
        assert_str(word_str(address.reach), "elsewhere");
        assert_int_equal(address.host.n, 1024);
        assert_fits(&arena, address_read(&address, &arena, (struct str){ text, 1025 }));
        assert_str(word_str(address.reach), "unreadable");
        arena_deinit(&arena);
}

static void no_memory_is_no_address(void **state) {
        struct address address;
        struct arena none;

        (void)state;
        arena_init(&none, 1);
        assert_refused(&none, address_read(&address, &none, STR_C("h")));
        assert_refused(&none, address_read(&address, &none, STR_C("[::1]:1")));
        /* of what is unreadable nothing is kept */
        assert_fits(&none, address_read(&address, &none, STR_C("h:x")));
}

static void the_authority_ends_where_the_path_begins(void **state) {
        static const struct {
                const char *rest, *authority;
        } rows[] = {
                { "h", "h" },      { "h/p", "h" },      { "h?q", "h" }, { "h#f", "h" }, { "h:1/p?q#f", "h:1" },
                { "", "" },        { "/p", "" },        { "?h/", "" },  { "#", "" },    { "u:p@h/x", "u:p@h" },
                { "h?x@y/", "h" }, { "h\\x/", "h\\x" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                assert_str(url_authority(str_from(rows[i].rest)), rows[i].authority);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(names_and_ports_are_parted),
                cmocka_unit_test(this_host_is_told_in_every_spelling),
                cmocka_unit_test(what_is_on_the_link_is_told),
                cmocka_unit_test(numbers_that_are_no_plain_address_are_unreadable),
                cmocka_unit_test(what_is_not_written_plainly_is_unreadable),
                cmocka_unit_test(a_nul_is_unreadable),
                cmocka_unit_test(a_name_has_its_length),
                cmocka_unit_test(no_memory_is_no_address),
                cmocka_unit_test(the_authority_ends_where_the_path_begins),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
