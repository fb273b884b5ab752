#include "log-address.h"
#include "address.h"
#include "docksill/base/text.h"

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
        return str_is_one_of(scheme, row->schemes);
}

static bool is_standard(const struct address *address, const struct option_row *row) {
        return row->port && str_eqz(address->port, row->port) &&
               (str_eqz(address->host, "localhost") || str_eqz(address->host, "127.0.0.1"));
}

static void set_server(struct log_address *out, struct arena *arena, struct str authority,
                       const struct option_row *row) {
        struct address address;
        struct text t;

        address_read(&address, arena, authority);
        out->reach = address.reach;
        if (address.reach == WORD_UNREADABLE)
                return;
        if (is_standard(&address, row))
                out->reach = WORD_STANDARD;
        text_init_arena(&t, arena);
        text_addf(&t, address.bracketed ? "[%" STR_FMT "]" : "%" STR_FMT, STR_ARG(address.host));
        if (address.port.p)
                text_addf(&t, ":%" STR_FMT, STR_ARG(address.port));
        out->host = address.host;
        out->server = text_str(&t);
}

/* What it is called where a path stands that every engine reads alike. */
static void set_socket(struct log_address *out, struct arena *arena, struct str path) {
        struct text t;

        out->reach = WORD_SOCKET;
        for (size_t i = 0; i < path.n; ++i)
                if (strchr("%?#\\", path.p[i]) || (unsigned char)path.p[i] <= ' ')
                        return;
        if (path.n == 0 || path.p[0] != '/' || str_search(path, STR_C("/.")) < path.n ||
            str_search(path, STR_C("//")) < path.n)
                return;
        text_init_arena(&t, arena);
        text_addf(&t, "unix://%" STR_FMT, STR_ARG(path));
        out->server = text_str(&t);
}

static bool is_socket_scheme(struct str scheme) {
        return str_eq_fold(scheme, STR_C("unix")) || str_eq_fold(scheme, STR_C("unixgram"));
}

void log_address_read(struct log_address *out, struct arena *arena, struct str option, struct str value) {
        const struct option_row *row = option_find(option);
        size_t colon = str_find(value, ':'), mark = str_search(value, STR_C("://"));
        struct str scheme = str_first(value, colon);

        *out = (struct log_address){ .reach = WORD_UNREADABLE };
        if (str_eqz(option, "awslogs-credentials-endpoint")) {
                out->reach = WORD_LINK_LOCAL; /* dockerd puts it behind http://169.254.170.2, with nothing between */
                return;
        }
        if (str_empty(value)) {
                out->reach = WORD_NONE; /* as if it were not there */
                return;
        }
        if (is_socket_scheme(scheme)) {
                set_socket(out, arena, mark == colon ? str_skip(value, mark + 3) : (struct str){ 0 });
                return;
        }
        if (!row || memchr(value.p, '\0', value.n))
                return;
        if (mark == value.n && !row->bare)
                return;
        if (mark < value.n && (mark != colon || !has_scheme(row, scheme)))
                return;
        if (mark < value.n)
                value = str_skip(value, mark + 3);
        set_server(out, arena, url_authority(value), row);
}
