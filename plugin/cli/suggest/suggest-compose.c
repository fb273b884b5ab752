#include "suggested.h"

static bool is_plain(struct str s) {
        for (size_t i = 0; i < s.n; ++i) {
                char c = ascii_lower(s.p[i]);

                if (!(c >= 'a' && c <= 'z') && !(i && (ascii_digit(c) || c == '-' || c == '_' || c == '.')))
                        return false;
        }
        return s.n > 0;
}

/* The service's own name, where compose made the container. */
static struct str service_of(const struct suggest_subject *subject) {
        const json_t *config = json_object_get(subject->inspect, "Config"),
                     *label = json_object_get(json_object_get(config, "Labels"), "com.docker.compose.service");

        if (subject->service.n)
                return subject->service;
        if (json_is_string(label))
                return str_from(json_string_value(label));
        return subject->name.n ? subject->name : STR_C("app");
}

/* What keys can't add is said. */
static void add_changes(struct text *out, const struct suggested *s, const char *indent) {
        for (size_t i = 0; i < s->suggestions.n; ++i) {
                const struct suggestion *one = &s->suggestions.items[i];

                if (!one->applied || !one->instead.n)
                        continue;
                text_addf(out, "%s    # ", indent);
                text_add_visible(out, one->instead, 400);
                text_add_char(out, '\n');
        }
}

void suggested_add_compose(struct text *out, const struct suggested *s, struct arena *arena, const char *indent) {
        const struct flags flags = suggested_flags(s);
        struct str service = service_of(s->subject);
        struct text keys, between;

        text_init_arena(&keys, arena);
        text_init_arena(&between, arena);
        text_addf(&between, "\n%s    ", indent);
        if (flags.n == 0 || !flags_add_words(&keys, &flags, FLAG_COMPOSE, between.p ? between.p : "; "))
                return;
        text_addf(out, "%sservices:\n%s  ", indent, indent);
        if (is_plain(service))
                text_add(out, service);
        else
                text_add_yaml(out, service);
        text_addf(out, ":\n%s    ", indent);
        text_add(out, text_str(&keys));
        text_add_char(out, '\n');
        add_changes(out, s, indent);
        out->failed = out->failed || keys.failed || between.failed;
}
