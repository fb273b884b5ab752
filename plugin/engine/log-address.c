#include "log-address.h"
#include "docksill/base/cleanup.h"
#include "docksill/base/text.h"
#include <arpa/inet.h>
#include <errno.h>

/* Schemes as dockerd spells them; bare: an address without one is taken too. */
static const struct option_row {
        const char *name;
        const char *schemes[6];
        bool bare;
        const char *port; /* on this host the driver goes there by itself */
} options[] = {
        { "syslog-address", { "udp", "tcp", "tcp+tls" }, false, NULL },
        { "gelf-address", { "udp", "tcp" }, false, NULL },
        { "fluentd-address", { "tcp", "tls" }, true, "24224" },
        { "splunk-url", { "http", "https" }, false, NULL },
        { "awslogs-endpoint", { "http", "https" }, true, NULL },
};

static const struct option_row *option_find(struct str name) {
        for (size_t i = 0; i < ARRAY_SIZE(options); ++i)
                if (str_eqz(name, options[i].name))
                        return &options[i];
        return NULL;
}

static bool has_scheme(const struct option_row *row, struct str scheme) {
        for (size_t i = 0; row->schemes[i]; ++i)
                if (str_eqz(scheme, row->schemes[i]))
                        return true;
        return false;
}

static bool is_number(struct str s, size_t most) {
        for (size_t i = 0; i < s.n; ++i)
                if (!ascii_digit(s.p[i]))
                        return false;
        return s.n > 0 && s.n <= most;
}

/* Letters, digits, dots, dashes, underlines: what a name is made of, in any engine. */
static bool is_name(struct str host) {
        for (size_t i = 0; i < host.n; ++i) {
                char c = ascii_lower(host.p[i]);

                if (!ascii_digit(c) && !(c >= 'a' && c <= 'z') && c != '.' && c != '-' && c != '_')
                        return false;
        }
        return host.n > 0;
}

/* 127.1, 2130706433, 0x7f000001: some resolvers take them for an address. A name's last part has a letter. */
static bool looks_like_number(struct str host) {
        size_t dot = str_find_last(host, '.');
        struct str last = dot < host.n ? str_skip(host, dot + 1) : host;

        return last.n > 0 && (is_number(last, last.n) || (last.n > 1 && last.p[0] == '0' && ascii_lower(last.p[1]) == 'x'));
}

static const char *reach_of_v4(const unsigned char *a) {
        if (a[0] == 127 || a[0] == 0)
                return "loopback";
        return a[0] == 169 && a[1] == 254 ? "link-local" : "elsewhere";
}

/* Amazon's metadata has an address of its own in version six. */
static const char *reach_of_v6(const unsigned char *a) {
        static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff }, zeros[15] = { 0 };
        static const unsigned char metadata[16] = { 0xfd, 0x00, 0x0e, 0xc2, [14] = 0x02, [15] = 0x54 };

        if (memcmp(a, mapped, sizeof(mapped)) == 0 || memcmp(a, zeros, 12) == 0)
                return memcmp(a, zeros, sizeof(zeros)) == 0 ? "loopback" : reach_of_v4(a + 12);
        if ((a[0] == 0xfe && (a[1] & 0xc0) == 0x80) || memcmp(a, metadata, sizeof(metadata)) == 0)
                return "link-local";
        return "elsewhere";
}

static bool is_local_name(struct str host) {
        return str_empty(host) || str_eqz(host, "localhost") || str_ends(host, STR_C(".localhost")) ||
               str_eqz(host, "localhost.localdomain") || str_eqz(host, "ip6-localhost") || str_eqz(host, "ip6-loopback");
}

static bool is_metadata_name(struct str host) {
        return str_eqz(host, "metadata") || str_eqz(host, "metadata.google.internal") || str_eqz(host, "instance-data");
}

/* @host: in lower case, without brackets, ended by a NUL. */
static const char *reach_of(struct str host, bool bracketed) {
        unsigned char a[16];

        if (bracketed)
                return inet_pton(AF_INET6, host.p, a) == 1 ? reach_of_v6(a) : "unreadable";
        if (is_local_name(host))
                return "loopback";
        if (inet_pton(AF_INET, host.p, a) == 1)
                return reach_of_v4(a);
        if (!is_name(host) || looks_like_number(host))
                return "unreadable";
        return is_metadata_name(host) ? "link-local" : "elsewhere";
}

/* A name may end in a dot, and means the same. */
static int lower(struct arena *arena, struct str s, struct str *out) {
        char *p;

        while (s.n > 1 && s.p[s.n - 1] == '.')
                --s.n;
        p = arena_bytes(arena, s.n + 1);
        if (!p)
                return -ENOMEM;
        for (size_t i = 0; i < s.n; ++i)
                p[i] = ascii_lower(s.p[i]);
        p[s.n] = '\0';
        *out = (struct str){ p, s.n };
        return 0;
}

/* "HOST", "HOST:PORT", "[V6]", "[V6]:PORT"; false: none of these. */
static bool split(struct str authority, struct str *host, struct str *port, bool *bracketed) {
        struct str rest = authority;

        *bracketed = str_starts(authority, STR_C("["));
        *port = (struct str){ 0 };
        if (*bracketed) {
                size_t close = str_find(authority, ']');

                if (close == authority.n)
                        return false;
                *host = str_first(str_skip(authority, 1), close - 1);
                rest = str_skip(authority, close + 1);
                if (str_empty(rest))
                        return true;
                if (rest.p[0] != ':')
                        return false;
                *port = str_skip(rest, 1);
                return is_number(*port, 5);
        }
        *host = str_cut(&rest, ':');
        if (!rest.p)
                return true;
        *port = rest;
        return is_number(rest, 5);
}

static bool is_standard(const struct log_address *address, struct str port, const struct option_row *row) {
        return row->port && str_eqz(port, row->port) &&
               (str_eqz(address->host, "localhost") || str_eqz(address->host, "127.0.0.1"));
}

static int set_server(struct log_address *out, struct arena *arena, struct str host, struct str port, bool bracketed,
                      const struct option_row *row) {
        struct log_address address;
        struct text t;

        if (lower(arena, host, &address.host) < 0)
                return -ENOMEM;
        address.reach = reach_of(address.host, bracketed);
        if (strcmp(address.reach, "unreadable") == 0)
                return 0;
        if (is_standard(&address, port, row))
                address.reach = "standard";
        text_init_arena(&t, arena);
        text_addf(&t, bracketed ? "[%" STR_FMT "]" : "%" STR_FMT, STR_ARG(address.host));
        if (port.p)
                text_addf(&t, ":%" STR_FMT, STR_ARG(port));
        address.server = text_str(&t);
        *out = address;
        return t.failed ? -ENOMEM : 0;
}

/* What it is called where a path stands that every engine reads alike. */
static int set_socket(struct log_address *out, struct arena *arena, struct str path) {
        struct text t;

        out->reach = "socket";
        for (size_t i = 0; i < path.n; ++i)
                if (strchr("%?#\\", path.p[i]) || (unsigned char)path.p[i] <= ' ')
                        return 0;
        if (path.n == 0 || path.p[0] != '/' || str_search(path, STR_C("/.")) < path.n ||
            str_search(path, STR_C("//")) < path.n)
                return 0;
        text_init_arena(&t, arena);
        text_addf(&t, "unix://%" STR_FMT, STR_ARG(path));
        out->server = text_str(&t);
        return t.failed ? -ENOMEM : 0;
}

static bool is_socket_scheme(struct str scheme) {
        return str_eq_fold(scheme, STR_C("unix")) || str_eq_fold(scheme, STR_C("unixgram"));
}

/* The end of the host: what follows is a path, which goes to the server. */
static struct str authority_of(struct str rest) {
        size_t n = 0;

        while (n < rest.n && !strchr("/?#", rest.p[n]))
                ++n;
        return str_first(rest, n);
}

int log_address_read(struct log_address *out, struct arena *arena, struct str option, struct str value) {
        const struct option_row *row = option_find(option);
        size_t colon = str_find(value, ':'), mark = str_search(value, STR_C("://"));
        struct str host, port, scheme = str_first(value, colon);
        bool bracketed;

        *out = (struct log_address){ .reach = "unreadable" };
        if (str_eqz(option, "awslogs-credentials-endpoint")) {
                out->reach = "link-local"; /* dockerd puts it behind http://169.254.170.2, with nothing between */
                return 0;
        }
        if (str_empty(value)) {
                out->reach = "none"; /* as if it were not there */
                return 0;
        }
        if (is_socket_scheme(scheme))
                return set_socket(out, arena, mark == colon ? str_skip(value, mark + 3) : (struct str){ 0 });
        if (!row || memchr(value.p, '\0', value.n))
                return 0;
        if (mark == value.n && !row->bare)
                return 0;
        if (mark < value.n && (mark != colon || !has_scheme(row, scheme)))
                return 0;
        if (mark < value.n)
                value = str_skip(value, mark + 3);
        if (!split(authority_of(value), &host, &port, &bracketed))
                return 0;
        return set_server(out, arena, host, port, bracketed, row);
}
