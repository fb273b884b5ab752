#include "docksill/record/exposition.h"

#define VALUE_MOST 200 /* bytes of a label's value */

void exposition_family(struct text *out, const char *name, const char *type, const char *help) {
        text_addf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* What can't be seen is made visible first, so that nothing but backslash and quote is left to escape. */
static void add_value(struct text *out, struct str value) {
        cleanup_(text_deinit) struct text visible;

        text_init(&visible);
        text_add_visible(&visible, value, VALUE_MOST);
        if (visible.failed)
                out->failed = true;
        for (size_t i = 0; i < visible.n; ++i) {
                if (visible.p[i] == '\\' || visible.p[i] == '"')
                        text_add_char(out, '\\');
                text_add_char(out, visible.p[i]);
        }
}

static void add_label(struct text *out, char before, const char *name, struct str value) {
        text_add_char(out, before);
        text_addf(out, "%s=\"", name);
        add_value(out, value);
        text_add_char(out, '"');
}

/* "name{a="b"} "; @bound: of a histogram's bucket; NULL: it is none. */
static void add_name(struct text *out, const char *name, const char *suffix, const struct label *labels,
                     const char *bound) {
        char before = '{';

        text_addz(out, name);
        text_addz(out, suffix);
        for (const struct label *l = labels; l && l->name; ++l) {
                add_label(out, before, l->name, l->value);
                before = ',';
        }
        if (bound) {
                add_label(out, before, "le", str_from(bound));
                before = ',';
        }
        text_addz(out, before == ',' ? "} " : " ");
}

/* @value divided by a power of ten, exactly and without zeros at the end. */
static void add_divided(struct text *out, uint64_t value, uint64_t unit) {
        uint64_t rest = value % unit;

        text_addf(out, "%llu", (unsigned long long)(value / unit));
        if (rest)
                text_add_char(out, '.');
        while (rest) {
                unit /= 10;
                text_add_char(out, (char)('0' + rest / unit));
                rest %= unit;
        }
}

void exposition_number(struct text *out, const char *name, const struct label *labels, uint64_t value) {
        add_name(out, name, "", labels, NULL);
        text_addf(out, "%llu\n", (unsigned long long)value);
}

void exposition_seconds(struct text *out, const char *name, const struct label *labels, int64_t microseconds) {
        add_name(out, name, "", labels, NULL);
        add_divided(out, microseconds > 0 ? (uint64_t)microseconds : 0, 1000000);
        text_add_char(out, '\n');
}

/* Each bucket holds those below it too. The count is that of the last one, whatever is added meanwhile. */
void exposition_histogram(struct text *out, const char *name, const struct label *labels, const struct histogram *h,
                          const struct histogram_scale *scale) {
        uint64_t n = 0, sum = counter_read(&h->sum);

        for (size_t i = 0; i <= scale->n; ++i) {
                char buffer[48];
                struct text bound;

                text_init_fixed(&bound, buffer, sizeof(buffer));
                if (i < scale->n)
                        add_divided(&bound, (uint64_t)scale->bounds[i], (uint64_t)scale->unit);
                else
                        text_addz(&bound, "+Inf");
                n += counter_read(&h->counts[i]);
                add_name(out, name, "_bucket", labels, buffer);
                text_addf(out, "%llu\n", (unsigned long long)n);
        }
        add_name(out, name, "_sum", labels, NULL);
        add_divided(out, sum, (uint64_t)scale->unit);
        text_add_char(out, '\n');
        add_name(out, name, "_count", labels, NULL);
        text_addf(out, "%llu\n", (unsigned long long)n);
}

static void add_single(struct text *out, const char *name, const char *type, const char *help, uint64_t value) {
        exposition_family(out, name, type, help);
        exposition_number(out, name, NULL, value);
}

void exposition_counter(struct text *out, const char *name, const char *help, uint64_t value) {
        add_single(out, name, "counter", help, value);
}

void exposition_gauge(struct text *out, const char *name, const char *help, uint64_t value) {
        add_single(out, name, "gauge", help, value);
}
