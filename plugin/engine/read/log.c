#include "log.h"
#include "driver.h"
#include "facts/cell.h"
#include "free-text.h"
#include "gather.h"
#include "log-address.h"
#include "log-template.h"

/* What a driver does with an option: moby daemon/logger, 20.10 to 29. */
enum option_kind {
        OPTION_PLAIN,    /* a number, a size, a choice, or words for the server alone */
        OPTION_RECORD,   /* stands in each line, or chooses what does: a control byte would make lines of its own */
        OPTION_TEMPLATE, /* the same, made by a Go template */
        OPTION_ADDRESS,  /* dockerd goes there */
        OPTION_REGION,   /* becomes part of a host's name */
        OPTION_PATH,     /* dockerd reads the file */
        OPTION_SECRET,   /* stands in what is sent, before each line or in its head */
        OPTION_UNKNOWN,
};

struct option_row {
        const char *name;
        enum option_kind kind;
};

struct driver_row {
        const char *name;
        enum word kind;
        const char *server; /* where it goes without an address; NULL: nowhere */
        const struct option_row *options;
};

#define PLAIN(n)                                                                                                       \
        { n, OPTION_PLAIN }
#define COMMON                                                                                                         \
        PLAIN("mode"), PLAIN("max-buffer-size"), PLAIN("cache-disabled"), PLAIN("cache-max-size"),                     \
                PLAIN("cache-max-file"), PLAIN("cache-compress"), { "cache-tag", OPTION_TEMPLATE },                    \
                { "cache-labels", OPTION_RECORD }, { "cache-labels-regex", OPTION_RECORD },                            \
                { "cache-env", OPTION_RECORD }, {                                                                      \
                "cache-env-regex", OPTION_RECORD                                                                       \
        }
#define ATTRIBUTES                                                                                                     \
        { "labels", OPTION_RECORD }, { "labels-regex", OPTION_RECORD }, { "env", OPTION_RECORD }, {                    \
                "env-regex", OPTION_RECORD                                                                             \
        }
#define TAG                                                                                                            \
        { "tag", OPTION_TEMPLATE }
#define END                                                                                                            \
        { NULL, OPTION_UNKNOWN }

static const struct option_row file_options[] = {
        COMMON, PLAIN("max-size"), PLAIN("max-file"), PLAIN("compress"), TAG, ATTRIBUTES, END
};
static const struct option_row syslog_options[] = {
        COMMON,
        { "syslog-address", OPTION_ADDRESS },
        PLAIN("syslog-facility"),
        PLAIN("syslog-format"),
        { "syslog-tls-ca-cert", OPTION_PATH },
        { "syslog-tls-cert", OPTION_PATH },
        { "syslog-tls-key", OPTION_PATH },
        PLAIN("syslog-tls-skip-verify"),
        TAG,
        ATTRIBUTES,
        END,
};
static const struct option_row journald_options[] = { COMMON, TAG, ATTRIBUTES, END };
static const struct option_row gelf_options[] = {
        COMMON,
        { "gelf-address", OPTION_ADDRESS },
        PLAIN("gelf-compression-type"),
        PLAIN("gelf-compression-level"),
        PLAIN("gelf-tcp-max-reconnect"),
        PLAIN("gelf-tcp-reconnect-delay"),
        TAG,
        ATTRIBUTES,
        END,
};
static const struct option_row fluentd_options[] = {
        COMMON,
        { "fluentd-address", OPTION_ADDRESS },
        PLAIN("fluentd-async"),
        PLAIN("fluentd-async-connect"),
        PLAIN("fluentd-async-reconnect-interval"),
        PLAIN("fluentd-buffer-limit"),
        PLAIN("fluentd-max-retries"),
        PLAIN("fluentd-request-ack"),
        PLAIN("fluentd-retry-wait"),
        PLAIN("fluentd-sub-second-precision"),
        PLAIN("fluentd-write-timeout"),
        PLAIN("fluentd-read-timeout"),
        TAG,
        ATTRIBUTES,
        END,
};
static const struct option_row awslogs_options[] = {
        COMMON,
        { "awslogs-region", OPTION_REGION },
        { "awslogs-endpoint", OPTION_ADDRESS },
        { "awslogs-credentials-endpoint", OPTION_ADDRESS },
        PLAIN("awslogs-group"),
        PLAIN("awslogs-stream"),
        PLAIN("awslogs-create-group"),
        PLAIN("awslogs-create-stream"),
        PLAIN("awslogs-datetime-format"),
        PLAIN("awslogs-multiline-pattern"),
        PLAIN("awslogs-force-flush-interval-seconds"),
        PLAIN("awslogs-max-buffered-events"),
        PLAIN("awslogs-format"),
        TAG,
        END,
};
static const struct option_row gcplogs_options[] = {
        COMMON,
        PLAIN("gcp-project"),
        PLAIN("gcp-log-cmd"),
        PLAIN("gcp-meta-zone"),
        PLAIN("gcp-meta-name"),
        PLAIN("gcp-meta-id"),
        ATTRIBUTES,
        END,
};
static const struct option_row splunk_options[] = {
        COMMON,
        { "splunk-url", OPTION_ADDRESS },
        { "splunk-token", OPTION_SECRET },
        PLAIN("splunk-source"),
        PLAIN("splunk-sourcetype"),
        PLAIN("splunk-index"),
        { "splunk-capath", OPTION_PATH },
        PLAIN("splunk-caname"),
        PLAIN("splunk-insecureskipverify"),
        PLAIN("splunk-format"),
        PLAIN("splunk-verify-connection"),
        PLAIN("splunk-gzip"),
        PLAIN("splunk-gzip-level"),
        PLAIN("splunk-index-acknowledgment"),
        TAG,
        ATTRIBUTES,
        END,
};
static const struct option_row logentries_options[] = {
        COMMON, { "logentries-token", OPTION_SECRET }, PLAIN("line-only"), TAG, ATTRIBUTES, END,
};
static const struct option_row no_options[] = { END };

/* etwlogs is of Windows alone; none and etwlogs take any option and read none. */
static const struct driver_row drivers[] = {
        { "json-file", WORD_LOCAL, NULL, file_options },
        { "local", WORD_LOCAL, NULL, file_options },
        { "journald", WORD_LOCAL, NULL, journald_options },
        { "etwlogs", WORD_LOCAL, NULL, no_options },
        { "none", WORD_NONE, NULL, no_options },
        { "syslog", WORD_REMOTE, NULL, syslog_options }, /* this host's, without an address */
        { "gelf", WORD_REMOTE, NULL, gelf_options },     /* dockerd wants an address */
        { "splunk", WORD_REMOTE, NULL, splunk_options }, /* likewise */
        { "fluentd", WORD_REMOTE, "127.0.0.1:24224", fluentd_options },
        { "awslogs", WORD_REMOTE, "awslogs", awslogs_options },
        { "gcplogs", WORD_REMOTE, "gcplogs", gcplogs_options },
        { "logentries", WORD_REMOTE, "logentries", logentries_options },
};

static const struct driver_row *driver_find(struct str name) {
        for (size_t i = 0; i < ARRAY_SIZE(drivers); ++i)
                if (str_eqz(name, drivers[i].name))
                        return &drivers[i];
        return NULL;
}

static enum option_kind kind_in(const struct option_row *options, struct str name) {
        for (; options->name; ++options)
                if (str_eqz(name, options->name))
                        return options->kind;
        return OPTION_UNKNOWN;
}

/* Without a driver the engine's own is meant, which may be any of them: no two have an option of one name that is not
 * the same. A plugin's are its own affair, but that they stand in lines all the same. */
static enum option_kind option_kind(const struct driver_row *driver, struct str name) {
        enum option_kind kind = OPTION_UNKNOWN;

        if (driver)
                return kind_in(driver->options, name);
        for (size_t i = 0; i < ARRAY_SIZE(drivers) && kind == OPTION_UNKNOWN; ++i)
                kind = kind_in(drivers[i].options, name);
        return kind;
}

static bool has_control_byte(struct str text) {
        for (size_t i = 0; i < text.n; ++i)
                if ((unsigned char)text.p[i] < ' ' || text.p[i] == '\x7f')
                        return true;
        return false;
}

static bool is_region(struct str text) {
        for (size_t i = 0; i < text.n; ++i)
                if (!ascii_digit(text.p[i]) && !(text.p[i] >= 'a' && text.p[i] <= 'z') && text.p[i] != '-')
                        return false;
        return true;
}

static struct log_option_fact option_of(struct origin origin, struct str driver) {
        return (struct log_option_fact){ .origin = origin,
                                         .driver = cell_str(driver),
                                         .reach = cell_word(WORD_NONE),
                                         .template = cell_word(WORD_NONE) };
}

static void set_address(struct arena *arena, struct log_option_fact *o, struct str option, struct str value) {
        struct log_address address;

        log_address_read(&address, arena, option, value);
        o->reach = cell_word(address.reach);
        o->host = cell_str(address.host);
        o->server = cell_str(address.server);
}

static enum word kind_word(enum option_kind kind) {
        switch (kind) {
        case OPTION_PLAIN: return WORD_PLAIN;
        case OPTION_RECORD: return WORD_RECORD;
        case OPTION_TEMPLATE: return WORD_TEMPLATE;
        case OPTION_ADDRESS:
        case OPTION_REGION: return WORD_ADDRESS;
        case OPTION_PATH: return WORD_PATH;
        case OPTION_SECRET: return WORD_SECRET;
        case OPTION_UNKNOWN: break;
        }
        return WORD_UNKNOWN;
}

static void read_option(struct reading *in, const struct log_place *place, struct str driver,
                        const struct driver_row *row, const struct go_pair *pair) {
        struct log_option_fact o = option_of((struct origin){ .field = place->options, .key = pair->key }, driver);
        enum option_kind kind = option_kind(row, pair->key);
        struct str value = pair->value.value;

        if (kind == OPTION_REGION && is_region(value))
                kind = OPTION_PLAIN;
        o.name = cell_str(pair->key);
        o.value = cell_str(value);
        o.kind = cell_word(kind_word(kind));
        if (kind == OPTION_TEMPLATE)
                o.template = cell_word(log_template_plain(value) ? WORD_PLAIN : WORD_OTHER);
        if (kind == OPTION_ADDRESS || kind == OPTION_REGION)
                set_address(in->arena, &o, pair->key, value);
        FACT_ADD(in->arena, &in->facts->log_options, o);
        if ((kind == OPTION_TEMPLATE || kind == OPTION_RECORD || kind == OPTION_SECRET) && has_control_byte(value) &&
            !arena_full(in->arena))
                flaws_add(in->flaws, FLAW_LOG_CONTROL_BYTE, pair->key);
}

/* An empty address is as if it were not there. */
static bool says_where(const struct driver_row *row, const struct go_list *options) {
        for (size_t i = 0; i < options->n; ++i) {
                const struct go_pair *pair = pair_item(options, i);

                if (kind_in(row->options, pair->key) == OPTION_ADDRESS && !str_empty(pair->value.value) &&
                    !str_eqz(pair->key, "awslogs-credentials-endpoint"))
                        return true;
        }
        return false;
}

/* Where the driver goes by itself: the option that was not given. */
static void read_standard(struct reading *in, const struct log_place *place, struct str driver,
                          const struct driver_row *row, const struct go_list *options) {
        struct log_option_fact o = option_of((struct origin){ .field = place->driver }, driver);

        if (!row || !row->server || says_where(row, options))
                return;
        o.kind = cell_word(WORD_ADDRESS);
        o.reach = cell_word(WORD_STANDARD);
        o.host = o.server = cell_str(str_from(row->server));
        FACT_ADD(in->arena, &in->facts->log_options, o);
}

static void push_log(struct reading *in, const struct log_place *place, struct str driver, const struct driver_row *row,
                     const struct go_list *options) {
        enum word unlisted = str_empty(driver) ? WORD_ENGINE : WORD_PLUGIN;
        struct log_fact l = {
                .origin = { .field = place->driver },
                .driver = cell_str(driver),
                .kind = cell_word(row ? row->kind : unlisted),
        };

        gather_keys(in->arena, &l.option_names, options);
        FACT_ADD(in->arena, &in->facts->logs, l);
}

void log_read(struct reading *in, const struct log_place *place, struct go_string driver,
              const struct go_list *options) {
        struct str name = driver.value;
        const struct driver_row *row = driver_find(name);

        if (str_empty(name) && options->n == 0)
                return;
        push_log(in, place, name, row, options);
        texts_read_map(in, place->options, options);
        for (size_t i = 0; i < options->n && !arena_full(in->arena); ++i)
                read_option(in, place, name, row, pair_item(options, i));
        read_standard(in, place, name, row, options);
        if (!row)
                driver_read(in, WORD_LOG, place->driver, name);
}
